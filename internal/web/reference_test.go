package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/crypto/bcrypt"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/seed"
)

// newReference is Stoa with its resources, their description and its page, over the demo data.
func newReference(t *testing.T, change func(*Options)) http.Handler {
	t.Helper()
	db := dbtest.Open(t, dbtest.SQLite)
	if err := seed.Demo(t.Context(), db, time.Date(2026, 1, 15, 14, 30, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	logins, err := auth.New(db, auth.Options{
		Keys: [][]byte{make([]byte, auth.MinKey)}, TokenTTL: time.Hour, RefreshTTL: time.Hour, Cost: bcrypt.MinCost,
	})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{DB: db, Auth: logins, Introspection: true, GraphiQL: true, REST: true}
	if change != nil {
		change(&o)
	}
	s := New(o)
	t.Cleanup(s.Close)
	if err := s.Store(nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReference: the page lists what is described, sends it, and shows what comes.
func TestReference(t *testing.T) {
	tab := openTab(t, newReference(t, nil), "light")
	tab.excused = "status of 422"
	const send, result, status = `#request > button`, `#result`, `#status`
	tab.do(
		chromedp.Navigate("http://"+tab.host+"/api"),
		tab.click(`#listProducts`),
		tab.waitFor(inText(`#responses`, "ProductPage")),
		tab.retype(`#parameter-first`, "2"),
		tab.retype(`#parameter-sort`, "price:desc"),
		tab.click(send),
		tab.waitFor(inText(result, `rel="next"`)),
		tab.waitFor(inText(status, "200")),
	)
	tab.screenshot("products")
	tab.do(
		tab.retype(`#parameter-first`, "101"),
		tab.click(send),
		tab.waitFor(inText(result, `"TOO_LARGE"`)),
		tab.click(`#signUp`),
		tab.waitFor(`JSON.parse(document.querySelector('#body').value).username === 'ann'`),
		tab.click(send),
		tab.waitFor(inText(status, "201")),
	)
	tab.do(
		tab.retype(`#email`, "ann@example.com"),
		tab.retype(`#password`, "correct horse"),
		chromedp.KeyEvent("\r"),
		tab.waitFor(inText(`#login-said`, "Logged in as ann (USER)")),
		tab.click(`#getViewer`),
		tab.click(send),
		tab.waitFor(inText(result, `"email": "ann@example.com"`)),
		tab.waitFor(`location.hash === '#getViewer'`),
	)
	tab.screenshot("viewer")
}

// TestDescription: it is JSON that a client may keep, there unless questions about the schema are
// refused, as is the page, which also goes with the other one.
func TestDescription(t *testing.T) {
	for _, c := range []struct {
		change          func(*Options)
		described, page int
	}{
		{func(*Options) {}, 200, 200},
		{func(o *Options) { o.GraphiQL = false }, 200, 404},
		{func(o *Options) { o.Introspection = false }, 404, 404},
		{func(o *Options) { o.REST = false }, 404, 404},
	} {
		s := &shop{t: t, Handler: newReference(t, c.change)}
		w := s.do(call{method: "GET", target: "/api/openapi.json"})
		if page := s.do(call{method: "GET", target: "/api"}); w.Code != c.described || page.Code != c.page {
			t.Errorf("the description is %d, the page %d; want %d and %d", w.Code, page.Code, c.described, c.page)
		}
		if c.described != 200 {
			continue
		}
		if !json.Valid(w.Body.Bytes()) || !strings.HasPrefix(w.Body.String(), `{"openapi":"3.1.1"`) {
			t.Errorf("the description is %.100s", w.Body)
		}
		kept := s.do(call{"GET", "/api/openapi.json", http.Header{"If-None-Match": {w.Header().Get("ETag")}}, nil})
		if kept.Code != http.StatusNotModified {
			t.Errorf("the description is sent again: %d", kept.Code)
		}
		if w := s.do(call{method: "PUT", target: "/api/openapi.json"}); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("PUT: %d", w.Code)
		}
	}
}
