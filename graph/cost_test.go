package graph

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/model"
	"stoa/internal/relay"
)

// plainCost is the cost of a request, read from the contract as one reads it
// aloud: it follows every fragment wherever it is used and keeps nothing.
func plainCost(o *ast.OperationDefinition, given map[string]any) int {
	p := reading{o: o, given: given}
	total := 0
	for _, f := range p.fields(o.SelectionSet) {
		if o.Operation == ast.Mutation && f.Name != "__typename" {
			total += 10 + p.selection(f) + p.items(f)
		} else {
			total += p.field(f)
		}
	}
	return total
}

type reading struct {
	o     *ast.OperationDefinition
	given map[string]any // as in the request's JSON
}

// fields are those of a selection, with what its fragments bring and without
// what the directives leave out.
func (p reading) fields(set ast.SelectionSet) []*ast.Field {
	var all []*ast.Field
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if p.wanted(s.Directives) {
				all = append(all, s)
			}
		case *ast.InlineFragment:
			if p.wanted(s.Directives) {
				all = append(all, p.fields(s.SelectionSet)...)
			}
		case *ast.FragmentSpread:
			if p.wanted(s.Directives) {
				all = append(all, p.fields(s.Definition.SelectionSet)...)
			}
		}
	}
	return all
}

func (p reading) wanted(directives ast.DirectiveList) bool {
	for _, d := range directives {
		condition := p.value(d.Arguments.ForName("if").Value)
		if d.Name == "skip" && condition == true || d.Name == "include" && condition == false {
			return false
		}
	}
	return true
}

func (p reading) selection(of *ast.Field) int {
	total := 0
	for _, f := range p.fields(of.SelectionSet) {
		total += p.field(f)
	}
	return total
}

func (p reading) field(f *ast.Field) int {
	switch {
	case f.Name == "__schema" || f.Name == "__type":
		return 100
	case f.Name == "totalCount" || f.Name == "stats":
		return 10
	case f.Name == "nodes" && f.Definition.Type.Name() == "Node":
		return 1 + p.length(f.Arguments[0].Value)*(1+p.selection(f))
	case strings.HasSuffix(f.Definition.Type.Name(), "Connection"):
		return p.connection(f)
	case f.Name == "pageInfo" || len(f.SelectionSet) == 0:
		return 0
	}
	return 1 + p.selection(f)
}

func (p reading) connection(f *ast.Field) int {
	n := 10
	for _, a := range f.Arguments {
		if v := p.value(a.Value); v != nil && slices.Contains([]string{"first", "last"}, a.Name) {
			n = v.(int)
		}
	}
	total := 1
	for _, part := range p.fields(f.SelectionSet) {
		switch part.Name {
		case "nodes":
			total += n * (1 + p.selection(part))
		case "edges":
			for _, node := range p.fields(part.SelectionSet) {
				if node.Name == "node" {
					total += n * (1 + p.selection(node))
				}
			}
		default:
			total += p.field(part)
		}
	}
	return total
}

// items are those of the lists among a mutation's inputs.
func (p reading) items(f *ast.Field) int {
	total := 0
	for _, a := range f.Arguments {
		if f.Definition.Arguments.ForName(a.Name).Type.Elem != nil {
			total += p.length(a.Value)
		}
	}
	return total
}

// length is that of a list; a value that is none stands for a list of itself.
func (p reading) length(v *ast.Value) int {
	switch list := p.value(v).(type) {
	case []any:
		return len(list)
	case nil:
		return 0
	}
	return 1
}

// value is a number as an int, a condition as a bool, a list as a []any, and
// nil for null and for a variable without a value.
func (p reading) value(v *ast.Value) any {
	switch v.Kind {
	case ast.Variable:
		given, ok := p.given[v.Raw]
		if number, isNumber := given.(json.Number); isNumber {
			n, _ := number.Int64()
			return int(n)
		}
		if declared := p.o.VariableDefinitions.ForName(v.Raw); !ok && declared.DefaultValue != nil {
			return p.value(declared.DefaultValue)
		}
		return given
	case ast.IntValue:
		n, _ := json.Number(v.Raw).Int64()
		return int(n)
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.ListValue:
		return make([]any, len(v.Children))
	case ast.NullValue:
		return nil
	}
	return v.Raw
}

// someIDs are well-formed, of each type.
var someIDs = func() map[string][]string {
	ids := map[string][]string{}
	for _, kind := range []string{"Product", "Category", "User", "Post"} {
		ids[kind] = []string{string(relay.NewID(kind, 1)), string(relay.NewID(kind, 2))}
	}
	return ids
}()

// randomRequest is a query or, every fourth time, a mutation.
func randomRequest(t testing.TB, seed uint64) (query, variables string) {
	t.Helper()
	operation := ast.Query
	if seed%4 == 0 {
		operation = ast.Mutation
	}
	query, given := model.Requests{Gen: model.NewGen(seed), Schema: schema(), IDs: someIDs, Pages: 100, Depth: 3}.Next(operation)
	return query, asJSON(t, given)
}

func TestCostIsTheContracts(t *testing.T) {
	// What has to occur in the documents for them to show anything.
	forms := map[string]int{
		"__schema": 0, "totalCount": 0, "stats": 0, "nodes(ids: [": 0, "nodes(ids: $": 0, "first: $": 0, "last: ": 0, "first: null": 0, "Int = null": 0,
		"fragment": 0, "... {": 0, "... on": 0, "@skip(if: $": 0, "@include(if: $": 0, "edges {": 0, "nodes {": 0, "setInventory(input: [": 0, "setInventory(input: $": 0,
	}
	for seed := range uint64(1000) {
		query, variables := randomRequest(t, seed)
		o := accepted(t, query, variables)
		if want := plainCost(o.context.Operation, object(t, variables)); o.Cost != want {
			t.Errorf("%s\nwith %s costs %d, want %d", query, variables, o.Cost, want)
		}
		for form := range forms {
			forms[form] += strings.Count(query, form)
		}
	}
	for form, n := range forms {
		if n < 10 {
			t.Errorf("%q occurs only %d times", form, n)
		}
	}
}
