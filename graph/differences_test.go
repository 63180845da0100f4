package graph

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// differences are the ways in which the schema is not what clients of the old
// one know. Additions are none, unless a client has to give them.
func differences(old, s *ast.Schema) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(old.Types)) {
		was, is := old.Types[name], s.Types[name]
		switch {
		case was.BuiltIn:
		case is == nil:
			found = append(found, name+" is missing")
		case is.Kind != was.Kind:
			found = append(found, name+" is of another kind")
		default:
			found = append(found, ofType(was, is)...)
		}
	}
	return found
}

func ofType(was, is *ast.Definition) (found []string) {
	for _, name := range was.Interfaces {
		if !slices.Contains(is.Interfaces, name) {
			found = append(found, was.Name+" implements "+name+" is missing")
		}
	}
	for _, value := range was.EnumValues {
		if is.EnumValues.ForName(value.Name) == nil {
			found = append(found, was.Name+"."+value.Name+" is missing")
		}
	}
	if was.Kind == ast.Scalar && specified(was) != specified(is) {
		found = append(found, was.Name+" is specified elsewhere")
	}
	for _, field := range was.Fields {
		found = append(found, ofField(was.Name+"."+field.Name, field, is.Fields.ForName(field.Name))...)
	}
	if was.Kind == ast.InputObject {
		for _, field := range is.Fields {
			if was.Fields.ForName(field.Name) == nil && required(field.Type, field.DefaultValue) {
				found = append(found, was.Name+"."+field.Name+" is required beside")
			}
		}
	}
	return found
}

func specified(d *ast.Definition) string {
	if by := d.Directives.ForName("specifiedBy"); by != nil {
		return by.Arguments.ForName("url").Value.Raw
	}
	return ""
}

func ofField(name string, was, is *ast.FieldDefinition) (found []string) {
	if is == nil {
		return []string{name + " is missing"}
	}
	found = ofValue(name, was.Type, is.Type, was.DefaultValue, is.DefaultValue)
	for _, argument := range was.Arguments {
		other := is.Arguments.ForName(argument.Name)
		where := name + "(" + argument.Name + ")"
		if other == nil {
			found = append(found, where+" is missing")
			continue
		}
		found = append(found, ofValue(where, argument.Type, other.Type, argument.DefaultValue, other.DefaultValue)...)
	}
	for _, argument := range is.Arguments {
		if was.Arguments.ForName(argument.Name) == nil && required(argument.Type, argument.DefaultValue) {
			found = append(found, name+"("+argument.Name+") is required beside")
		}
	}
	return found
}

func ofValue(name string, was, is *ast.Type, wasDefault, isDefault *ast.Value) (found []string) {
	if was.String() != is.String() {
		found = append(found, name+" is "+is.String()+", not "+was.String())
	}
	if text(wasDefault) != text(isDefault) {
		found = append(found, name+" is by default "+text(isDefault)+", not "+text(wasDefault))
	}
	return found
}

func required(t *ast.Type, byDefault *ast.Value) bool { return t.NonNull && byDefault == nil }

func text(v *ast.Value) string {
	if v == nil {
		return "missing"
	}
	return v.String()
}
