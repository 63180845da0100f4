package openapi

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"stoa/graph"
	"stoa/internal/documents"
	"stoa/internal/fault"
	"stoa/internal/rest"
)

// describe is the description of the routes of the documents, beside the bytes.
func describe(t *testing.T, docs ...documents.Document) (whole map[string]any, text []byte) {
	t.Helper()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	text, err := Describe(Options{
		Routes: routes(t, schema, docs), Schema: schema, Server: "/api",
		Status: func(fault.Code) int { return 400 },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	return whole, text
}

func routes(t *testing.T, schema *ast.Schema, docs []documents.Document) []rest.Route {
	t.Helper()
	var operations []rest.Operation
	for _, d := range docs {
		parsed, err := parser.ParseQuery(&ast.Source{Input: d.Text})
		if err != nil {
			t.Fatal(err)
		}
		o := parsed.Operations[0]
		operations = append(operations, rest.Operation{OperationDefinition: o, Document: d, Rest: o.Directives.ForName("rest")})
		o.Directives = nil
		if errs := validator.ValidateWithRules(schema, parsed, nil); errs != nil {
			t.Fatal(errs)
		}
	}
	routes, err := rest.Routes(schema, operations)
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

func TestDescriptionsAreTheSame(t *testing.T) {
	docs, err := rest.Documents()
	if err != nil {
		t.Fatal(err)
	}
	_, first := describe(t, docs...)
	for range 10 {
		if _, again := describe(t, docs...); !bytes.Equal(again, first) {
			t.Fatal("the description is another one each time")
		}
	}
}

// at is what stands at the place, its keys separated by blanks, in JSON; of a list it is the first.
func at(t *testing.T, whole any, place string) string {
	t.Helper()
	for key := range strings.FieldsSeq(place) {
		if list, ok := whole.([]any); ok {
			whole = list[0]
			continue
		}
		whole = whole.(map[string]any)[key]
	}
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const (
	answered = " responses 200 content application/json schema"
	id       = `{"maxLength":64,"minLength":1,"type":"string"}`
	pieces   = `{"description":"How many pieces there are.","format":"int32","type":"integer"}`
	name     = `{"type":"string"}`
)

// TestSelections: a response has what its document selects, under the names that it gives, and what
// may be missing or null is told to be.
func TestSelections(t *testing.T) {
	for _, c := range []struct{ document, place, want string }{
		{
			`query Q($id: ID!, $all: Boolean!) @rest(method: GET, path: "/a/{id}") { product(id: $id) { is: id left: inventory @include(if: $all) } }`,
			"paths /a/{id} get" + answered,
			`{"properties":{"is":` + id + `,"left":` + pieces + `},"required":["is"],"type":"object"}`,
		},
		{
			`query Q($id: ID!) @rest(method: GET, path: "/a/{id}") { node(id: $id) { id ... on Product { name } ... on Node { id } } }`,
			"paths /a/{id} get" + answered,
			`{"properties":{"id":` + strings.Replace(id, "{", `{"description":"Globally unique, and the same for ever.",`, 1) + `,"name":` + name + `},"required":["id"],"type":"object"}`,
		},
		{
			`query Q($ids: [ID!]!) @rest(method: GET, path: "/a") { nodes(ids: $ids) { __typename } }`,
			"paths /a get" + answered,
			`{"items":{"properties":{"__typename":{"type":"string"}},"required":["__typename"],"type":["object","null"]},"type":"array"}`,
		},
		{
			`query Q($id: ID!) @rest(method: GET, path: "/a/{id}") { product(id: $id) { ...One } } fragment One on Product { ...Two } fragment Two on Product { name }`,
			"components schemas One",
			`{"$ref":"#/components/schemas/Two","description":"A thing that the shop sells."}`,
		},
		{
			`query Q($id: ID!) @rest(method: GET, path: "/a/{id}") { post(id: $id) { category { name } } }`,
			"paths /a/{id} get" + answered + " properties category",
			`{"properties":{"name":{"description":"Unique, whatever the letter case.","type":"string"}},"required":["name"],"type":["object","null"]}`,
		},
	} {
		whole, _ := describe(t, documents.Document{Text: c.document})
		if got := at(t, whole, c.place); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.document, got, c.want)
		}
	}
}

// TestNames: no two operations have one id, and a fragment's name stands for one schema alone.
func TestNames(t *testing.T) {
	whole, _ := describe(t,
		documents.Document{Text: `query Q @rest(method: GET, path: "/a") { viewer { ...F } } fragment F on User { username }`},
		documents.Document{Text: `query Q @rest(method: GET, path: "/b/c-d") { viewer { ...F } } fragment F on User { id }`},
		documents.Document{Text: `query @rest(method: GET, path: "/e") { viewer { ...F } } fragment F on User { username }`},
		documents.Document{Text: `query q @rest(method: GET, path: "/f") { viewer { id } }`},
		documents.Document{Text: `query @rest(method: GET, path: "/g-h") { viewer { id } }`},
		documents.Document{Text: `query @rest(method: GET, path: "/g/h") { viewer { id } }`},
	)
	for place, want := range map[string]string{
		"paths /a get operationId":     `"q"`,
		"paths /b/c-d get operationId": `"getBCD"`,
		"paths /e get operationId":     `"getE"`,
		"paths /f get operationId":     `"getF"`,
		"paths /g-h get operationId":   `"getGH"`,
		"paths /g/h get operationId":   `"getGH_"`,
		"paths /a get" + answered:      `{"$ref":"#/components/schemas/F"}`,
		"paths /b/c-d get" + answered:  `{"description":"Somebody with an account.","properties":{"id":` + id + `},"required":["id"],"type":"object"}`,
		"paths /e get" + answered:      `{"$ref":"#/components/schemas/F"}`,
	} {
		if got := at(t, whole, place); got != want {
			t.Errorf("%s: got %s, want %s", place, got, want)
		}
	}
}

// TestPathsOfOneShape: to OpenAPI they are one path, whatever its variables are called.
func TestPathsOfOneShape(t *testing.T) {
	whole, _ := describe(t,
		documents.Document{Text: `query A($id: ID!) @rest(method: GET, path: "/a/{id}") { post(id: $id) { id } }`},
		documents.Document{Text: `mutation B($key: ID!) @rest(method: DELETE, path: "/a/{key}") { deletePost(id: $key) }`},
	)
	paths := whole["paths"].(map[string]any)
	if methods, _ := paths["/a/{key}"].(map[string]any); len(paths) != 1 || len(methods) != 2 {
		t.Errorf("the paths are %v", paths)
	}
	for _, method := range []string{"get", "delete"} {
		if got := at(t, whole, "paths /a/{key} "+method+" parameters 0 name"); got != `"key"` {
			t.Errorf("%s has the parameter %s", method, got)
		}
	}
}

// TestSorts: a sort is keys with or without directions, as fields are written.
func TestSorts(t *testing.T) {
	whole, _ := describe(t, documents.Document{Text: `query Q($by: CategorySort) @rest(method: GET, path: "/a") { categories(sortBy: $by) { nodes { id } } }`})
	got := at(t, whole, "paths /a get parameters 0 schema pattern")
	if want := `"^(createdAt|name)(:(asc|desc))?(,(createdAt|name)(:(asc|desc))?){0,2}$"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestExamples: those of a shipped operation are not an operator's, though it has the name.
func TestExamples(t *testing.T) {
	const media = "paths /a get responses 200 content application/json"
	own := documents.Document{Text: `query ListProducts @rest(method: GET, path: "/a") { products { totalCount } }`}
	whole, _ := describe(t, own)
	if got := at(t, whole, media); strings.Contains(got, "example") {
		t.Errorf("an operator's has %s", got)
	}
}
