package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

// hot are the requests whose cost is watched, by the names that bench/ has for them:
// W4 is W2 at another place, and W9 writes.
// Each may allocate so often on SQLite: a third more than measured, for the race
// detector allocates too. gqlgen's executor does three to six times as often.
var hot = []struct {
	name, query string
	allocations float64
}{
	{"W1", `{ product(id: "UHJvZHVjdDo3") { id name description price inventory category { id name } } }`, 305},
	{"W2", `{ products(first: 20, sortBy: {field: PRICE}) { edges { cursor node { id name description price inventory createdAt category { id name } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, 740},
	{"W3", `{ categories(first: 10) { nodes { id name products(first: 5, sortBy: {field: PRICE}) { nodes { id name price } } } } }`, 950},
	{"W5", `{ posts(first: 20, sortBy: {field: CREATED_AT, direction: DESC}) { nodes { id title content likes createdAt author { id username } category { id name } } } }`, 890},
	{"W6", `{ users(first: 10) { nodes { id username posts(first: 5, sortBy: {field: CREATED_AT, direction: DESC}) { nodes { id title likes createdAt category { id name } } } } } }`, 1305},
	{"W7", `{ products(first: 20, filter: {search: "lamp"}) { totalCount nodes { id name price } } }`, 465},
	{"W8", `{ products(first: 20, sortBy: {field: PRICE}, filter: {priceMin: "20", priceMax: "200", category: {search: "a"}}) { totalCount nodes { id name price } } }`, 655},
	{"W10", `{ __schema { types { kind name description fields { name args { name type { name } } type { kind name ofType { kind name } } } } } }`, 125},
}

// BenchmarkRequests is what the requests take, the network aside, by our own
// executor and by gqlgen's.
func BenchmarkRequests(b *testing.B) {
	for _, kind := range dbtest.Kinds() {
		url := dbtest.URL(b, kind)
		db := dbtest.Connect(b, sqldb.Options{URL: url, MaxConns: 8})
		if err := seed.Fill(b.Context(), db, seed.Options{Products: 10_000, Categories: 50, Users: 200, Posts: 20_000, RandomSeed: 1}); err != nil {
			b.Fatal(err)
		}
		for _, plain := range []bool{false, true} {
			handler := New(Options{DB: db, Introspection: true, MaxCost: 5000, MaxDepth: 15, Plain: plain})
			name := map[bool]string{false: "own", true: "gqlgen"}[plain]
			for _, h := range hot {
				b.Run(strings.Join([]string{kind, h.name, name}, "/"), func(b *testing.B) { benchmark(b, handler, ask(h.query)) })
			}
		}
	}
}

func benchmark(b *testing.B, handler http.Handler, body string) {
	b.ReportAllocs()
	for b.Loop() {
		w := posted(handler, body)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors"`) {
			b.Fatal(w.Code, w.Body.String())
		}
	}
}

func posted(handler http.Handler, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, graphQLPath, strings.NewReader(body))
	r.Header.Set("Content-Type", plainJSON)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}
