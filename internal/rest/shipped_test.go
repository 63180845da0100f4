package rest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph"
	"stoa/internal/limit"
	"stoa/internal/rest"
)

// TestShipped: each document fits the schema, is a route of its own and says what it does; the largest
// that it can ask for is within the limits that Stoa starts with.
func TestShipped(t *testing.T) {
	docs, err := rest.Documents()
	if err != nil {
		t.Fatal(err)
	}
	api := graph.New(graph.Options{})
	if err := api.Store(docs); err != nil {
		t.Fatal(err)
	}
	routes, err := rest.Routes(api.Schema(), stored(api))
	if err != nil || len(routes) != len(docs) {
		t.Fatalf("%d documents are %d routes: %v", len(docs), len(routes), err)
	}
	for _, r := range routes {
		if r.Comment == nil || !strings.HasSuffix(r.Comment.List[0].Text(), ".") {
			t.Errorf("%s has no comment", r.Document.Source)
		}
		most := largest(r.OperationDefinition)
		if cost := limit.Cost(api.Schema(), r.OperationDefinition, most); cost > 5000 {
			t.Errorf("%s costs up to %d", r.Document.Source, cost)
		}
		if depth := limit.Depth(r.OperationDefinition, most); depth > 15 {
			t.Errorf("%s is %d deep", r.Document.Source, depth)
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
