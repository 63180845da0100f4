package graph

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/limit"
)

// hintsOf are those of an operation that is allowed less than it costs.
func hintsOf(t *testing.T, o *Operation, allowed int) []limit.Hint {
	t.Helper()
	a := *open
	a.MaxCost = allowed
	_, refused := a.affordable(o.context.Operation, o.context.Variables)
	if len(refused) != 1 || refused[0].Extensions["code"] != "QUERY_TOO_COMPLEX" || refused[0].Extensions["maxCost"] != allowed || refused[0].Extensions["cost"] != o.Cost {
		t.Fatalf("with %d points allowed an operation of %d is answered %v", allowed, o.Cost, refused)
	}
	return refused[0].Extensions["hints"].([]limit.Hint)
}

// placed are the fields that stand at the path of a response.
func placed(set ast.SelectionSet, path []string) []*ast.Field {
	var found []*ast.Field
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias == path[0] && len(path) == 1 {
				found = append(found, s)
			} else if s.Alias == path[0] {
				found = append(found, placed(s.SelectionSet, path[1:])...)
			}
		case *ast.InlineFragment:
			found = append(found, placed(s.SelectionSet, path)...)
		case *ast.FragmentSpread:
			found = append(found, placed(s.Definition.SelectionSet, path)...)
		}
	}
	return found
}

// with runs f while the fields ask for the first n.
func with(fields []*ast.Field, n int, f func()) {
	first := &ast.Argument{Name: "first", Value: &ast.Value{Kind: ast.IntValue, Raw: strconv.Itoa(n)}}
	before := map[*ast.Field]ast.ArgumentList{}
	for _, field := range fields {
		if _, ok := before[field]; !ok {
			before[field] = field.Arguments
			field.Arguments = append(slices.DeleteFunc(slices.Clone(field.Arguments),
				func(a *ast.Argument) bool { return a.Name == "first" || a.Name == "last" }), first)
		}
	}
	f()
	for field, arguments := range before {
		field.Arguments = arguments
	}
}

// Each hint, applied, is accepted, and one row more refused.
func TestHintsFit(t *testing.T) {
	const most = 100
	fitting, none := 0, 0
	for seed := range uint64(300) {
		query, variables := randomRequest(t, seed)
		o, given := accepted(t, query, variables), object(t, variables)
		for _, allowed := range []int{o.Cost - 1, o.Cost / 2, o.Cost / 10} {
			if allowed <= 0 {
				continue
			}
			for _, hint := range hintsOf(t, o, allowed) {
				costs := func(n int) (cost int) {
					with(placed(o.context.Operation.SelectionSet, hint.Path), n, func() { cost = plainCost(o.context.Operation, given) })
					return cost
				}
				said, least := "null", 0
				if hint.WouldFit != nil {
					said, least = fmt.Sprint(*hint.WouldFit), *hint.WouldFit+1
					fitting++
					if costs(least-1) > allowed || least > most+1 {
						t.Errorf("%s\nwith %s and %d points allowed: %s at %v does not fit", query, variables, allowed, said, hint.Path)
					}
				} else {
					none++
				}
				if least <= most && costs(least) <= allowed {
					t.Errorf("%s\nwith %s and %d points allowed: more than %s fit at %v", query, variables, allowed, said, hint.Path)
				}
			}
		}
	}
	if fitting < 150 || none < 150 {
		t.Errorf("%d hints fit, %d do not: too few to show anything", fitting, none)
	}
}
