package web

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// shop is Stoa over an empty database, and what it logs.
type shop struct {
	t   *testing.T
	url string
	log bytes.Buffer
	http.Handler
}

func newShop(t *testing.T, change func(*Options)) *shop {
	s := &shop{t: t, url: dbtest.URL(t, dbtest.SQLite)}
	o := Options{
		DB:            dbtest.Connect(t, sqldb.Options{URL: s.url, MaxConns: 4}),
		Log:           slog.New(LogHandler(slog.NewJSONHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		Introspection: true,
	}
	if change != nil {
		change(&o)
	}
	s.Handler = New(o)
	return s
}

// call is a request and what it has to be answered.
type call struct {
	method, target string
	header         http.Header
	body           io.Reader
}

func (s *shop) do(c call) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(c.method, c.target, c.body)
	for name, values := range c.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// post sends a body as JSON, for an answer of the media type.
func (s *shop) post(media, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(call{"POST", "/graphql", http.Header{"Content-Type": {plainJSON}, "Accept": {media}, "X-Request-Id": {"abc-123"}}, strings.NewReader(body)})
}

func ask(query string) string {
	text, _ := json.Marshal(map[string]string{"query": query}) // a text always can
	return string(text)
}

func (s *shop) check(what string, w *httptest.ResponseRecorder, status int, body string) {
	s.t.Helper()
	if got := w.Body.String(); w.Code != status || got != body+"\n" {
		s.t.Errorf("%s: got %d %s, want %d %s", what, w.Code, got, status, body)
	}
}

// checkCode checks an answer that consists of errors, all of the code.
func (s *shop) checkCode(what string, w *httptest.ResponseRecorder, status int, code string) {
	s.t.Helper()
	var answer map[string]json.RawMessage
	var errors []struct {
		Message    string
		Extensions struct{ Code string }
		Path       json.RawMessage
	}
	if json.Unmarshal(w.Body.Bytes(), &answer) != nil || json.Unmarshal(answer["errors"], &errors) != nil || len(answer) != 1 || len(errors) == 0 {
		s.t.Errorf("%s: got %d %s", what, w.Code, w.Body)
	}
	if w.Code != status {
		s.t.Errorf("%s: got %d %s, want %d", what, w.Code, w.Body, status)
	}
	for _, e := range errors {
		if e.Extensions.Code != code || e.Message == "" {
			s.t.Errorf("%s: got %+v, want the code %s", what, e, code)
		}
	}
	if w.Header().Get("X-Request-Id") == "" {
		s.t.Errorf("%s: no request id", what)
	}
}
