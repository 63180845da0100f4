package limit_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	validation "github.com/vektah/gqlparser/v2/validator/rules"

	"stoa/graph"
	"stoa/internal/fault"
	"stoa/internal/limit"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})

// operation is the first of a valid document.
func operation(t *testing.T, query string) *ast.OperationDefinition {
	t.Helper()
	doc, err := gqlparser.LoadQueryWithRules(schema, query, validation.NewDefaultRules())
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return doc.Operations[0]
}

func TestDepth(t *testing.T) {
	no := map[string]any{"yes": false}
	for query, want := range map[string]int{
		"{ __typename }":                 1,
		"{ viewer { id } __typename }":   2,
		"{ products { nodes { id } } }":  3,
		"{ ... { ... { __typename } } }": 1,
		"{ ...A } fragment A on Query { viewer { ...B } } fragment B on User { posts { ...C } } fragment C on PostConnection { totalCount }": 3,
		"query ($yes: Boolean!) { __typename viewer @include(if: $yes) { id } }":                                                             1,
		"query ($yes: Boolean!) { viewer { id posts @skip(if: $yes) { nodes { id } } } }":                                                    4,
		"query ($yes: Boolean!) { viewer { id ...A @include(if: $yes) } } fragment A on User { posts { nodes { id } } }":                     2,
	} {
		if got := limit.Depth(operation(t, query), no); got != want {
			t.Errorf("%s is %d deep, want %d", query, got, want)
		}
	}
}

func TestCost(t *testing.T) {
	for query, want := range map[string]int{
		"{ __typename }":    0,
		"{ viewer { id } }": 1,
		"{ products { pageInfo { endCursor } edges { cursor } } }":                          1,
		"{ products(first: 3) { nodes { id } totalCount stats { count } } }":                1 + 3 + 20,
		"{ products(last: 3) { nodes { id category { id } } edges { node { id } } } }":      1 + 3*2 + 3,
		"{ products(first: -3) { nodes { id } } }":                                          1,
		"{ a: products(first: 1) { nodes { id } } b: products(first: 1) { nodes { id } } }": 4,
		"{ products(first: 1) { nodes { id } } products(first: 1) { nodes { name } } }":     4,
		"{ nodes(ids: 1) { id } }":                                        2,
		"{ nodes(ids: [1, 2]) { ... on Post { author { id } } } }":        1 + 2*2,
		"{ __schema { types { name } } __type(name: \"Post\") { name } }": 200,
		"mutation { likePost(id: 1) { author { id } } }":                  11,
		"mutation { logOut }":                                             10,
		"mutation { setInventory(input: [{productId: 1, inventory: 1}, {productId: 2, inventory: 1}]) { category { id } } }": 10 + 1 + 2,
	} {
		if got := limit.Cost(schema, operation(t, query), nil); got != want {
			t.Errorf("%s costs %d, want %d", query, got, want)
		}
	}
}

// Costs that no number could hold end at one that is too much.
func TestCostHasAnEnd(t *testing.T) {
	query := "{ products(first: 2000000000) " + strings.Repeat("{ nodes { category { products(first: 2000000000) ", 20) +
		"{ totalCount }" + strings.Repeat("} } }", 20) + " }"
	if got := limit.Cost(schema, operation(t, query), nil); got < 1<<40 {
		t.Errorf("it costs %d", got)
	}
}

func TestHints(t *testing.T) {
	const query = `{
		all: products(first: 50) { nodes { ...P } }
		all: products(first: 50) { edges { node { id } } }
		categories(first: 10) { nodes { posts(first: 20) { nodes { id } } products(first: 1) { nodes { ...P } } } }
		users { totalCount }
	} fragment P on Product { category { id } }`
	o := operation(t, query)
	if cost := limit.Cost(schema, o, nil); cost != (1+50*2)+(1+50)+(1+10*(1+1+20+1+2))+11 {
		t.Fatalf("it costs %d", cost)
	}
	for allowed, want := range map[int][]limit.Hint{
		400: {{[]string{"categories"}, 251, new(9)}, {[]string{"categories", "nodes", "posts"}, 210, new(18)}, {[]string{"all"}, 152, new(45)}},
		100: {{[]string{"categories"}, 251, nil}, {[]string{"categories", "nodes", "posts"}, 210, nil}, {[]string{"all"}, 152, nil}},
	} {
		if got := limit.Hints(schema, o, nil, allowed); !reflect.DeepEqual(got, want) {
			t.Errorf("%d allowed: got %s, want %s", allowed, hints(got), hints(want))
		}
	}
}

func hints(list []limit.Hint) (text string) {
	for _, h := range list {
		text += fmt.Sprint(h.Path, h.Cost, " ")
		if h.WouldFit != nil {
			text += fmt.Sprint("would fit ", *h.WouldFit, " ")
		}
	}
	return text
}

func TestGuard(t *testing.T) {
	repeated := func(n int, part string) string { return strings.Repeat(part, n) }
	for name, c := range map[string]struct {
		query string
		want  fault.Code
	}{
		"the most aliases":        {"{" + repeated(limit.MaxAliases, "a: b ") + "}", ""},
		"one alias more":          {"{" + repeated(limit.MaxAliases, "a: b ") + "... { a: b } }", fault.QueryTooLarge},
		"an alias in a fragment":  {"{" + repeated(limit.MaxAliases, "a: b ") + "} fragment F on Query { a: b }", fault.QueryTooLarge},
		"a name that is its own":  {"{" + repeated(limit.MaxAliases+1, "a: a ") + "}", ""},
		"a circle":                {"{ ...A } fragment A on Query { a { ...B } } fragment B on Query { ... { ...A } }", fault.ValidationFailed},
		"a circle of one":         {"{ b } fragment A on Query { ...A }", fault.ValidationFailed},
		"a fragment twice":        {"{ ...A ...A } fragment A on Query { a }", ""},
		"a fragment of nothing":   {"{ ...A }", ""},
		"operations of much":      {repeated(30, "query { ...A } ") + "fragment A on Query { " + repeated(700, "a ") + "}", fault.QueryTooLarge},
		"operations of less":      {repeated(20, "query { ...A } ") + "fragment A on Query { " + repeated(700, "a ") + "}", ""},
		"operations of values":    {repeated(30, "query { ...A } ") + "fragment A on Query { a(b: [" + repeated(700, "1 ") + "]) }", fault.QueryTooLarge},
		"operations of arguments": {repeated(30, "query { ...A } ") + "fragment A on Query { a @b(" + repeated(700, "c: 1 ") + ") }", fault.QueryTooLarge},
		"a long list":             {"{ a(b: [" + repeated(3900, "1 ") + "]) }", ""},
		"lists in each other":     {"{ a(b: " + repeated(250, "[") + repeated(250, "]") + ") }", fault.QueryTooLarge},
		"a default deep":          {"query ($a: A = " + repeated(250, "[") + repeated(250, "]") + ") { a }", fault.QueryTooLarge},
	} {
		doc, err := parser.ParseQuery(&ast.Source{Input: c.query})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got fault.Code
		if f := limit.Guard(doc); f != nil {
			got = f.Code
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// rulesApart makes a document one that is validated, as far as Conflict asks.
func rulesApart(t *testing.T, doc *ast.QueryDocument) {
	t.Helper()
	if list := validator.ValidateWithRules(schema, doc, validation.NewRules(validation.FieldsOnCorrectTypeRule)); list != nil {
		t.Fatal(list)
	}
}

func TestConflict(t *testing.T) {
	for query, want := range map[string]bool{
		"{ products { totalCount } products { nodes { id } } }":                                              false,
		"{ a: products { totalCount } a: users { totalCount } }":                                             true,
		"{ products(first: 1) { totalCount } products(first: 2) { totalCount } }":                            true,
		"{ products(first: 1, last: null) { totalCount } products(last: null, first: 1) { totalCount } }":    false,
		"{ products { a: totalCount } products { a: nodes { id } } }":                                        true,
		`{ node(id: 1) { ... on Post { a: title } ... on Product { a: name } } }`:                            false,
		`{ node(id: 1) { ... on Post { a: title } ... on Product { a: inventory } } }`:                       true,
		`{ node(id: 1) { ... on Post { a: title } ... on Node { a: id } } }`:                                 true,
		`{ node(id: 1) { ... on Post { category { id } } ... on Product { category { id } } } }`:             true, // one may be null
		`{ node(id: 1) { ... on Post { a: author { a: id } } ... on User { a: posts { a: totalCount } } } }`: true,
		`{ a: product(id: 1) { id } a: product(id: "1") { id } }`:                                            true,
	} {
		doc, err := parser.ParseQuery(&ast.Source{Input: query})
		if err != nil {
			t.Fatal(err)
		}
		rulesApart(t, doc)
		at, f := limit.Conflict(schema, doc)
		if (f != nil) != want || (at != nil) != want {
			t.Errorf("%s: got %v at %v", query, f, at)
		}
	}
}
