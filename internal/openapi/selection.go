package openapi

import (
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/vektah/gqlparser/v2/ast"
)

// selected is a field of an object in a response, with what is selected of it in
// all places.
type selected struct {
	*ast.Field
	sets   ast.SelectionSet
	always bool // no @skip, @include or other type takes it away
}

// output is the schema of a field's value of the type.
func (t *types) output(of *ast.Type, set ast.SelectionSet) *jsonschema.Schema {
	d := t.graphQL.Types[of.Name()]
	var s *jsonschema.Schema
	switch {
	case of.Elem != nil:
		s = &jsonschema.Schema{Type: "array", Items: t.output(of.Elem, set)}
	case d.IsLeafType():
		s = t.leaf(d)
	default:
		s = t.object(d, set)
	}
	if !of.NonNull {
		return orNull(s)
	}
	return s
}

// object is the schema of what is selected of an object. What a single fragment
// selects has the fragment's name.
func (t *types) object(d *ast.Definition, set ast.SelectionSet) *jsonschema.Schema {
	if spread := alone(set); spread != nil && spread.Definition.TypeCondition == d.Name {
		s := t.object(d, spread.Definition.SelectionSet)
		s.Description = d.Description
		return t.component(spread.Name, s)
	}
	s := &jsonschema.Schema{Type: "object"}
	for _, f := range t.collect(nil, d, set, true) {
		property := t.output(typeOf(f.Field), f.sets)
		if property.Description == "" || f.Definition.Description != "" {
			property.Description = f.Definition.Description
		}
		add(s, f.Alias, property, f.always)
	}
	return s
}

// typeOf is the type of a field's value; gqlparser does not tell that __typename is
// never null.
func typeOf(f *ast.Field) *ast.Type {
	if f.Name == "__typename" {
		return ast.NonNullNamedType("String", nil)
	}
	return f.Definition.Type
}

// alone is the fragment that is all of a selection, nil where there is more.
func alone(set ast.SelectionSet) *ast.FragmentSpread {
	if len(set) != 1 {
		return nil
	}
	spread, ok := set[0].(*ast.FragmentSpread)
	if !ok || len(spread.Directives) > 0 {
		return nil
	}
	return spread
}

// collect adds to the fields of an object those that the selection has.
func (t *types) collect(fields []*selected, d *ast.Definition, set ast.SelectionSet, always bool) []*selected {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			fields = merged(fields, &selected{s, s.SelectionSet, always && len(s.Directives) == 0})
		case *ast.InlineFragment:
			certain := always && len(s.Directives) == 0 && t.covers(s.TypeCondition, d)
			fields = t.collect(fields, d, s.SelectionSet, certain)
		case *ast.FragmentSpread:
			certain := always && len(s.Directives) == 0 && t.covers(s.Definition.TypeCondition, d)
			fields = t.collect(fields, d, s.Definition.SelectionSet, certain)
		}
	}
	return fields
}

// covers tells whether whatever is of the type meets the condition.
func (t *types) covers(condition string, d *ast.Definition) bool {
	return condition == "" || condition == d.Name || slices.Contains(d.Interfaces, condition)
}

func merged(fields []*selected, more *selected) []*selected {
	for _, f := range fields {
		if f.Alias == more.Alias {
			f.sets = slices.Concat(f.sets, more.sets)
			f.always = f.always || more.always
			return fields
		}
	}
	return append(fields, more)
}
