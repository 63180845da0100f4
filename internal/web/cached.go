package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"

	"stoa/graph"
)

// packedTag ends the tag of what has been compressed: other bytes, another tag.
const packedTag = "-gzip"

// keepable tells whether an answer may be kept by anybody: it is one to a GET of
// somebody of whom nothing is known, and nothing is wrong with it.
func keepable(r *http.Request, response *graph.Response) bool {
	return !private(r) && len(response.Errors) == 0
}

// alone tells whether a request asks for something of its own, which no other
// request's run answers.
func (g *graphQL) alone(r *http.Request) bool {
	return r.Header.Get("Authorization") != "" || r.Header.Get(consistency) != "" || g.debugged(r)
}

// unchanged gives an answer that may be kept its ETag, and tells whether the
// client has that answer already, in which case it has been told so.
func unchanged(w http.ResponseWriter, r *http.Request, text ...[]byte) bool {
	h := w.Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache") // it may be kept, but one has to ask whether it still holds
	}
	hash := sha256.New()
	for _, part := range text {
		hash.Write(part)
	}
	tag := fmt.Sprintf("%x", hash.Sum(nil)[:16])
	known := matched(r.Header.Values("If-None-Match"), tag)
	if known == "" {
		h.Set("ETag", `"`+tag+`"`)
		return false
	}
	h.Set("ETag", known)
	w.WriteHeader(http.StatusNotModified)
	return true
}

// matched is the tag, packed or not, that If-None-Match names, "" if it does not.
func matched(headers []string, tag string) string {
	for one := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		switch one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one {
		case `"` + tag + `"`, `"` + tag + packedTag + `"`:
			return one
		case "*":
			return `"` + tag + `"`
		}
	}
	return ""
}
