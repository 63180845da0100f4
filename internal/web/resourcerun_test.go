package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"stoa/graph"
	"stoa/internal/dbtest"
	"stoa/internal/limit"
	"stoa/internal/observe"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// TestAResourceCostsWhatItsOperationCosts, from the same budget.
func TestAResourceCostsWhatItsOperationCosts(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	clock := func() time.Time { return now }
	s := newResourced(t, func(o *web.Options) {
		o.Budget, o.Tries = limit.NewBuckets(60, clock), limit.NewLogins(limit.NewBuckets(2, clock))
	})
	told := func(answer *resource) string {
		return fmt.Sprint(answer.status, answer.Code, " ", (&reply{header: answer.header}).told())
	}
	for _, want := range []string{"200 60 39 21", "200 60 18 42", "429RATE_LIMITED 60 18 42 3"} {
		if got := told(s.ask(t, s.nobody, "GET", "/products", "")); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := told(s.ask(t, s.nobody, "GET", "/products?first=x", "")); got != "422BAD_USER_INPUT " {
		t.Errorf("what is not run: got %s", got)
	}
	now = now.Add(time.Hour)
	for range 3 {
		s.ask(t, s.nobody, "POST", "/session", `{"email":"ann@example.com","password":"wrong horse"}`)
	}
	if got := told(s.ask(t, s.nobody, "POST", "/session", `{"email":"ann@example.com","password":"wrong horse"}`)); !strings.HasPrefix(got, "429RATE_LIMITED") || strings.HasSuffix(got, " ") {
		t.Errorf("log-ins: got %s", got)
	}
}

// TestAResourceSendsItsStatements, as many as are planned, for however many rows.
func TestAResourceSendsItsStatements(t *testing.T) {
	eachResourced(t, func(o *web.Options) { o.DebugHeaders = true }, func(t *testing.T, s *resourced) {
		for range 12 {
			s.product(t)
		}
		product := s.product(t)
		for path, want := range map[string]int{
			"/products?first=1": 2, "/products?first=12": 2, "/products?first=12&total=true&stats=true": 4,
			"/categories/" + s.shelf + "/products?first=12": 3, "/products/" + product: 2,
		} {
			answer := s.ask(t, s.admin, "GET", path, "", "Stoa-Debug: sql")
			var told graph.Statements
			read(t, answer.header.Get("Stoa-Debug"), &told)
			if told.Planned != want+1 || told.Sent != want+1 {
				t.Errorf("%s: %+v, want %d and the viewer's", path, told, want)
			}
		}
	})
}

// TestAResourceThatFailsLeavesNothing: what comes after the writing belongs to
// the transaction too.
func TestAResourceThatFailsLeavesNothing(t *testing.T) {
	own := document(`mutation Post($input: CreatePostInput!, $size: Int) @rest(method: POST, path: "/tried{?size}", value: "author") {
		createPost(input: $input) { author { posts(first: $size) { totalCount } } } }`)
	eachShop(t, func(t *testing.T, shop *shop) {
		s := shop.resources(t, nil, own)
		const post = `{"title":"T","content":"C"}`
		for range 2 {
			if answer := s.ask(t, s.ann, "POST", "/tried?size=101", post); answer.status != 422 || answer.faults() != "BAD_USER_INPUT, size TOO_LARGE 100" {
				t.Errorf("got %d %s", answer.status, answer.body)
			}
		}
		if answer := s.ask(t, s.ann, "POST", "/tried?size=100", post); answer.status != 200 || answer.body != `{"posts":{"totalCount":1}}`+"\n" {
			t.Errorf("got %d %s", answer.status, answer.body)
		}
	})
}

// TestOneErrorRefusesAResource, though the rest was found.
func TestOneErrorRefusesAResource(t *testing.T) {
	own := document(`query One($id: ID!, $post: ID!) @rest(method: GET, path: "/one/{id}") { user(id: $id) {
		username posts(first: 101) { totalCount } likedPosts(filter: {ids: [$post]}) { totalCount } } }`)
	s := newResourced(t, nil, own)
	answer := s.ask(t, s.nobody, "GET", "/one/"+s.ann.id+"?post=x", "")
	if answer.status != 422 || answer.faults() != "BAD_USER_INPUT, TOO_LARGE 100, post MALFORMED" { // the first of which is the document's own
		t.Errorf("got %d %s", answer.status, answer.body)
	}
}

// TestResourcesAreSeen by the log and the metrics, under the names of their operations.
func TestResourcesAreSeen(t *testing.T) {
	metrics := observe.NewMetrics("")
	s := newResourced(t, func(o *web.Options) { o.Metrics = metrics })
	s.ask(t, s.nobody, "GET", "/products?first=1", "")
	s.ask(t, s.nobody, "GET", "/products/x", "")
	s.ask(t, s.nobody, "GET", "/nothing", "")
	w := httptest.NewRecorder()
	metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{`operation="ListProducts"`, `code="BAD_USER_INPUT"} 1`, `code="NOT_FOUND"} 1`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the metrics lack %s: %s", want, w.Body)
		}
	}
}

// TestWhoMayKeepAResource: anybody may keep what was told to nobody in particular, and asks
// whether it still holds; nobody keeps anything else.
func TestWhoMayKeepAResource(t *testing.T) {
	s := newResourced(t, nil)
	first := s.ask(t, s.nobody, "GET", "/products", "")
	tag := first.header.Get("ETag")
	if first.status != 200 || tag == "" || first.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("got %d %v", first.status, first.header)
	}
	for _, method := range []string{"GET", "HEAD"} {
		if again := s.ask(t, s.nobody, method, "/products", "", "If-None-Match: "+tag); again.status != 304 || again.body != "" || again.header.Get("ETag") != tag {
			t.Errorf("%s again: got %d %v %s", method, again.status, again.header, again.body)
		}
	}
	s.product(t)
	if changed := s.ask(t, s.nobody, "GET", "/products", "", "If-None-Match: "+tag); changed.status != 200 || changed.header.Get("ETag") == tag {
		t.Errorf("changed: got %d %v", changed.status, changed.header)
	}
	if kept := s.ask(t, s.nobody, "GET", "/posts/activity?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "").header.Get("Cache-Control"); kept != "public, max-age=60" {
		t.Errorf("with @cacheControl: got %q", kept)
	}
	for _, by := range []*client{s.ann, s.nobody} {
		for _, call := range []string{"GET /me", "GET /nothing", "GET /products?x=1", "POST /session"} {
			method, path, _ := strings.Cut(call, " ")
			if answer := s.ask(t, by, method, path, ""); answer.header.Get("Cache-Control") != "no-store" || answer.header.Get("ETag") != "" {
				t.Errorf("%s: got %d %v", call, answer.status, answer.header)
			}
		}
	}
}

// TestResourcesWhenStoaFails: nothing of what failed is told.
func TestResourcesWhenStoaFails(t *testing.T) {
	late := newResourced(t, func(o *web.Options) { o.RequestTimeout = time.Nanosecond })
	if answer := late.ask(t, late.nobody, "GET", "/products", ""); answer.status != 503 || answer.Code != "TIMEOUT" || answer.header.Get("Retry-After") == "" {
		t.Errorf("late: got %d %s", answer.status, answer.body)
	}
	url := dbtest.URL(t, dbtest.SQLite)
	db := dbtest.Connect(t, sqldb.Options{URL: url})
	broken := newShop(t, db).resources(t, nil)
	drop(t, url, "products")
	answer := broken.ask(t, broken.nobody, "GET", "/products", "", "X-Request-Id: abc")
	if answer.status != 500 || answer.Detail != "Something went wrong on our side; request abc." || answer.faults() != "INTERNAL" {
		t.Errorf("broken: got %d %s", answer.status, answer.body)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if answer := broken.ask(t, broken.nobody, "GET", "/nothing", ""); answer.status != 404 {
		t.Errorf("closed: got %d %s", answer.status, answer.body)
	}
}

// TestAResourceIsMadeOnce by requests with one key, and not at all by a dry run.
func TestAResourceIsMadeOnce(t *testing.T) {
	eachResourced(t, nil, func(t *testing.T, s *resourced) {
		const post = `{"title":"T","content":"C"}`
		first := s.ask(t, s.ann, "POST", "/posts", post, "Idempotency-Key: k")
		again := s.ask(t, s.ann, "POST", "/posts", post, "Idempotency-Key: k")
		if first.status != 201 || again.status != 201 || again.body != first.body || again.header.Get("Location") != first.header.Get("Location") || again.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("got %d %s, then %d %s", first.status, first.body, again.status, again.body)
		}
		if other := s.ask(t, s.ann, "POST", "/posts", `{"title":"U","content":"C"}`, "Idempotency-Key: k"); other.status != 409 || other.Code != "CONFLICT" {
			t.Errorf("another body: got %d %s", other.status, other.body)
		}
		if dry := s.ask(t, s.ann, "POST", "/posts", post, "Stoa-Dry-Run: true"); dry.status != 201 || dry.header.Get("Stoa-Dry-Run") != "true" {
			t.Errorf("dry: got %d %s", dry.status, dry.body)
		}
		if all := s.ask(t, s.nobody, "GET", "/posts?first=0&total=true", ""); !all.has(t, `{"totalCount":1}`) {
			t.Errorf("got %s", all.body)
		}
	})
}
