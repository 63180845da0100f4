package rest_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"stoa/graph"
	"stoa/internal/fault"
	"stoa/internal/rest"
)

const (
	list = `query List($first: Int, $ids: [ID!], $sku: String, $inStock: Boolean, $priceMin: Decimal, $sort: ProductSort, $filters: [ProductFilter!], $filter: ProductFilter)
	@rest(method: GET, path: "/products") {
		products(first: $first, sortBy: $sort, filter: {ids: $ids, sku: $sku, inStock: $inStock, priceMin: $priceMin, and: $filters, not: $filter}) { totalCount }
	}`
	change  = `mutation Change($id: ID!, $ifVersion: Int, $input: UpdateProductInput!) @rest(method: PATCH, path: "/products/{id}{?ifVersion}") { updateProduct(id: $id, ifVersion: $ifVersion, input: $input) { id } }`
	replace = `mutation Replace($id: ID!, $name: String!, $sku: String = null) @rest(method: PUT, path: "/products/{id}") { updateProduct(id: $id, input: {name: $name, sku: $sku}) { id } }`
)

func TestARequestBecomesVariables(t *testing.T) {
	all := routes(t, list, change, replace)
	for _, c := range []struct{ route, query, body, want string }{
		{"List", "", "", `{}`},
		{"List", "first=5", "", `{"first":5}`},
		{"List", "first=x", "", ""}, // is no JSON number, which the check of variables tells
		{"List", "ids=a,b&ids=c", "", `{"ids":["a","b","c"]}`},
		{"List", "ids=", "", `{"ids":[]}`},
		{"List", "sku=", "", `{"sku":""}`},
		{"List", "sku=a,b+c%2B", "", `{"sku":"a,b c+"}`},
		{"List", "inStock=true", "", `{"inStock":true}`},
		{"List", "inStock=yes", "", `{"inStock":"yes"}`},
		{"List", "priceMin=1.50", "", `{"priceMin":"1.50"}`},
		{"List", "sort=price", "", `{"sort":{"field":"PRICE"}}`},
		{"List", "sort=createdAt:desc,NAME,updated_at:ASC", "", `{"sort":{"direction":"DESC","field":"CREATED_AT","thenBy":{"field":"NAME","thenBy":{"direction":"ASC","field":"UPDATED_AT"}}}}`},
		{"List", "sort=prize:up", "", `{"sort":{"direction":"up","field":"prize"}}`},
		{"List", "sort=", "", `{"sort":{"field":""}}`},
		{"List", `filter={"priceMin":0.10,"or":[{}]}`, "", `{"filter":{"or":[{}],"priceMin":0.10}}`},
		{"List", `filter={`, "", `{"filter":"{"}`},
		{"List", `filters={"sku":"a,b"}&filters={}`, "", `{"filters":[{"sku":"a,b"},{}]}`},
		{"Change", "", `{"price": 1.10, "sku": null}`, `{"id":"7","input":{"price":1.10,"sku":null}}`},
		{"Change", "ifVersion=3", `[1]`, `{"id":"7","ifVersion":3,"input":[1]}`},
		{"Replace", "", `{"name": "a", "sku": null}`, `{"id":"7","name":"a","sku":null}`},
		{"Replace", "", ` {} `, `{"id":"7"}`},
	} {
		path := map[string]string{"id": "7"}
		if c.route == "List" {
			path = nil
		}
		got, err := all[c.route].Bind(path, strings.ReplaceAll(c.query, `"`, "%22"), []byte(c.body))
		text, _ := json.Marshal(got)
		if err != nil || string(text) != c.want {
			t.Errorf("%s?%s %s: got %s, %v, want %s", c.route, c.query, c.body, text, err, c.want)
		}
	}
}

func TestWhatARouteDoesNotKnowIsRefused(t *testing.T) {
	all := routes(t, list, change, replace)
	for _, c := range []struct{ route, query, body, want string }{
		{"List", "fist=5", "", "fist: BAD_REQUEST UNKNOWN"},
		{"List", "First=5", "", "First: BAD_REQUEST UNKNOWN"},
		{"List", "first=5&first=6", "", "first: BAD_REQUEST DUPLICATE"},
		{"List", "sku=%FF", "", "sku: BAD_REQUEST MALFORMED"},
		{"List", "%FF=1", "", "\uFFFD: BAD_REQUEST UNKNOWN"},
		{"List", "a=%zz", "", ": BAD_REQUEST "},
		{"List", "a=1;b=2", "", ": BAD_REQUEST "},
		{"List", "a=1&b=2&first=1", "", "a: BAD_REQUEST UNKNOWN, b: BAD_REQUEST UNKNOWN"},
		{"List", "a&b&c&d&e&f&g", "", "a: BAD_REQUEST UNKNOWN, b: BAD_REQUEST UNKNOWN, c: BAD_REQUEST UNKNOWN, d: BAD_REQUEST UNKNOWN, e: BAD_REQUEST UNKNOWN"},
		{"List", strings.Repeat("x", 1<<20), "", strings.Repeat("x", 80) + "…: BAD_REQUEST UNKNOWN"},
		{"Change", "id=8", `{}`, "id: BAD_REQUEST UNKNOWN"},
		{"Change", "input={}", `{}`, "input: BAD_REQUEST UNKNOWN"},
		{"Change", "", ``, ": BAD_REQUEST "},
		{"Change", "", `{`, ": BAD_REQUEST "},
		{"Change", "", `{}{}`, ": BAD_REQUEST "},
		{"Replace", "", `[]`, ": BAD_REQUEST "},
		{"Replace", "", `null`, ": BAD_REQUEST "},
		{"Replace", "name=x", `{}`, "name: BAD_REQUEST UNKNOWN"},
		{"Replace", "", `{"name": "x", "id": "8", "more": 1}`, "id: BAD_USER_INPUT UNKNOWN, more: BAD_USER_INPUT UNKNOWN"},
	} {
		path := map[string]string{"id": "7"}
		if c.route == "List" {
			path = nil
		}
		_, err := all[c.route].Bind(path, c.query, []byte(c.body))
		var got []string
		for _, f := range fault.Of(err) {
			got = append(got, f.Field+": "+string(f.Code)+" "+string(f.Reason))
			if len(f.Message) > 200 {
				t.Errorf("%s?%.40s: the message has %d bytes", c.route, c.query, len(f.Message))
			}
		}
		if err == nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%s?%.40s %s: got %q, want %q", c.route, c.query, c.body, got, c.want)
		}
	}
}

// FuzzRequest: whatever comes as path and query is refused as the client's fault, or comes to
// variables that hold what was sent.
func FuzzRequest(f *testing.F) {
	api, all := operations(f, list, `query One($id: ID!) @rest(method: GET, path: "/products/{id}") { product(id: $id) { id } }`)
	found, err := rest.Routes(api.Schema(), all)
	if err != nil {
		f.Fatal(err)
	}
	table := rest.NewTable(found)
	for path, query := range map[string]string{
		"/products": "first=5&ids=a,b&sort=price:desc,name", "/products/%00": "", "/products/%2e%2e%2fx": "", "/products/%ff": "a=%",
		"/products/": "filter={}&filters=[]", "/../products": "sort=,,,,,,,,,,", "/products/x": "id=y",
	} {
		f.Add(path, query)
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		for _, match := range table.Find(path) {
			for name, text := range match.Path {
				if name != "id" || url.PathEscape(text) == "" || text != unescaped(path[len("/products/"):]) {
					t.Fatalf("%q: {%s} is %q", path, name, text)
				}
			}
			variables, err := match.Route.Bind(match.Path, query, nil)
			if err != nil {
				if slices.ContainsFunc(fault.Of(err), func(f *fault.Error) bool { return f.Code != fault.BadRequest }) {
					t.Fatalf("%q: %v", query, err)
				}
				continue
			}
			for _, one := range api.Stored() {
				if one.Operation == match.Route.OperationDefinition {
					_, errs := api.Prepare(graph.Request{Stored: one, Variables: variables})
					for _, e := range errs {
						if e.Err == nil || fault.Of(e.Err)[0].Code != fault.BadUserInput {
							t.Fatalf("%q: %v", query, e)
						}
					}
				}
			}
		}
	})
}

func unescaped(text string) string {
	text, _ = url.PathUnescape(text)
	return text
}
