package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"stoa/graphiql"
)

// pagePolicy keeps a page to what its own server gives it. Styles are looser because GraphiQL's
// editor writes them into the page.
const pagePolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed page
var smallPage embed.FS

// pages serves the page at / and the files it needs: GraphiQL where this binary was built with it,
// else a small page. Any other path is 404, and every path when not enabled.
func pages(enabled bool) http.Handler {
	if !enabled {
		return http.NotFoundHandler()
	}
	if files, built := graphiql.Files(); built {
		return graphiqlSite(files)
	}
	return smallSite()
}

func graphiqlSite(files fs.FS) site {
	s := site{"/": fileIn(files, "index.html")}
	for _, name := range must(fs.Glob(files, "assets/*")) {
		f := fileIn(files, name)
		f.caching = "public, max-age=31536000, immutable" // the name holds a hash of the content
		s["/"+name] = f
	}
	return s
}

func smallSite() site {
	s := site{
		"/icon.svg":      fileOf("icon.svg", graphiql.Icon),
		"/examples.json": fileOf("examples.json", must(json.Marshal(must(graphiql.Examples())))),
	}
	for _, name := range must(fs.Glob(smallPage, "page/*")) {
		s["/"+path.Base(name)] = fileIn(smallPage, name)
	}
	s["/"] = s["/page.html"]
	delete(s, "/page.html")
	return s
}

// site holds a page and its files by URL path.
type site map[string]*pageFile

// pageFile is a file as it is sent. Few are asked for, so nothing is kept of it before.
type pageFile struct {
	contentType string
	caching     string
	plain       func() []byte
	packing     func() packing // once
}

// packing is what is kept of a file.
type packing struct {
	hash   string
	zipped []byte // nil where that is no shorter
}

var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".ttf":   "font/ttf",
	".woff2": "font/woff2",
}

// fileOf is a file of the content.
func fileOf(name string, content []byte) *pageFile {
	return newPageFile(name, func() []byte { return content })
}

// fileIn is a file among those that are in this binary.
func fileIn(files fs.FS, name string) *pageFile {
	return newPageFile(name, func() []byte { return must(fs.ReadFile(files, name)) })
}

func newPageFile(name string, plain func() []byte) *pageFile {
	contentType, known := contentTypes[path.Ext(name)]
	if !known {
		contentType = "application/octet-stream"
	}
	return &pageFile{
		contentType: contentType,
		caching:     "no-cache",
		plain:       plain,
		packing: sync.OnceValue(func() packing {
			content := plain()
			sum := sha256.Sum256(content)
			return packing{hex.EncodeToString(sum[:8]), zip(content)}
		}),
	}
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, known := s[r.URL.Path]
	if !known {
		http.NotFound(w, r)
		return
	}
	readOnly(f).ServeHTTP(w, r)
}

func (f *pageFile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.caching)
	kept := f.packing()
	content, tag := kept.zipped, kept.hash+packedTag
	if content != nil && acceptsGzip(r.Header) {
		h.Set("Content-Encoding", "gzip")
	} else {
		content, tag = f.plain(), kept.hash
	}
	h.Set("ETag", strconv.Quote(tag))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// acceptsGzip reports whether Accept-Encoding names gzip, or failing that *, and does not refuse it
// by q=0.
func acceptsGzip(h http.Header) bool {
	accepted := false
	for entry := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(entry, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		q, weighted := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		value, err := strconv.ParseFloat(q, 64)
		accepted = !weighted || err == nil && value > 0
		if coding == "gzip" {
			break
		}
	}
	return accepted
}

// zip returns the content compressed by gzip, nil when that makes it no shorter.
func zip(content []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	must(z.Write(content))
	if err := z.Close(); err != nil || out.Len() >= len(content) {
		return nil
	}
	return out.Bytes()
}

// must is for what is embedded in the binary, or written to memory, and so cannot fail.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
