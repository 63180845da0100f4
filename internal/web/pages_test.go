package web

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"stoa/graphiql"
	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// built is what a build of GraphiQL leaves.
var built = fstest.MapFS{
	"index.html":            {Data: []byte("<!doctype html><title>GraphiQL</title>" + strings.Repeat("<p>", 1000))},
	"assets/index-AbC12.js": {Data: []byte(strings.Repeat("run();", 1000))},
	"assets/tiny-AbC12.css": {Data: []byte("p{}")},
	"assets/font-AbC12.ttf": {Data: []byte("\x00\x01")},
}

// sites are the pages that a binary may have, as they are served.
var sites = map[string]site{"GraphiQL": graphiqlSite(built), "the small page": smallSite(), "the reference": referenceSite()}

// getter sends a request without a body.
type getter func(method, path string, header http.Header) *http.Response

// eachSite runs the test on each of the pages.
func eachSite(t *testing.T, test func(t *testing.T, s site, get getter)) {
	for name, s := range sites {
		t.Run(name, func(t *testing.T) {
			handler := secured(packed(s))
			test(t, s, func(method, path string, header http.Header) *http.Response {
				r := httptest.NewRequest(method, path, nil)
				r.Header = header
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				return w.Result()
			})
		})
	}
}

// TestPagePolicy: a page runs, loads and asks nothing but what its own server
// gives it, and no other site frames it.
func TestPagePolicy(t *testing.T) {
	eachSite(t, func(t *testing.T, s site, get getter) {
		for name, f := range s {
			r := get("GET", name, http.Header{})
			policy := map[string]string{}
			for directive := range strings.SplitSeq(r.Header.Get("Content-Security-Policy"), ";") {
				what, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
				policy[what] = sources
				if strings.Contains(sources, "*") || strings.Contains(sources, "http") || strings.Contains(sources, "unsafe-eval") {
					t.Errorf("%s: %s", name, directive)
				}
			}
			for what, want := range map[string]string{
				"default-src": "'none'", "script-src": "'self'", "connect-src": "'self'", "base-uri": "'none'",
				"form-action": "'none'", "frame-ancestors": "'none'",
			} {
				if policy[what] != want {
					t.Errorf("%s: %s is %q", name, what, policy[what])
				}
			}
			checkSecured(t, name, r.Header)
			if got := r.Header.Get("Content-Type"); r.StatusCode != 200 || got != f.contentType {
				t.Errorf("%s: %s, %q", name, r.Status, got)
			}
		}
	})
}

// checkSecured checks what every answer tells browsers.
func checkSecured(t *testing.T, what string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := h.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q, want %s", what, name, got, want)
		}
	}
	if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("%s: the policy is %q", what, policy)
	}
}

func TestEveryAnswerIsSecured(t *testing.T) {
	s := newShop(t, func(o *Options) { o.GraphiQL = true })
	for _, target := range []string{"GET /", "GET /nothing", "DELETE /", "GET /healthz", "GET /readyz", "PUT /graphql", "POST /graphql", "GET /graphql?query={__typename}"} {
		method, target, _ := strings.Cut(target, " ")
		w := s.do(call{method: method, target: target})
		checkSecured(t, method+" "+target, w.Header())
		if policy := w.Header().Get("Content-Security-Policy"); (policy == pagePolicy) != (target == "/" && method == "GET") {
			t.Errorf("%s %s: the policy is %q", method, target, policy)
		}
	}
}

// TestPageCaching: what has a hash in its name is kept, the rest asked for again
// each time, at no cost where it is as it was.
func TestPageCaching(t *testing.T) {
	eachSite(t, func(t *testing.T, s site, get getter) {
		for name := range s {
			want := "no-cache"
			if strings.HasPrefix(name, "/assets/") {
				want = "public, max-age=31536000, immutable"
			}
			tags := map[string]bool{}
			for _, coding := range []string{"gzip", "identity"} {
				header := http.Header{"Accept-Encoding": {coding}}
				first := get("GET", name, header)
				tag := first.Header.Get("Etag")
				tags[tag] = true
				if got := first.Header.Get("Cache-Control"); got != want || tag == "" {
					t.Errorf("%s: %q, tag %q", name, got, tag)
				}
				header.Set("If-None-Match", tag)
				again := get("GET", name, header)
				if text := content(t, again); again.StatusCode != http.StatusNotModified || text != "" {
					t.Errorf("%s: asked again for %s, %s", name, tag, again.Status)
				}
			}
			if zipped := s[name].packing().zipped != nil; (len(tags) == 2) != zipped {
				t.Errorf("%s: compressed %t, tags %v", name, zipped, tags)
			}
		}
	})
}

// TestPageCompression: by gzip where that is shorter and the client takes it,
// with Vary in any case.
func TestPageCompression(t *testing.T) {
	eachSite(t, func(t *testing.T, s site, get getter) {
		for name, f := range s {
			for accepted, zips := range map[string]bool{
				"gzip": true, "br, GZIP;q=0.5": true, "*": true, "": false, "br": false, "gzip;q=0": false, "*, gzip;q=0": false,
			} {
				r := get("GET", name, http.Header{"Accept-Encoding": {accepted}})
				zipped := r.Header.Get("Content-Encoding") == "gzip"
				if zipped != (zips && f.packing().zipped != nil) || strings.Join(r.Header.Values("Vary"), ",") != "Accept-Encoding" {
					t.Errorf("%s for %q: %v", name, accepted, r.Header)
				}
				if text := content(t, r); text != string(f.plain()) {
					t.Errorf("%s for %q: %d bytes, want %d", name, accepted, len(text), len(f.plain()))
				}
			}
		}
		if page := cmp.Or(s["/"], s[apiPath]); page.packing().zipped == nil {
			t.Error("the page is not compressed")
		}
	})
}

// content is the body of the response, unpacked.
func content(t *testing.T, r *http.Response) string {
	t.Helper()
	in := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" && r.StatusCode == http.StatusOK {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		in = unzipped
	}
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPageMethods(t *testing.T) {
	eachSite(t, func(t *testing.T, s site, get getter) {
		for name := range s {
			if r := get("HEAD", name, http.Header{}); r.StatusCode != http.StatusOK || content(t, r) != "" || r.Header.Get("Content-Type") == "" {
				t.Errorf("HEAD %s: %s", name, r.Status)
			}
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
				r := get(method, name, http.Header{})
				if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
					t.Errorf("%s %s: %s, Allow %q", method, name, r.Status, r.Header.Get("Allow"))
				}
			}
		}
	})
}

func TestNoOtherPage(t *testing.T) {
	eachSite(t, func(t *testing.T, s site, get getter) {
		for _, name := range []string{"/nothing", "/index.html", "/page.html", "/assets", "/assets/", "/assets/nothing.js", "/placeholder.txt", "/page/page.js", "//", "/pages.go", "/assets/../pages.go"} {
			if r := get("GET", name, http.Header{}); r.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %s", name, r.Status)
			}
		}
	})
}

// TestPageIsWhatWasBuilt: GraphiQL where there is one, else the small page, and
// neither where none is wanted.
func TestPageIsWhatWasBuilt(t *testing.T) {
	for _, wanted := range []bool{true, false} {
		s := newShop(t, func(o *Options) { o.GraphiQL = wanted })
		w := s.do(call{method: "GET", target: "/"})
		_, full := graphiql.Files()
		small := strings.Contains(w.Body.String(), "make graphiql")
		if got := w.Code == http.StatusOK; got != wanted || small != (wanted && !full) {
			t.Errorf("wanted %t, GraphiQL built %t: %d, the small page %t", wanted, full, w.Code, small)
		}
		for _, name := range []string{"/page.js", "/examples.json", "/icon.svg"} {
			if w := s.do(call{method: "GET", target: name}); !wanted && w.Code != http.StatusNotFound {
				t.Errorf("%s without a page: %d", name, w.Code)
			}
		}
	}
}

// TestExamples: each runs without an error on the demo data, for somebody who is
// logged in; the queries for anybody.
func TestExamples(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		handler := demo(t, db, http.NotFoundHandler())
		send := func(token, query string) (data json.RawMessage) {
			r := httptest.NewRequest("POST", "/graphql", strings.NewReader(ask(query)))
			r.Header.Set("Content-Type", plainJSON)
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			var answer struct{ Data, Errors json.RawMessage }
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK || answer.Errors != nil {
				t.Errorf("%s\n%d %s %v", query, w.Code, w.Body, err)
			}
			return answer.Data
		}
		var signedUp struct{ SignUp struct{ Token string } }
		text := send("", `mutation { signUp(input: {username: "ann", email: "ann@example.com", password: "correct horse"}) { token } }`)
		if err := json.Unmarshal(text, &signedUp); err != nil {
			t.Fatal(err)
		}
		for _, example := range must(graphiql.Examples()) {
			send(signedUp.SignUp.Token, example.Query)
			if !strings.Contains(example.Query, "\nmutation ") {
				send("", example.Query)
			}
			if example.Title == "" || !strings.HasPrefix(example.Query, "# "+example.Title+"\n") {
				t.Errorf("%q is no title of\n%s", example.Title, example.Query)
			}
		}
	})
}
