package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/documents"
	"stoa/internal/web"
)

// resourced is a shop whose resources are served.
type resourced struct {
	*shop
	api http.Handler
}

// eachResourced runs the test in a shop over each kind of database.
func eachResourced(t *testing.T, change func(*web.Options), test func(t *testing.T, s *resourced)) {
	t.Helper()
	eachShop(t, func(t *testing.T, s *shop) { test(t, s.resources(t, change)) })
}

// newResourced is a shop over SQLite, for what is the same over each database.
func newResourced(t *testing.T, change func(*web.Options), docs ...documents.Document) *resourced {
	t.Helper()
	return newShop(t, dbtest.Open(t, dbtest.SQLite)).resources(t, change, docs...)
}

// resources serves those of the shop, and of the documents.
func (s *shop) resources(t *testing.T, change func(*web.Options), docs ...documents.Document) *resourced {
	t.Helper()
	o := web.Options{DB: s.db, Auth: s.auth, REST: true}
	if change != nil {
		change(&o)
	}
	served, _ := hushed(t, o)
	if err := served.(*hush).next.Store(docs); err != nil {
		t.Fatal(err)
	}
	return &resourced{s, served}
}

// document is an operator's.
func document(text string) documents.Document {
	return documents.Document{ID: "x-" + fmt.Sprint(len(text)), Text: text, Source: "own.graphql"}
}

// resource is what came back.
type resource struct {
	status int
	header http.Header
	body   string
	problem
}

// problem is a refusal as RFC 9457 has it.
type problem struct {
	Type, Title, Detail, Instance, RequestID, Code string
	Status                                         int
	Errors                                         []struct {
		Field, Reason, Message string
		Limit                  json.RawMessage
		Version                int
	}
}

// ask sends a request about a resource; headers are "Name: value".
func (s *resourced) ask(t *testing.T, by *client, method, path, body string, headers ...string) *resource {
	t.Helper()
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, by.request(t, method, "/api"+path, body, headers...))
	answer := &resource{status: w.Code, header: w.Header(), body: w.Body.String()}
	if w.Code >= http.StatusBadRequest {
		answer.checkProblem(t, method+" "+path)
	}
	return answer
}

// checkProblem checks what all problems have in common.
func (r *resource) checkProblem(t *testing.T, what string) {
	t.Helper()
	read(t, r.body, &r.problem)
	path, _, _ := strings.Cut(what[strings.Index(what, " ")+1:], "?")
	if len(path) > 1000 {
		path = r.Instance // which would be too long
	} else {
		path = "/api" + path
	}
	if r.header.Get("Content-Type") != "application/problem+json; charset=utf-8" || r.Type != "about:blank" || r.Status != r.status ||
		r.Title != http.StatusText(r.status) || r.Detail == "" || r.Instance != path || r.RequestID != r.header.Get("X-Request-Id") || r.RequestID == "" {
		t.Errorf("%s: %v %s is no problem as it should be", what, r.header, r.body)
	}
	for _, e := range r.Errors {
		if e.Message == "" {
			t.Errorf("%s: a fault without words: %s", what, r.body)
		}
	}
}

// faults are the code, and then the faults, each as "field REASON limit", or with
// @version, in alphabetical order.
func (r *resource) faults() string {
	var all []string
	for _, e := range r.Errors {
		parts := []string{e.Field, e.Reason, strings.Trim(string(e.Limit), `"`)}
		if e.Version != 0 {
			parts = append(parts, fmt.Sprintf("@%d", e.Version))
		}
		all = append(all, strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
	}
	slices.Sort(all)
	return strings.Join(append([]string{r.Code}, all...), ", ")
}

// has tells whether the body is a JSON object with all the members of another.
func (r *resource) has(t *testing.T, want string) bool {
	t.Helper()
	var is, should map[string]json.RawMessage
	read(t, want, &should)
	if json.Unmarshal([]byte(r.body), &is) != nil {
		return false
	}
	for name, value := range should {
		if string(is[name]) != string(value) {
			return false
		}
	}
	return true
}
