package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"stoa/internal/fault"
)

// minPacked is how many bytes an answer has at least to be compressed.
const minPacked = 1 << 10

// packed compresses answers for clients that take gzip, but no streams, which say
// so, and no sockets.
func packed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minPacked), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.SuffixETag(packedTag))
	if err != nil { // of an option, all of which are constant
		return next
	}
	wrapped := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isSocket(r) {
			next.ServeHTTP(w, r)
			return
		}
		wrapped.ServeHTTP(w, r)
	})
}

// unpacked is the body of a request, which may come compressed by gzip. It ends
// with an error past the bound, before and after it is unpacked.
func unpacked(w http.ResponseWriter, r *http.Request) (io.Reader, error) {
	body := http.MaxBytesReader(w, r.Body, maxBody)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return body, nil
	case "gzip":
		plain, err := gzip.NewReader(body)
		if err != nil {
			return nil, badRequest("The body is not gzip.")
		}
		return http.MaxBytesReader(w, io.NopCloser(plain), maxBody), nil
	}
	w.Header().Set("Accept-Encoding", "gzip")
	return nil, fault.New(fault.UnsupportedMedia, "The body may be compressed by gzip only.")
}
