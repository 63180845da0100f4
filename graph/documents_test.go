package graph

import (
	"fmt"
	"strings"
	"testing"

	"stoa/internal/sqldb"
)

func TestAnswersAboutTheSchemaAreKept(t *testing.T) {
	a := New(Options{DB: new(sqldb.DB), Introspection: true})
	for query, want := range map[string]bool{
		`{ __schema { types { name } } t: __typename }`:                               true,
		`query Q { ...F } fragment F on Query { __type(name: "Product") { name } }`:   true,
		`query ($with: Boolean!) { __schema { types { name @include(if: $with) } } }`: false,
		`{ __typename rateLimit { limit } }`:                                          false,
		`query A { __typename } query B { __schema { queryType { name } } }`:          true,
	} {
		request := Request{Query: query, Variables: map[string]any{"with": true}}
		if strings.Contains(query, "query B") {
			request.OperationName = "B"
		}
		var bodies []string
		for range 2 {
			o, refused := a.Prepare(request)
			if refused != nil {
				t.Fatal(query, refused)
			}
			bodies = append(bodies, string(a.Do(t.Context(), o).Data))
			if got := o.facts.answer.Load() != nil; got != want {
				t.Errorf("%s: kept is %t", query, got)
			}
		}
		if bodies[0] != bodies[1] || bodies[0] == "" {
			t.Errorf("%s: got %s, then %s", query, bodies[0], bodies[1])
		}
	}
}

func TestKeptAnswersCountAmongTheBytes(t *testing.T) {
	d := newKept()
	answer := []byte(strings.Repeat("x", maxDocumentBytes/4))
	for i := range 20 {
		doc := d.add(&document{text: fmt.Sprint(i)})
		operation := new(facts)
		d.keep(doc, operation, answer)
		d.keep(doc, operation, answer) // once is enough
		if d.bytes > maxDocumentBytes {
			t.Fatalf("%d bytes after %d answers", d.bytes, i+1)
		}
	}
	if n := d.byText.Len(); n != 3 {
		t.Errorf("%d answers of a quarter fit", n)
	}
	d.byText.Purge()
	if d.bytes != 0 {
		t.Errorf("%d bytes of nothing", d.bytes)
	}
}

func TestCostsAreKeptWhereNoVariableMatters(t *testing.T) {
	for query, want := range map[string]bool{
		`query ($id: ID!) { product(id: $id) { name } }`:                                                              true,
		`query ($after: String) { products(first: 5, after: $after) { nodes { name } } }`:                             true,
		`query ($id: ID!) { nodes(ids: [$id]) { id } }`:                                                               true,
		`query ($f: ProductFilter) { products(filter: $f) { nodes { ...P ...P } } } ` + onProduct:                     true,
		`query ($n: Int) { products(first: $n) { nodes { name } } }`:                                                  false,
		`query ($n: Int) { products { nodes { ...P category { products(last: $n) { totalCount } } } } } ` + onProduct: false,
		`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`:                                                            false,
		`query ($is: Boolean!) { products { nodes { ... @include(if: $is) { name } } } }`:                             false,
		`query ($is: Boolean!) { products { nodes { name @skip(if: $is) } } }`:                                        false,
		`query ($is: Boolean!) { products { nodes { ...P @skip(if: $is) } } } ` + onProduct:                           false,
		`mutation ($i: [SetInventoryInput!]!) { setInventory(input: $i) { id } }`:                                     false,
		`mutation ($i: SetInventoryInput!) { setInventory(input: [$i]) { id } }`:                                      true,
	} {
		doc, refused := open.document(query)
		if refused != nil {
			t.Error(query, refused)
		} else if kept := doc.facts[doc.Operations[0]].priced; kept != want {
			t.Errorf("%s: kept is %t", query, kept)
		}
	}
}

const onProduct = `fragment P on Product { name }`

func TestHashesAreForgottenWithTheirDocuments(t *testing.T) {
	d := newKept()
	first := d.add(&document{text: "first"})
	d.learn(first, "a")
	d.learn(first, "a")
	if doc, ok := d.hashed("a"); !ok || doc != first {
		t.Errorf("got %v, %t", doc, ok)
	}
	for i := range maxDocuments {
		doc := d.add(&document{text: fmt.Sprint(i)})
		d.learn(doc, fmt.Sprint("hash of ", i))
	}
	if doc, ok := d.hashed("a"); ok {
		t.Errorf("got %v", doc)
	}
	d.learn(first, "a") // which is not kept any more
	if n := len(d.byHash); n != maxDocuments || d.byText.Len() != n {
		t.Errorf("%d hashes of %d documents", n, d.byText.Len())
	}
	d.byText.Purge()
	if len(d.byHash) != 0 || d.bytes != 0 {
		t.Errorf("%d hashes, %d bytes of nothing", len(d.byHash), d.bytes)
	}
}

func TestPlacesCountAmongTheBytes(t *testing.T) {
	a := New(Options{})
	o, refused := a.Prepare(Request{Query: "{ __typename ...many } fragment many on Query { a: __typename b: __typename }"})
	if refused != nil {
		t.Fatal(refused)
	}
	before := a.documents.bytes
	for range 2 { // what is there counts once
		o.root.Of("Query")
		a.documents.grown(o.document)
		if got, want := a.documents.bytes-before, 3*placeBytes; got != want {
			t.Errorf("3 places take %d bytes, want %d", got, want)
		}
	}
	a.documents.byText.Purge()
	a.documents.grown(o.document)
	if a.documents.bytes != 0 {
		t.Errorf("%d bytes of nothing", a.documents.bytes)
	}
}

func TestPlacesAreKeptUnlessVariablesDecide(t *testing.T) {
	a := New(Options{})
	for query, kept := range map[string]bool{
		"query ($x: Boolean = true) { __typename @skip(if: $x) }":                                   false,
		"query ($x: Boolean = true) { ... @include(if: $x) { __typename } }":                        false,
		"query ($x: Boolean = true) { ...f ...f @skip(if: $x) } fragment f on Query { __typename }": false,
		"query ($x: Boolean = true) { ...f } fragment f on Query { __typename @skip(if: $x) }":      false,
		"query ($id: ID = 1) { __typename @skip(if: false) product(id: $id) { name } }":             true,
	} {
		first, refused := a.Prepare(Request{Query: query})
		if refused != nil {
			t.Fatal(query, refused)
		}
		second, _ := a.Prepare(Request{Query: query})
		if same := first.root == second.root; same != kept {
			t.Errorf("%s: one root for two requests is %v", query, same)
		}
	}
}
