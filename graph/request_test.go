package graph

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/fault"
)

func TestWhatIsNotGraphQLIsNotParsed(t *testing.T) {
	for _, query := range []string{"{", "}", "query", "{ products( }", "query ($n: Int = $m) { node }", "{ a } }", "\x00", "é", `{ products(after: "x`, "{ … }"} {
		_, refused := prepare(t, query, `{}`)
		checkRefused(t, query, refused, fault.ParseFailed)
	}
}

func TestWhatIsNotOfTheSchemaIsRefused(t *testing.T) {
	for _, query := range []string{
		"", "# nothing", "fragment F on Query { __typename }",
		"{ nosuch }", "{ products }", "{ products { nodes } }", "{ products { nodes { id { x } } } }",
		"{ node { id } }", "{ node(id: 1, nosuch: 2) { id } }", "{ node(id: 1) { name } }",
		"{ ...F }", "{ ...F } fragment F on Nosuch { id }", "{ ...F } fragment F on Product { id }", "{ __typename } fragment F on Query { __typename }",
		"{ ...F } fragment F on Query { ...F }", "{ ... on Product { id } }",
		"{ a: node(id: 1) { id } a: node(id: 2) { id } }",
		"query A { __typename } query A { __typename }", "query A { __typename } { __typename }",
		"query ($n: Int) { __typename }", "{ products(first: $n) { nodes { id } } }", "query ($n: Nosuch) { products(first: $n) { nodes { id } } }",
		"query ($n: String) { products(first: $n) { nodes { id } } }", "query ($n: Product) { products(filter: $n) { nodes { id } } }",
		"{ __typename @nosuch }", "{ __typename @skip }", "{ __typename @skip(if: 1) }",
		"mutation { nosuch }", "subscription { nosuch }",
	} {
		_, refused := prepare(t, query, `{}`)
		checkRefused(t, query, refused, fault.ValidationFailed)
	}
}

func TestErrorsTellWhere(t *testing.T) {
	for _, query := range []string{"{\n  nosuch\n}", "{\n  products(first: 99999999999) { nodes { id } }\n}", "{\n  products(\n}"} {
		_, refused := prepare(t, query, `{}`)
		if len(refused) == 0 || len(refused[0].Locations) == 0 || refused[0].Locations[0].Line < 2 {
			t.Errorf("%q: got %v", query, refused)
		}
	}
}

func TestTheNamedOperationIsTaken(t *testing.T) {
	const two = `query A { __typename } mutation B { logOut }`
	for _, c := range []struct {
		query, name, want string
		kind              ast.Operation
	}{
		{`{ __typename }`, "", "", ast.Query},
		{`query A { __typename }`, "", "A", ast.Query},
		{`query A { __typename }`, "A", "A", ast.Query},
		{two, "A", "A", ast.Query},
		{two, "B", "B", ast.Mutation},
	} {
		o, refused := open.Prepare(Request{Query: c.query, OperationName: c.name})
		if refused != nil || o.Name() != c.want || o.Type() != c.kind {
			t.Errorf("%q of %s: got %v, %v", c.name, c.query, o, refused)
		}
	}
	for _, c := range []struct{ query, name string }{{two, ""}, {two, "C"}, {two, "a"}, {`{ __typename }`, "A"}} {
		_, refused := open.Prepare(Request{Query: c.query, OperationName: c.name})
		checkRefused(t, c.name+" of "+c.query, refused, fault.ValidationFailed)
	}
}

var typos = []string{
	"{ prodcts { nodes { id } } }", "{ products(frst: 1) { nodes { id } } }", "{ products { node { id } } }", "{ products { nodes } }",
	"{ products { nodes { i } } }", "{ products { nodes { category { nam } } } }", "{ products { nodes { id { x } } } }",
	"{ products(filter: {serch: \"x\"}) { nodes { id } } }", "{ products(filter: {and: [{pricemin: 1}]}) { nodes { id } } }",
	"{ products(sortBy: {field: PRCE}) { nodes { id } } }", "{ products(sortBy: {field: \"PRICE\"}) { nodes { id } } }",
	"{ products(sortBy: {fild: PRICE}) { nodes { id } } }", "{ products(first: FIVE) { nodes { id } } }", "{ products(filter: {inStock: TRUE}) { nodes { id } } }",
	"{ ...F } fragment F on Quary { __typename }", "{ node(id: 1) { ... on Prodct { id } } }", "{ node(id: 1) { name } }",
	"query ($f: ProductFiler) { products(filter: $f) { nodes { id } } }", "query ($n: Itn) { products(first: $n) { nodes { id } } }",
	"{ __typename @skp(if: true) }", "{ __typename @skip(iff: true) }", "{ __scema { types { name } } }", "{ products { nodes { __typenam } } }",
	"{ ...Fild } fragment Field on Query { __typename }", "mutaton { x }", "subscripton { x }",
}

func TestWithoutIntrospectionNothingIsSuggested(t *testing.T) {
	suggestions := 0
	for _, query := range typos {
		if _, refused := open.Prepare(Request{Query: query}); strings.Contains(refused.Error(), "Did you mean") {
			suggestions++
		}
		_, refused := closed.Prepare(Request{Query: query})
		if len(refused) == 0 {
			t.Errorf("%s is accepted", query)
		}
		if text := refused.Error(); strings.Contains(strings.ToLower(text), "did you mean") {
			t.Errorf("%s is told %s", query, text)
		}
	}
	if suggestions < 10 {
		t.Errorf("with introspection, %d of %d typos are told what was meant", suggestions, len(typos))
	}
}

func TestWithoutIntrospectionTheSchemaIsNotTold(t *testing.T) {
	for _, query := range []string{`{ __schema { queryType { name } } }`, `{ __type(name: "Product") { name } }`, `{ s: __schema { types { name } } }`} {
		o, refused := closed.Prepare(Request{Query: query})
		if refused != nil {
			checkRefused(t, query, refused, fault.ValidationFailed)
			continue
		}
		response := closed.Do(t.Context(), o)
		if len(response.Errors) == 0 || strings.Contains(string(response.Data), "name") {
			t.Errorf("%s: got %s, %v", query, response.Data, response.Errors)
		}
		for _, e := range response.Errors {
			if e.Extensions["code"] == "INTERNAL" {
				t.Errorf("%s is told to be a fault of ours: %v", query, e)
			}
		}
	}
	o, refused := closed.Prepare(Request{Query: `{ __typename }`})
	if refused != nil {
		t.Fatal(refused)
	}
	if got, want := string(closed.Do(t.Context(), o).Data), `{"__typename":"Query"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

var codesBeforeRunning = []string{
	"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX", "QUERY_TOO_DEEP", "QUERY_TOO_LARGE",
}

func FuzzPrepare(f *testing.F) {
	for _, query := range typos {
		f.Add(query, "", `{}`)
	}
	f.Add(`query A($n: Int! = 5, $f: ProductFilter) { products(first: $n, filter: $f) { ...P } } fragment P on ProductConnection { nodes { id } }`, "A", `{"f": {"priceMin": 0.10}}`)
	f.Add(`query ($s: ProductSort = {field: PRICE, thenBy: {field: NAME}}) { products(sortBy: $s) { totalCount } }`, "", `{"s": null}`)
	f.Add(`query ($i: [ID!]!, $x: Boolean!) { nodes(ids: $i) @skip(if: $x) { ... on Post { title } } }`, "", `{"i": "a", "x": true}`)
	f.Add(`{ products(filter: {and: {priceMin: 1e400, createdAfter: "2026-01-15T14:30:00Z", ids: [1, "a"]}}) { nodes { price } } }`, "", `{}`)
	f.Add(`mutation ($p: Decimal!) { updateProduct(id: "x", input: {price: $p, sku: null}, ifVersion: 1) { version } setInventory(input: {productId: 1, inventory: 2}) { id } }`, "", `{"p": 0.10}`)
	f.Add(`query A { __typename } query B($d: SortDirection) { node(id: 99999999999999999999) { id } }`, "B", `{"d": 1}`)
	f.Fuzz(func(t *testing.T, query, name, variables string) {
		var given map[string]any
		d := json.NewDecoder(strings.NewReader(variables))
		d.UseNumber()
		if len(query) > 2000 || d.Decode(&given) != nil {
			return
		}
		o, refused := closed.Prepare(Request{Query: query, OperationName: name, Variables: given})
		if (o == nil) != (len(refused) > 0) {
			t.Fatalf("got %v and %v", o, refused)
		}
		for _, e := range refused {
			code, _ := e.Extensions["code"].(string)
			if !slices.Contains(codesBeforeRunning, code) || e.Path != nil || strings.Contains(e.Message, "Did you mean") {
				t.Fatalf("got %q at %v with %v", e.Message, e.Path, e.Extensions)
			}
		}
		if o != nil {
			evaluate(o.context.Operation.SelectionSet, o.context.Variables)
		}
	})
}

// evaluate works the arguments of the fields out, as they are before they are
// resolved.
func evaluate(selected ast.SelectionSet, variables map[string]any) {
	for _, one := range selected {
		switch one := one.(type) {
		case *ast.Field:
			one.ArgumentMap(variables)
			evaluate(one.SelectionSet, variables)
		case *ast.InlineFragment:
			evaluate(one.SelectionSet, variables)
		}
	}
}
