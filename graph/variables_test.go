package graph

import (
	"strings"
	"testing"

	"stoa/internal/fault"
)

func TestVariablesAreOfTheirTypes(t *testing.T) {
	for _, c := range []struct{ name, query, given, want string }{
		{"none", `{ products` + ofProducts, `{"other": 1}`, `{}`},
		{"not given", `query ($n: Int) { products(first: $n)` + ofProducts, `{}`, `{}`},
		{"null", `query ($n: Int) { products(first: $n)` + ofProducts, `{"n": null}`, `{"n":null}`},
		{"given", `query ($n: Int) { products(first: $n)` + ofProducts, `{"n": 5, "other": 1}`, `{"n":5}`},
		{"a default", `query ($n: Int = 7) { products(first: $n)` + ofProducts, `{}`, `{"n":7}`},
		{"a default given up", `query ($n: Int = 7) { products(first: $n)` + ofProducts, `{"n": 5}`, `{"n":5}`},
		{"a default against null", `query ($n: Int = 7) { products(first: $n)` + ofProducts, `{"n": null}`, `{"n":null}`},
		{"a default of what must be", `query ($i: ID! = "x") { node(id: $i) { id } }`, `{}`, `{"i":"x"}`},
		{"a list", `query ($i: [ID!]!) { nodes(ids: $i) { id } }`, `{"i": ["a", 5]}`, `{"i":["a",5]}`},
		{"a list of one", `query ($i: [ID!]!) { nodes(ids: $i) { id } }`, `{"i": "a"}`, `{"i":["a"]}`},
		{"an empty list", `query ($i: [ID!]!) { nodes(ids: $i) { id } }`, `{"i": []}`, `{"i":[]}`},
		{"an enum", `query ($d: SortDirection!) { products(sortBy: {field: NAME, direction: $d})` + ofProducts, `{"d": "DESC"}`, `{"d":"DESC"}`},
		{"an object", `query ($f: ProductFilter) { products(filter: $f)` + ofProducts,
			`{"f": {"ids": "a", "or": {"sku": null}, "inStock": true}}`, `{"f":{"ids":["a"],"inStock":true,"or":[{"sku":null}]}}`},
		{"an object without what has a default", `query ($s: ProductSort) { products(sortBy: $s)` + ofProducts,
			`{"s": {"field": "PRICE", "thenBy": {"field": "NAME", "direction": "DESC"}}}`,
			`{"s":{"field":"PRICE","thenBy":{"direction":"DESC","field":"NAME"}}}`},
	} {
		o := accepted(t, c.query, c.given)
		if got := asJSON(t, o.context.Variables); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestVariablesThatAreWrongAreNamed(t *testing.T) {
	const withFilter, withSort = `query ($f: ProductFilter) { products(filter: $f)` + ofProducts, `query ($s: ProductSort) { products(sortBy: $s)` + ofProducts
	for _, c := range []struct{ name, query, given, where string }{
		{"missing", `query ($i: ID!) { node(id: $i) { id } }`, `{}`, `$i`},
		{"null", `query ($i: ID!) { node(id: $i) { id } }`, `{"i": null}`, `$i`},
		{"null against a default", `query ($i: ID! = "x") { node(id: $i) { id } }`, `{"i": null}`, `$i`},
		{"no list", `query ($i: [ID!]!) { nodes(ids: $i) { id } }`, `{"i": {}}`, `$i`},
		{"null in a list", `query ($i: [ID!]!) { nodes(ids: $i) { id } }`, `{"i": ["a", null]}`, `1`},
		{"a list in a list", `query ($i: [ID!]!) { nodes(ids: $i) { id } }`, `{"i": [["a"]]}`, `0`},
		{"no value of the enum", `query ($d: SortDirection!) { products(sortBy: {field: NAME, direction: $d})` + ofProducts, `{"d": "desc"}`, `$d`},
		{"an enum as a number", `query ($d: SortDirection!) { products(sortBy: {field: NAME, direction: $d})` + ofProducts, `{"d": 1}`, `$d`},
		{"no object", withFilter, `{"f": "x"}`, `$f`},
		{"a list for an object", withFilter, `{"f": [{}]}`, `$f`},
		{"an unknown field", withFilter, `{"f": {"and": [{}, {"nosuch": 1}]}}`, `and.1.nosuch`},
		{"a wrong field", withFilter, `{"f": {"or": [{"category": {"search": 5}}]}}`, `or.0.category.search`},
		{"a decimal that is none", withFilter, `{"f": {"priceMin": "1,5"}}`, `priceMin`},
		{"an integer too large", withFilter, `{"f": {"inventoryMax": 2147483648}}`, `inventoryMax`},
		{"a missing field", withSort, `{"s": {"direction": "ASC"}}`, `field`},
		{"null for a field that has a default", withSort, `{"s": {"field": "NAME", "direction": null}}`, `direction`},
		{"another kind's value", withSort, `{"s": {"field": "TITLE"}}`, `field`},
	} {
		_, refused := prepare(t, c.query, c.given)
		checkRefused(t, c.name, refused, fault.ValidationFailed)
		if len(refused) == 1 && !strings.Contains(refused[0].Message, c.where) {
			t.Errorf("%s: %q does not tell of %s", c.name, refused[0].Message, c.where)
		}
	}
}

func TestEveryWrongVariableIsNamed(t *testing.T) {
	_, refused := prepare(t, `query ($a: Int, $b: ID!, $c: Int) { products(first: $a, last: $c) { nodes { id } } node(id: $b) { id } }`, `{"a": "x", "c": true}`)
	checkRefused(t, "three wrong variables", refused, fault.ValidationFailed)
	if len(refused) != 3 {
		t.Errorf("%d of three are named: %v", len(refused), refused)
	}
}

// Each error has a fault in it, for those who know variables by other names.
func TestAllThatIsWrongWithAVariableIsTold(t *testing.T) {
	_, refused := prepare(t, `mutation ($in: [UpsertProductInput!]!) { upsertProducts(input: $in) { id } }`,
		`{"in": [{"sku": "A", "price": "x", "colour": 1, "categoryId": null}, {"sku": "B", "name": "B", "price": 1, "categoryId": "1"}, 7]}`)
	var got []string
	for _, e := range refused {
		f := fault.Of(e)[0]
		got = append(got, f.Field+" "+string(f.Reason))
	}
	want := "in.0.colour UNKNOWN, in.0.name REQUIRED, in.0.price MALFORMED, in.0.categoryId REQUIRED, in.2 MALFORMED"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
}

// However many values are wrong, and wherever, five are told, as of a document.
func TestNoMoreIsToldOfVariablesThanOfADocument(t *testing.T) {
	for name, r := range map[string][2]string{
		"items":     {`mutation ($in: [UpsertProductInput!]!) { upsertProducts(input: $in) { id } }`, `{"in": [` + strings.Repeat(`{}, `, 1000) + `{}]}`},
		"fields":    {`query ($f: ProductFilter) { products(filter: $f)` + ofProducts, `{"f": {"ids": 1.5, "sku": 1, "search": 1, "inStock": 1, "priceMin": true, "priceMax": true}}`},
		"names":     {`query ($f: ProductFilter) { products(filter: $f)` + ofProducts, `{"f": {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "sku": 1}}`},
		"variables": {`query ($a: ID!, $b: ID!, $c: ID!, $d: ID!, $e: ID!, $f: ID!) { nodes(ids: [$a, $b, $c, $d, $e, $f]) { id } }`, `{}`},
	} {
		_, refused := prepare(t, r[0], r[1])
		checkRefused(t, name, refused, fault.ValidationFailed)
		if len(refused) != maxErrors {
			t.Errorf("%s: %d errors are told", name, len(refused))
		}
	}
}

// The message must not carry a client's text of any length back.
func TestMessagesAboutVariablesAreShort(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for _, given := range []string{`{"priceMin": "` + long + `"}`, `{"createdAfter": "` + long + `"}`} {
		_, refused := prepare(t, `query ($f: ProductFilter) { products(filter: $f)`+ofProducts, `{"f": `+given+`}`)
		if len(refused) != 1 || len(refused[0].Message) > 300 {
			t.Errorf("got %d errors", len(refused))
		}
	}
}
