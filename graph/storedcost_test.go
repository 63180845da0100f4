package graph

import (
	"testing"
)

const page = `query Page($after: String, $sort: ProductSort) {
	products(first: 20, after: $after, sortBy: $sort) {
		totalCount
		edges { cursor node { ...Card category { id name } } }
		pageInfo { hasNextPage endCursor }
	}
	categories(first: 5) { nodes { id name products(first: 3) { nodes { ...Card } } } }
}
fragment Card on Product { id name price inventory }`

// preparing are the ways in which the page may be asked for, by an API that has it stored.
func preparing(t testing.TB) (a *API, ways map[string]func()) {
	t.Helper()
	a, err := storing(t, Options{MaxCost: 5000, MaxDepth: 15, Introspection: true}, map[string]string{"page.graphql": page})
	if err != nil {
		t.Fatal(err)
	}
	variables := object(t, `{"sort": {"field": "PRICE", "direction": "DESC"}}`)
	prepare := func(r Request) {
		r.Variables = variables
		if _, refused := a.Prepare(r); refused != nil {
			t.Fatal(refused)
		}
	}
	return a, map[string]func(){
		"text, the first time": func() { a.documents.byText.Purge(); prepare(Request{Query: page}) },
		"text, known":          func() { prepare(Request{Query: page}) },
		"stored, by its hash":  func() { prepare(Request{DocumentID: "sha256:" + a.Stored()[0].ID}) },
		"stored, by its name":  func() { prepare(Request{DocumentID: "Page"}) },
	}
}

// BenchmarkPrepare is what is done before an operation runs.
func BenchmarkPrepare(b *testing.B) {
	_, ways := preparing(b)
	for name, do := range ways {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}

// What a stored document saves is at least its parsing, validation and pricing.
func TestStoredDocumentsAreNotReadAgain(t *testing.T) {
	a, ways := preparing(t)
	reading := testing.AllocsPerRun(10, func() {
		parsed, refused := a.parse(page)
		if refused == nil {
			refused = a.validate(parsed, a.rules(page))
		}
		if refused == nil {
			_, refused = a.affordable(parsed.Operations[0], nil)
		}
		if refused != nil {
			t.Fatal(refused)
		}
	})
	first := testing.AllocsPerRun(10, ways["text, the first time"])
	for _, way := range []string{"stored, by its hash", "stored, by its name"} {
		stored := testing.AllocsPerRun(10, ways[way])
		if t.Logf("%s: %.0f allocations, of %.0f; reading it takes %.0f", way, stored, first, reading); stored+reading > first || reading < 100 {
			t.Errorf("%s: %.0f allocations, of %.0f; reading it takes %.0f", way, stored, first, reading)
		}
	}
}
