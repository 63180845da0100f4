package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// sent is a GET with headers, each "Name: value".
func (s *shop) sent(query string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	h := http.Header{"Accept": {graphQLJSON}}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		h.Add(name, value)
	}
	return s.do(call{"GET", "/graphql?" + query, h, nil})
}

func TestAnswersMayBeKept(t *testing.T) {
	s := newStore(t, func(o *Options) { o.DebugHeaders = true })
	s.post(plainJSON, `{"query": "{ a: __typename }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "`+sum("{ a: __typename }")+`"}}}`)
	for name, c := range map[string]struct {
		answer *httptest.ResponseRecorder
		tagged bool
		cache  string
	}{
		"a stored one":              {s.sent("documentId=Kept"), true, "public, max-age=60"},
		"by its hash":               {s.sent("documentId=sha256:" + sum(keptFile)), true, "public, max-age=60"},
		"with variables":            {s.sent(`documentId=Kept&variables={"n":5}`), true, "public, max-age=60"},
		"a private one":             {s.sent("documentId=Own"), true, "private, max-age=5"},
		"one of which nothing says": {s.sent("documentId=Root"), true, "no-cache"},
		"about the viewer":          {s.sent("documentId=Mine"), true, "no-cache"},
		"a learnt one":              {s.sent(persisted(sum("{ a: __typename }"))), true, "no-cache"},
		"a text":                    {s.sent("query={a:__typename}"), true, "no-cache"},
		"with an error":             {s.sent(`documentId=Kept&variables={"n":101}`), false, ""},
		"refused":                   {s.sent(`documentId=Kept&variables={"n":"x"}`), false, ""},
		"unknown":                   {s.sent("documentId=Nosuch"), false, "private, no-cache, must-revalidate"},
		"with a token":              {s.sent("documentId=Kept", "Authorization: Bearer x"), false, "no-store"},
		"by POST":                   {s.post(plainJSON, `{"documentId": "Kept"}`), false, "no-store"},
		"a mutation":                {s.post(plainJSON, `{"documentId": "Delete"}`), false, "no-store"},
		"debugged":                  {s.sent("documentId=Kept", "Stoa-Debug: sql"), true, "no-cache"},
		"as events":                 {s.do(call{"GET", "/graphql?documentId=Kept", http.Header{"Accept": {eventStream}}, nil}), false, "no-store"},
	} {
		tag, cache := c.answer.Header().Get("ETag"), c.answer.Header().Get("Cache-Control")
		if cache != c.cache || (tag != "") != c.tagged || c.tagged && (len(tag) != 34 || tag[0] != '"') {
			t.Errorf("%s: got %s, %q, %q: %s", name, c.answer.Result().Status, tag, cache, c.answer.Body)
		}
	}
}

func TestWhatTheClientHasIsNotSentAgain(t *testing.T) {
	s := newStore(t, nil)
	const small, large = "documentId=Kept", "query={__schema{types{name,description}}}"
	plain, big := s.sent(small).Header().Get("ETag"), s.sent(large).Header().Get("ETag")
	packed := s.sent(large, "Accept-Encoding: gzip").Header().Get("ETag")
	if packed != strings.TrimSuffix(big, `"`)+`-gzip"` {
		t.Errorf("the tags are %s and %s", big, packed)
	}
	for _, c := range []struct {
		query, known, want string // the tag, "" where the answer is sent
	}{
		{small, plain, plain}, {small, "W/" + plain, plain}, {small, `"x", W/"y" ,` + plain, plain}, {small, `"a,b",` + plain, plain}, {small, "*", plain},
		{small, `"x"`, ""}, {small, big, ""}, {small, strings.Trim(plain, `"`), ""}, {small, `"` + plain + `"`, ""}, {small, "w/" + plain, ""},
		{large, packed, packed}, {large, "W/" + packed, packed}, {large, big, big},
	} {
		for _, encoding := range []string{"gzip", "identity"} {
			w := s.sent(c.query, "If-None-Match: "+c.known, "Accept-Encoding: "+encoding)
			if c.want == "" {
				if w.Code != 200 || w.Body.Len() == 0 {
					t.Errorf("%s: got %d", c.known, w.Code)
				}
				continue
			}
			h := w.Header()
			if w.Code != 304 || w.Body.Len() != 0 || h.Get("ETag") != c.want || h.Get("Content-Length") != "" || h.Get("X-Request-Id") == "" {
				t.Errorf("%s: got %d, %v, %s", c.known, w.Code, h, w.Body)
			}
			if vary := strings.Join(h.Values("Vary"), ","); !strings.Contains(vary, "Accept") || !strings.Contains(vary, "Accept-Encoding") || h.Get("Cache-Control") == "" {
				t.Errorf("%s: a cache is told %v", c.known, h)
			}
		}
	}
	if w := s.sent(`documentId=Kept&variables={"n":101}`, "If-None-Match: *"); w.Code != 200 {
		t.Errorf("an error: got %d", w.Code)
	}
	if w := s.sent("documentId=Kept&operationName="+url.QueryEscape("Nosuch"), "If-None-Match: *"); w.Code != 400 {
		t.Errorf("a refusal: got %d", w.Code)
	}
}
