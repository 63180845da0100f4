package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/documents"
	"stoa/internal/web"
)

// TestWhichResourcesAreServed: the operator's before those that Stoa ships, and
// none of them where they are not wanted.
func TestWhichResourcesAreServed(t *testing.T) {
	own := document(`query ListProducts @rest(method: GET, path: "/products") { products(first: 0) { totalCount } }`)
	named := documents.Document{ID: "x-1", Name: "GetProduct", Text: `query GetProduct { products { totalCount } }`, Source: "other.graphql"}
	s := newResourced(t, nil, own, named)
	if answer := s.ask(t, s.nobody, "GET", "/products", ""); answer.body != `{"totalCount":1}`+"\n" {
		t.Errorf("one's own: got %d %s", answer.status, answer.body)
	}
	if answer := s.ask(t, s.nobody, "GET", "/products/"+s.product(t), ""); answer.status != 200 {
		t.Errorf("a shipped one of a name that is taken: got %d %s", answer.status, answer.body)
	}
	none := s.resources(t, func(o *web.Options) { o.REST = false }, own)
	w := httptest.NewRecorder()
	none.api.ServeHTTP(w, httptest.NewRequest("GET", "/api/products", nil))
	if w.Code != 404 {
		t.Errorf("without: got %d %s", w.Code, w.Body)
	}
}

// TestResourcesAreStored, so that they are there where nothing else is.
func TestResourcesAreStored(t *testing.T) {
	s := newResourced(t, func(o *web.Options) { o.StoredOnly = true })
	if answer := s.ask(t, s.nobody, "GET", "/products", ""); answer.status != 200 {
		t.Errorf("got %d %s", answer.status, answer.body)
	}
}

// TestDearResourcesAreRefused when they are asked for, and do not keep Stoa from
// starting unless they are the operator's own.
func TestDearResourcesAreRefused(t *testing.T) {
	s := newResourced(t, func(o *web.Options) { o.MaxCost = 12 })
	if answer := s.ask(t, s.nobody, "GET", "/products?first=5", ""); answer.status != 200 {
		t.Errorf("a small page: got %d %s", answer.status, answer.body)
	}
	if answer := s.ask(t, s.nobody, "GET", "/products", ""); answer.status != 400 || answer.Code != "QUERY_TOO_COMPLEX" {
		t.Errorf("a page: got %d %s", answer.status, answer.body)
	}
}

func TestWrongResourcesAreNotServed(t *testing.T) {
	db := dbtest.Open(t, dbtest.SQLite)
	for text, want := range map[string]string{
		`query @rest(method: GET, path: "x") { viewer { id } }`:                  `own.graphql:1:8: @rest: the path "x" does not begin with /`,
		`query @rest(method: GET, path: "/x") { viewers { id } }`:                `own.graphql:1:40: Cannot query field "viewers" on type "Query".`,
		`query ($n: Int) @rest(method: GET, path: "/{n}{?m}") { viewer { id } }`: `own.graphql:1:8: Variable "$n" is never used.`,
	} {
		err := web.New(web.Options{DB: db, REST: true}).Store([]documents.Document{document(text)})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// TestPagesOfOtherSitesMayUseResources as far as they may ask at all.
func TestPagesOfOtherSitesMayUseResources(t *testing.T) {
	s := newResourced(t, func(o *web.Options) { o.Origins = []string{"https://shop.example"} })
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		for origin, want := range map[string]string{"https://shop.example": method, "https://else.example": ""} {
			answer := s.ask(t, s.nobody, "OPTIONS", "/products/x", "", "Origin: "+origin, "Access-Control-Request-Method: "+method)
			if got := answer.header.Get("Access-Control-Allow-Methods"); got != want || answer.status != 204 {
				t.Errorf("%s from %s: got %d, %q", method, origin, answer.status, got)
			}
		}
	}
	answer := s.ask(t, s.nobody, "GET", "/products", "", "Origin: https://shop.example")
	if exposed := answer.header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "Link") || !strings.Contains(exposed, "Location") {
		t.Errorf("exposed are %s", exposed)
	}
}
