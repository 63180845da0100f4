package rest_test

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"stoa/graph"
	"stoa/internal/limit"
	"stoa/internal/rest"
)

// cacheControl is of the documents' directives the one that is not about routes.
const cacheControl = "directive @cacheControl(maxAge: Int!) on QUERY"

// shipped are the operations of the documents.
func shipped(t *testing.T) (*ast.Schema, ast.OperationList) {
	t.Helper()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL() + rest.Directives + cacheControl})
	files, err := fs.Glob(rest.Shipped, "documents/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var all ast.QueryDocument
	for _, name := range files {
		text, err := rest.Shipped.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		one, err := parser.ParseQuery(&ast.Source{Name: name, Input: string(text)})
		if err != nil {
			t.Fatal(err)
		}
		if len(one.Operations)+len(one.Fragments) != 1 {
			t.Errorf("%s holds more than one thing", name)
		}
		all.Operations = append(all.Operations, one.Operations...)
		all.Fragments = append(all.Fragments, one.Fragments...)
	}
	for _, wrong := range validator.ValidateWithRules(schema, &all, nil) {
		t.Error(wrong)
	}
	return schema, all.Operations
}

// TestShipped: each document fits the schema, has a path of its own and says what it does; the largest that it can ask for is within the limits that Stoa starts with.
func TestShipped(t *testing.T) {
	schema, operations := shipped(t)
	routes := map[string]bool{}
	for _, o := range operations {
		file := o.Position.Src.Name
		call := o.Directives.ForName("rest")
		if call == nil || o.Comment == nil || !strings.HasSuffix(o.Comment.List[0].Text(), ".") {
			t.Errorf("%s has no @rest or no comment", file)
			continue
		}
		route := call.Arguments.ForName("method").Value.Raw + " " + call.Arguments.ForName("path").Value.Raw
		if routes[route] {
			t.Errorf("%s: there is another %s", file, route)
		}
		routes[route] = true
		if cost := limit.Cost(schema, o, largest(o)); cost > 5000 {
			t.Errorf("%s costs up to %d", file, cost)
		}
		if depth := limit.Depth(o, largest(o)); depth > 15 {
			t.Errorf("%s is %d deep", file, depth)
		}
	}
}

// largest are the variables with which the operation asks for most.
func largest(o *ast.OperationDefinition) map[string]any {
	values := map[string]any{}
	for _, v := range o.VariableDefinitions {
		switch {
		case v.Variable == "first":
			values[v.Variable] = json.Number("100")
		case v.Type.Name() == "Boolean":
			values[v.Variable] = true
		case v.Variable == "input" && v.Type.Elem != nil:
			values[v.Variable] = make([]any, 500)
		}
	}
	return values
}
