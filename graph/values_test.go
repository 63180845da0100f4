package graph

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/fault"
)

const ofProducts = ` { nodes { id } } }`

// A Decimal must never have been a binary float, wherever it was written.
func TestDecimalLiteralsKeepTheirDigits(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"a fraction", `{ products(filter: {priceMin: 199.99})` + ofProducts, `{"filter":{"priceMin":"199.99"}}`},
		{"trailing zeros", `{ products(filter: {priceMin: 0.10})` + ofProducts, `{"filter":{"priceMin":"0.10"}}`},
		{"a whole number", `{ products(filter: {priceMin: 5})` + ofProducts, `{"filter":{"priceMin":"5"}}`},
		{"more digits than a float has", `{ products(filter: {priceMin: 12345678901234567890.123456789})` + ofProducts,
			`{"filter":{"priceMin":"12345678901234567890.123456789"}}`},
		{"more digits than an integer has", `{ products(filter: {priceMin: -12345678901234567890})` + ofProducts,
			`{"filter":{"priceMin":"-12345678901234567890"}}`},
		{"an exponent beyond the floats", `{ products(filter: {priceMin: 1e400})` + ofProducts, `{"filter":{"priceMin":"1e400"}}`},
		{"a string", `{ products(filter: {priceMin: "0.10"})` + ofProducts, `{"filter":{"priceMin":"0.10"}}`},
		{"a block string", `{ products(filter: {priceMin: """0.10"""})` + ofProducts, `{"filter":{"priceMin":"0.10"}}`},
		{"null", `{ products(filter: {priceMin: null})` + ofProducts, `{"filter":{"priceMin":null}}`},
		{"in lists and objects", `{ products(filter: {and: [{priceMax: 0.10}, {not: {priceMin: 1.10}}]})` + ofProducts,
			`{"filter":{"and":[{"priceMax":"0.10"},{"not":{"priceMin":"1.10"}}]}}`},
		{"in a list of one", `{ products(filter: {or: {priceMax: 0.10}})` + ofProducts, `{"filter":{"or":{"priceMax":"0.10"}}}`},
		{"as a default", `query ($p: Decimal = 12345678901234567890.10) { products(filter: {priceMin: $p})` + ofProducts,
			`{"filter":{"priceMin":"12345678901234567890.10"}}`},
		{"in a default", `query ($f: ProductFilter = {and: [{priceMin: 0.10}]}) { products(filter: $f)` + ofProducts,
			`{"filter":{"and":[{"priceMin":"0.10"}]}}`},
		{"in a default of one", `query ($f: [ProductFilter!] = {priceMin: 0.10}) { products(filter: {and: $f})` + ofProducts,
			`{"filter":{"and":{"priceMin":"0.10"}}}`},
		{"in a list with a variable", `query ($f: ProductFilter! = {priceMin: 0.10}) { products(filter: {and: [$f, {priceMin: 0.20}]})` + ofProducts,
			`{"filter":{"and":[{"priceMin":"0.10"},{"priceMin":"0.20"}]}}`},
	} {
		for _, time := range []string{"first", "second"} { // a document may be kept
			if got := accepted(t, c.query, `{}`).arguments(t); got != c.want {
				t.Errorf("%s, the %s time: got %s, want %s", c.name, time, got, c.want)
			}
		}
	}
}

func TestDecimalLiteralsKeepTheirDigitsInFragments(t *testing.T) {
	o := accepted(t, `{ ...F ... on Query { ...F } } fragment F on Query { products(filter: {priceMin: 0.10})`+ofProducts, `{}`)
	field, ok := o.context.Doc.Fragments[0].SelectionSet[0].(*ast.Field)
	if !ok {
		t.Fatal("the fragment begins with no field")
	}
	if got, want := asJSON(t, field.ArgumentMap(nil)), `{"filter":{"priceMin":"0.10"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDecimalVariablesKeepTheirDigits(t *testing.T) {
	const query = `query ($p: Decimal, $f: ProductFilter, $l: [ProductFilter!]) { products(filter: {priceMin: $p, not: $f, or: $l})` + ofProducts
	for variables, want := range map[string]string{
		`{"p": 12345678901234567890.10}`:         `{"filter":{"priceMin":12345678901234567890.10}}`,
		`{"p": "0.10"}`:                          `{"filter":{"priceMin":"0.10"}}`,
		`{"f": {"priceMin": 0.10}}`:              `{"filter":{"not":{"priceMin":0.10}}}`,
		`{"l": {"priceMin": 1e400}}`:             `{"filter":{"or":[{"priceMin":1e400}]}}`,
		`{"l": [{"and": [{"priceMax": 0.10}]}]}`: `{"filter":{"or":[{"and":[{"priceMax":0.10}]}]}}`,
	} {
		if got := accepted(t, query, variables).arguments(t); got != want {
			t.Errorf("%s: got %s, want %s", variables, got, want)
		}
	}
}

// What no literal and no variable of a type may be. JSON writes these literals
// as GraphQL does.
func TestValuesAreOfTheirTypes(t *testing.T) {
	for _, c := range []struct {
		kind    string
		use     string
		good    []string
		refused []string
	}{
		{"Int", `products(first: %)`,
			[]string{`0`, `5`, `-5`, `2147483647`, `-2147483648`, `null`},
			[]string{`2147483648`, `-2147483649`, `3000000000`, `99999999999999999999`, `1.0`, `1e2`, `"5"`, `true`, `[5]`, `{}`}},
		{"Boolean", `products(filter: {inStock: %})`,
			[]string{`true`, `false`, `null`}, []string{`1`, `0`, `"true"`, `[true]`, `{}`}},
		{"String", `products(after: %)`,
			[]string{`""`, `"5"`, `null`}, []string{`5`, `1.5`, `true`, `["x"]`, `{}`}},
		{"ID", `products(filter: {categoryId: %})`,
			[]string{`"x"`, `5`, `-5`, `null`}, []string{`1.5`, `1e2`, `true`, `["x"]`, `{}`}},
		{"Decimal", `products(filter: {priceMin: %})`,
			[]string{`"0.1"`, `5`, `-0.5`, `1E3`, `null`}, []string{`"x"`, `""`, `"+1"`, `" 1"`, `true`, `["1"]`, `[1]`, `{}`}},
		{"DateTime", `products(filter: {createdAfter: %})`,
			[]string{`"2026-01-15T14:30:00.123456789+01:00"`, `null`},
			[]string{`"2026-01-15"`, `"2026-01-15 14:30:00Z"`, `""`, `1768487400`, `1.5`, `true`, `["2026-01-15T14:30:00Z"]`, `{}`}},
	} {
		for _, way := range ways(c.kind, c.use) {
			for _, value := range c.good {
				if _, refused := way.prepare(t, value); refused != nil {
					t.Errorf("%s %s as %s is refused: %v", c.kind, value, way.name, refused)
				}
			}
			for _, value := range c.refused {
				_, refused := way.prepare(t, value)
				checkRefused(t, c.kind+" "+value+" as "+way.name, refused, fault.ValidationFailed)
			}
		}
	}
}

func TestEnumLiteralsAreNames(t *testing.T) {
	const use = `{ products(sortBy: {field: PRICE, direction: %})` + ofProducts
	accepted(t, replaced(use, `DESC`), `{}`)
	for _, value := range []string{`"DESC"`, `desc`, `DOWN`, `1`, `true`, `[DESC]`, `{}`, `null`} {
		_, refused := prepare(t, replaced(use, value), `{}`)
		checkRefused(t, value, refused, fault.ValidationFailed)
	}
}

func TestInputLiteralsFitTheSchema(t *testing.T) {
	for _, arguments := range []string{
		`filter: {nosuch: 1}`, `filter: {and: [{nosuch: 1}]}`, `filter: []`, `filter: 1`, `filter: "x"`,
		`filter: {ids: [null]}`, `filter: {and: [null]}`, `filter: {ids: [1.5]}`, `filter: {ids: true}`,
		`filter: {sku: 1}`, `filter: {sku: "a", sku: "b"}`, `sortBy: {}`, `sortBy: {direction: ASC}`, `sortBy: {field: null}`,
		`sortBy: PRICE`, `nosuch: 1`, `first: 1, first: 2`, `first: $nosuch`,
	} {
		_, refused := prepare(t, `{ products(`+arguments+`)`+ofProducts, `{}`)
		checkRefused(t, arguments, refused, fault.ValidationFailed)
	}
	_, refused := prepare(t, `{ node(id: null) { id } }`, `{}`)
	checkRefused(t, "null for an ID!", refused, fault.ValidationFailed)
}
