package limit

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Fixed tells whether what the operation costs, and how deep it goes, is the same
// whatever its variables are. It reads each fragment once.
func Fixed(o *ast.OperationDefinition) bool {
	return !(&variation{sizes: true, seen: map[*ast.FragmentDefinition]bool{}}).in(o.SelectionSet)
}

// Settled tells whether what the operation selects is the same whatever its
// variables are. It reads each fragment once.
func Settled(o *ast.OperationDefinition) bool {
	return !(&variation{seen: map[*ast.FragmentDefinition]bool{}}).in(o.SelectionSet)
}

// variation looks for variables that matter.
type variation struct {
	sizes bool // how many rows, or items, matters
	seen  map[*ast.FragmentDefinition]bool
}

func (v *variation) in(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return decided(s.Directives) || v.sizes && sized(s) || v.in(s.SelectionSet)
		case *ast.InlineFragment:
			return decided(s.Directives) || v.in(s.SelectionSet)
		case *ast.FragmentSpread:
			if decided(s.Directives) {
				return true
			}
			known := v.seen[s.Definition]
			v.seen[s.Definition] = true
			return !known && v.in(s.Definition.SelectionSet)
		}
		return false
	})
}

// decided tells whether a variable decides on what has the directives.
func decided(directives ast.DirectiveList) bool {
	return slices.ContainsFunc(directives, func(d *ast.Directive) bool {
		return slices.ContainsFunc(d.Arguments, func(a *ast.Argument) bool { return varies(a.Value) })
	})
}

// sized tells whether a variable says how many rows, or items, the field has.
func sized(f *ast.Field) bool {
	return slices.ContainsFunc(f.Arguments, func(a *ast.Argument) bool {
		definition := f.Definition.Arguments.ForName(a.Name)
		counts := a.Name == "first" || a.Name == "last" || definition != nil && definition.Type.Elem != nil
		return counts && varies(a.Value)
	})
}

// varies tells whether a variable is, or is in, the value. Within a list one
// stands for one item, whatever it is.
func varies(v *ast.Value) bool { return v.Kind == ast.Variable }
