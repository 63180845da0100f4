package rest

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// distribute says of each variable where in a request it is: in the path, or in
// the query, in which of GET and DELETE all the others are too. Of the other
// methods a variable named input is the body, or else the rest are its members.
func (r *Route) distribute(schema *ast.Schema, query []string) error {
	path := r.variables()
	for i, name := range path {
		if slices.Contains(path[:i], name) || slices.Contains(query, name) {
			return r.wrong("the path has {%s} twice", name)
		}
	}
	for _, name := range slices.Concat(path, query) {
		if r.VariableDefinitions.ForName(name) == nil {
			return r.wrong("the path has {%s}, but the operation has no $%[1]s", name)
		}
	}
	bodied := r.Method != "GET" && r.Method != "DELETE"
	for _, v := range r.VariableDefinitions {
		switch {
		case slices.Contains(path, v.Variable):
			if v.Type.Elem != nil || v.Definition.Kind == ast.InputObject {
				return r.wrong("{%s} is a part of the path, but $%[1]s no single value", v.Variable)
			}
			r.take(schema, v, InPath)
		case !bodied || slices.Contains(query, v.Variable):
			r.take(schema, v, InQuery)
		case v.Variable == "input":
			r.Body = v
		default:
			r.take(schema, v, InBody)
		}
	}
	if r.Body == nil {
		return nil
	}
	for _, p := range r.Parameters {
		if p.In == InBody {
			return r.wrong("$input is the whole body; say {?%s} at the end of the path if $%[1]s comes by query", p.Variable)
		}
	}
	return nil
}

func (r *Route) take(schema *ast.Schema, v *ast.VariableDefinition, in In) {
	r.Parameters = append(r.Parameters, Parameter{v, in, readerOf(schema, v.Type)})
}

// variables are those in the path.
func (r *Route) variables() []string {
	var names []string
	for _, s := range r.segments {
		if s.variable != "" {
			names = append(names, s.variable)
		}
	}
	return names
}
