package rest

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Subject is what a fault of the operation is about, as the client knows it, and
// where in the request that is. Of a variable's fault at is nil, and the field
// begins with its name; else at is the place in the response, and the field that
// among the arguments there. It is "" where the client has no name for it.
func (r *Route) Subject(at ast.Path, field string) (name string, in In) {
	names := strings.Split(field, ".")
	if at != nil {
		names = r.argument(at, names)
	}
	if names == nil {
		return "", InBody
	}
	if r.Body != nil && names[0] == r.Body.Variable {
		return strings.Join(names[1:], "."), InBody
	}
	p := r.parameter(names[0])
	if p == nil {
		return "", InBody
	}
	if p.In != InBody && IsSort(p.Definition) {
		names = names[:1]
	}
	return strings.Join(names, "."), p.In
}

// argument is the variable, and the names within it, that an argument's place
// comes to; nil where it is the document's own.
func (r *Route) argument(at ast.Path, names []string) []string {
	set := r.SelectionSet
	var field *ast.Field
	for _, element := range at {
		if key, ok := element.(ast.PathName); ok {
			if field = selected(set, string(key)); field == nil {
				return nil
			}
			set = field.SelectionSet
		}
	}
	if field == nil || field.Arguments.ForName(names[0]) == nil {
		return nil
	}
	value, names := field.Arguments.ForName(names[0]).Value, names[1:]
	for value != nil && value.Kind != ast.Variable && len(names) > 0 {
		value, names = within(value, names[0]), names[1:]
	}
	if value == nil || value.Kind != ast.Variable {
		return nil
	}
	return append([]string{value.Raw}, names...)
}

// within is the part of a literal with the name, or the place in a list.
func within(value *ast.Value, name string) *ast.Value {
	for i, child := range value.Children {
		if child.Name == name || value.Kind == ast.ListValue && strconv.Itoa(i) == name {
			return child.Value
		}
	}
	return nil
}
