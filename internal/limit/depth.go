package limit

import "github.com/vektah/gqlparser/v2/ast"

// Depth is how many fields of the operation lie within each other. It reads
// each fragment once.
func Depth(o *ast.OperationDefinition, variables map[string]any) int {
	d := &diver{variables: variables, seen: map[*ast.FragmentDefinition]int{}}
	return d.below(o.SelectionSet)
}

type diver struct {
	variables map[string]any
	seen      map[*ast.FragmentDefinition]int
}

func (d *diver) below(set ast.SelectionSet) int {
	deepest := 0
	for _, selection := range set {
		if !Included(selection, d.variables) {
			continue
		}
		switch s := selection.(type) {
		case *ast.Field:
			deepest = max(deepest, 1+d.below(s.SelectionSet))
		case *ast.InlineFragment:
			deepest = max(deepest, d.below(s.SelectionSet))
		case *ast.FragmentSpread:
			deepest = max(deepest, d.fragment(s.Definition))
		}
	}
	return deepest
}

func (d *diver) fragment(f *ast.FragmentDefinition) int {
	depth, ok := d.seen[f]
	if !ok {
		depth = d.below(f.SelectionSet)
		d.seen[f] = depth
	}
	return depth
}
