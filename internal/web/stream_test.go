package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/web"
)

// events is a stream of them that a client reads.
type events struct {
	t    *testing.T
	body *bufio.Reader
	stop context.CancelFunc
}

// stream asks for a stream, by POST unless the method says otherwise.
func stream(t *testing.T, at, query string, header http.Header) (*events, *http.Response) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at+"/graphql", strings.NewReader(fmt.Sprintf(`{"query": %s}`, quoted(query))))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}}
	for name, values := range header {
		r.Header[name] = values
	}
	if r.Header.Get("Method") == http.MethodGet {
		r.Method, r.Body, r.ContentLength = http.MethodGet, nil, 0
		r.URL.RawQuery = url.Values{"query": {query}}.Encode()
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return &events{t, bufio.NewReader(response.Body), cancel}, response
}

// opened is a stream of a subscription, which has begun.
func opened(t *testing.T, at, query string, header http.Header) *events {
	t.Helper()
	e, response := stream(t, at, query, header)
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != "text/event-stream; charset=utf-8" || response.Uncompressed {
		t.Fatalf("got %s, %s, compressed: %t", response.Status, got, response.Uncompressed)
	}
	return e
}

// next is the next event, its lines as they are; comments aside.
func (e *events) next() string {
	e.t.Helper()
	var text strings.Builder
	for {
		line, err := e.body.ReadString('\n')
		switch {
		case err == io.EOF:
			return text.String() + "EOF"
		case err != nil:
			e.t.Fatal(err)
		case line == "\n" && text.Len() > 0:
			return text.String()
		case line != "\n" && !strings.HasPrefix(line, ":"):
			text.WriteString(line)
		}
	}
}

func (e *events) expect(want string) {
	e.t.Helper()
	if got := e.next(); got != want {
		e.t.Fatalf("got %q, want %q", got, want)
	}
}

// idOf is the id of an event.
func idOf(event string) string {
	_, rest, _ := strings.Cut(event, "id: ")
	id, _, _ := strings.Cut(rest, "\n")
	return id
}

func TestStreams(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		at := s.served(t, s.handler)
		id := s.product(t)
		query := fmt.Sprintf(`subscription { productChanged(id: %q) { kind product { inventory } } }`, id)
		set := func(n int) {
			s.admin.get(t, fmt.Sprintf(`mutation { setInventory(input: [{productId: %q, inventory: %d}]) { id } }`, id, n), nil)
		}
		text := func(n int) string {
			return fmt.Sprintf(`data: {"data":{"productChanged":{"kind":"UPDATED","product":{"inventory":%d}}}}`+"\n", n)
		}
		e, byGet := opened(t, at, query, nil), opened(t, at, query, http.Header{"Method": {http.MethodGet}})
		set(100)
		first := e.next()
		if first != "event: next\nid: "+idOf(first)+"\n"+text(100) || byGet.next() != first {
			t.Fatalf("got %q", first)
		}
		e.stop()
		set(101)
		set(102)
		again := opened(t, at, query, http.Header{"Last-Event-Id": {idOf(first)}})
		for range 2 { // told late, both are as they are now
			if got := again.next(); !strings.HasSuffix(got, text(102)) {
				t.Fatalf("got %q", got)
			}
		}
		set(103)
		if got := again.next(); !strings.HasSuffix(got, text(103)) {
			t.Fatalf("got %q", got)
		}
	})
}

// TestStreamAnswers are those that are no events of a subscription.
func TestStreamAnswers(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	stopping := make(chan struct{})
	at := s.served(t, s.site(t, func(o *web.Options) {
		o.Stopping, o.MaxSubscriptions = stopping, 1
		o.Auth = s.service(t, auth.Options{TokenTTL: 2 * time.Second})
	}))
	const done, watching = "event: complete\ndata: \n", "subscription { postAdded { id } }"
	for _, c := range []struct{ query, want string }{
		{"{ __typename }", `{"data":{"__typename":"Query"}}`},
		{"{ nosuch }", `{"errors":[{"message":"Cannot query field \"nosuch\" on type \"Query\".","locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`},
		{`subscription { productChanged(after: "x") { id } }`, `{"errors":[{"message":"This is no cursor of an event.","path":["productChanged"],"locations":[{"line":1,"column":16}],"extensions":{"code":"BAD_USER_INPUT","field":"after","reason":"MALFORMED"}}]}`},
		{`subscription { productChanged @skip(if: true) { id } }`, `{"errors":[{"message":"The subscription is left out by its directives.","locations":[{"line":1,"column":1}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`},
	} {
		e := opened(t, at, c.query, nil)
		e.expect("event: next\ndata: " + c.want + "\n")
		e.expect(done)
		e.expect("EOF")
	}
	for _, c := range []struct {
		query  string
		header http.Header
		status int
	}{
		{watching, http.Header{"Accept": {"application/json"}}, http.StatusNotAcceptable},
		{watching, http.Header{"Accept": {"*/*"}}, http.StatusNotAcceptable},
		{watching, http.Header{"Accept": {"*/*"}, "Method": {http.MethodGet}}, http.StatusMethodNotAllowed},
		{"mutation { logOut }", http.Header{"Method": {http.MethodGet}}, http.StatusMethodNotAllowed},
		{watching, http.Header{"Authorization": {"Bearer x"}}, http.StatusUnauthorized},
	} {
		_, response := stream(t, at, c.query, c.header)
		if got := response.Header.Get("Content-Type"); response.StatusCode != c.status || !strings.HasPrefix(got, "application/json") {
			t.Errorf("%s %v: got %s, %s", c.query, c.header, response.Status, got)
		}
	}
	e := opened(t, at, watching, http.Header{"Accept": {"application/json, text/event-stream;q=0.1"}})
	if _, response := stream(t, at, watching, nil); response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: got %s", response.Status)
	}
	e.stop()
	brief := (&client{handler: s.site(t, func(o *web.Options) { o.Auth = s.service(t, auth.Options{TokenTTL: 2 * time.Second}) })}).logIn(t, "bob@example.com", secret)
	e = alone(t, at, watching, http.Header{"Authorization": {"Bearer " + brief.token}})
	if got := e.next(); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("got %q", got)
	}
	e.expect(done)
	e = alone(t, at, watching, nil)
	close(stopping)
	e.expect("EOF")
}

// alone is a stream that has begun once the one before, which has ended, is
// counted no more.
func alone(t *testing.T, at, query string, header http.Header) *events {
	t.Helper()
	for {
		if e, response := stream(t, at, query, header); response.StatusCode != http.StatusServiceUnavailable {
			return e
		}
	}
}
