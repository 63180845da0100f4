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
			if got := a.documents.answer(o.document, o.Name()) != nil; got != want {
				t.Errorf("%s: kept is %t", query, got)
			}
		}
		if bodies[0] != bodies[1] || bodies[0] == "" {
			t.Errorf("%s: got %s, then %s", query, bodies[0], bodies[1])
		}
	}
}

func TestKeptAnswersCountAmongTheBytes(t *testing.T) {
	d := newDocuments()
	answer := []byte(strings.Repeat("x", maxDocumentBytes/4))
	for i := range 20 {
		doc := d.add(fmt.Sprint(i), nil)
		d.keep(doc, "", answer)
		d.keep(doc, "", answer) // once is enough
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
