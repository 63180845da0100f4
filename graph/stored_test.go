package graph

import (
	"strings"
	"testing"
	"testing/fstest"

	"stoa/internal/documents"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// storing is an API, and what it says of the files.
func storing(t testing.TB, o Options, files map[string]string) (*API, error) {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	docs, err := documents.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	o.DB = new(sqldb.DB)
	a := New(o)
	return a, a.Store(docs)
}

const shopFile = `query Shop @rest(method: GET, path: "/shop") @cacheControl(maxAge: 60) { ...Names }`

func TestStoredDocumentsAreFoundByTheirIDs(t *testing.T) {
	a, err := storing(t, Options{}, map[string]string{
		"shop.graphql":  shopFile,
		"names.graphql": "fragment Names on Query { categories { nodes { name } } }",
		"m.json":        `{"0a": "query Shared { __typename }"}`,
		"n.json":        `{"0b": "query Shared { a: __typename }", "0c": "query Alone { __typename }"}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range a.Stored() {
		hash := documents.Hash(s.Text)
		ids := map[string]bool{"sha256:" + hash: true, s.ID: true, s.Name: s.Name != "Shared", "sha256:": false, s.Name + "x": false}
		for id, found := range ids {
			o, refused := a.Prepare(Request{DocumentID: id})
			if !found {
				checkRefused(t, id, refused, fault.DocumentNotFound)
			} else if refused != nil || o.Name() != s.Name || o.document != s.document || o.Hash() != hash {
				t.Errorf("%s of %s: got %v, %v", id, s.Name, o, refused)
			}
		}
	}
	if n := len(a.Stored()); n != 4 {
		t.Errorf("got %d operations", n)
	}
}

func TestDirectivesOfOursAreForStoredDocumentsAlone(t *testing.T) {
	const query = `query Shop @rest(method: GET, path: "/shop") @cacheControl(maxAge: 60) { categories { nodes { name } } }`
	a, err := storing(t, Options{}, map[string]string{"shop.graphql": query})
	if err != nil {
		t.Fatal(err)
	}
	shop := a.Stored()[0]
	if len(shop.Directives) != 2 || shop.Directives.ForName("rest").Arguments.ForName("path").Value.Raw != "/shop" || len(shop.Operation.Directives) != 0 {
		t.Errorf("got %v, and at the operation %v", shop.Directives, shop.Operation.Directives)
	}
	_, refused := a.Prepare(Request{Query: query})
	checkRefused(t, "the text", refused, fault.ValidationFailed)
	for _, name := range ours {
		if strings.Contains(SDL(), "@"+name) {
			t.Errorf("the schema tells of @%s", name)
		}
	}
}

func TestWrongDocumentsAreNotStored(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"shop.graphql:1:3: Cannot query field \"shop\"":                                                       {"shop.graphql": "{ shop }"},
		"names.graphql:2:2: Cannot query field \"names\"":                                                     {"names.graphql": "fragment Names on Query {\n names\n}", "shop.graphql": "query Shop {\n\n ...Names }"},
		"shop.graphql:1:8: Unknown directive \"@other\"":                                                      {"shop.graphql": "query @other { __typename }"},
		`m.json, id "a":1:3: Cannot query field "shop"`:                                                       {"m.json": `{"a": "{ shop }"}`},
		"shop.graphql:1:1: The operation costs 5111 points":                                                   {"shop.graphql": "{ a: categories(first: 100) { nodes { products(first: 49) { nodes { name } } } } b: categories(first: 9) { nodes { name } } }"},
		"dear.graphql:1:1: The operation costs 10201 points":                                                  {"dear.graphql": "query ($n: Int = 100) { categories(first: 100) { nodes { products(first: $n) { nodes { name } } } } }"},
		"deep.graphql:1:1: The operation is 18 fields deep":                                                   {"deep.graphql": deep},
		"a.graphql:1:3: Cannot query field \"a\" on type \"Query\".\nb.graphql:1:3: Cannot query field \"b\"": {"a.graphql": "{ a }", "b.graphql": "{ b }"},
	} {
		a, err := storing(t, Options{MaxCost: 5000, MaxDepth: 15}, files)
		if err == nil || !strings.HasPrefix(err.Error(), want) || len(a.Stored()) > 0 {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

var deep = "{ categories(first: 1) { nodes { " + strings.Repeat("products(first: 1) { nodes { category { ", 5) + "name" + strings.Repeat(" } } }", 5) + " } } }"

// What depends on variables is priced when they are known.
func TestVariablesPriceAStoredDocument(t *testing.T) {
	a, err := storing(t, Options{MaxCost: 5000}, map[string]string{
		"list.graphql": "query List($n: Int!) { categories(first: 100) { nodes { products(first: $n) { nodes { name } } } } }",
	})
	if err != nil {
		t.Fatal(err)
	}
	for n, cost := range map[string]int{"1": 301, "48": 5001} {
		o, refused := a.Prepare(Request{DocumentID: "List", Variables: object(t, `{"n": `+n+`}`)})
		if cost > 5000 {
			checkRefused(t, n, refused, fault.QueryTooComplex)
		} else if refused != nil || o.Cost != cost {
			t.Errorf("%s: got %v, %v", n, o, refused)
		}
	}
}
