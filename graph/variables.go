package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/fault"
)

// coerce returns the operation's variables, each of its type, with defaults
// where none is given. Variables that the operation does not declare are left
// out. Of what is wrong maxErrors are told, each with a fault in it whose field
// begins with the variable's name.
func coerce(schema *ast.Schema, o *ast.OperationDefinition, given map[string]any) (map[string]any, gqlerror.List) {
	values := map[string]any{}
	var refused gqlerror.List
	for _, declared := range o.VariableDefinitions {
		v, ok := given[declared.Variable]
		if !ok {
			switch {
			case declared.DefaultValue != nil:
				values[declared.Variable], _ = declared.DefaultValue.Value(nil) // checked by validation
			case declared.Type.NonNull:
				refused = append(refused, unfit(declared, &wrong{reason: fault.Required, text: "it is required."}))
			}
			continue
		}
		value, wrongs := coerceValue(schema, declared.Type, v)
		for _, w := range wrongs {
			refused = append(refused, unfit(declared, w))
		}
		values[declared.Variable] = value
	}
	return values, refused[:min(len(refused), maxErrors)]
}

// wrong is what is wrong with a variable, and where in it, the innermost key
// first.
type wrong struct {
	reason fault.Reason
	text   string
	path   []string
}

// unfit is an error about a variable.
func unfit(v *ast.VariableDefinition, w *wrong) *gqlerror.Error {
	slices.Reverse(w.path)
	place := ""
	if len(w.path) > 0 {
		place = "at " + strings.Join(w.path, ".") + ": "
	}
	e := invalid(v.Position, "The variable $%s is wrong: %s%s", v.Variable, place, w.text)
	field := strings.Join(append([]string{v.Variable}, w.path...), ".")
	e.Err = fault.Input(clip(field), w.reason, "%s", clip(strings.ToUpper(w.text[:1])+w.text[1:]))
	return e
}

// unlike is one thing that is wrong.
func unlike(reason fault.Reason, format string, args ...any) []*wrong {
	return []*wrong{{reason: reason, text: fmt.Sprintf(format, args...)}}
}

// below are the things that are wrong within a value, seen from around it.
func below(key string, wrongs []*wrong) []*wrong {
	for _, w := range wrongs {
		w.path = append(w.path, key)
	}
	return wrongs
}

// few are as many of the things that are wrong as are told. What lies deep has only so
// many carried up.
func few(wrongs []*wrong) []*wrong { return wrongs[:min(len(wrongs), maxErrors)] }

// coerceValue returns a JSON value as one of the type, or what is wrong with it: few
// things, after which it looks no further.
func coerceValue(schema *ast.Schema, t *ast.Type, v any) (any, []*wrong) {
	if v == nil {
		if t.NonNull {
			return nil, unlike(fault.Required, "it is null, but its type %s is not.", t)
		}
		return nil, nil
	}
	if t.Elem != nil {
		return coerceList(schema, t.Elem, v)
	}
	definition := schema.Types[t.NamedType]
	switch definition.Kind {
	case ast.Enum:
		return coerceEnum(definition, v)
	case ast.InputObject:
		return coerceObject(schema, definition, v)
	}
	if err := scalars[definition.Name](v); err != nil {
		return nil, unlike(fault.Malformed, "%s", sentence(err))
	}
	return v, nil
}

// coerceList makes a list of one of what is no list.
func coerceList(schema *ast.Schema, elem *ast.Type, v any) (any, []*wrong) {
	list, ok := v.([]any)
	if !ok {
		value, wrongs := coerceValue(schema, elem, v)
		return []any{value}, wrongs
	}
	values := make([]any, len(list))
	var all []*wrong
	for i, v := range list {
		value, wrongs := coerceValue(schema, elem, v)
		if values[i] = value; wrongs == nil {
			continue
		}
		if all = append(all, below(fmt.Sprint(i), wrongs)...); len(all) >= maxErrors {
			break
		}
	}
	return values, few(all)
}

func coerceEnum(definition *ast.Definition, v any) (any, []*wrong) {
	name, ok := v.(string)
	if !ok || definition.EnumValues.ForName(name) == nil {
		return nil, unlike(fault.Malformed, "it is none of the values of %s.", definition.Name)
	}
	return name, nil
}

func coerceObject(schema *ast.Schema, definition *ast.Definition, v any) (any, []*wrong) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, unlike(fault.Malformed, "it is no object, as %s is.", definition.Name)
	}
	all := unknown(definition, object)
	values := make(map[string]any, len(object))
	for _, field := range definition.Fields {
		if len(all) >= maxErrors {
			break
		}
		v, given := object[field.Name]
		if !given {
			if field.Type.NonNull && field.DefaultValue == nil {
				all = append(all, below(field.Name, unlike(fault.Required, "it is required."))...)
			}
			continue
		}
		value, wrongs := coerceValue(schema, field.Type, v)
		all = append(all, below(field.Name, wrongs)...)
		values[field.Name] = value
	}
	return values, few(all)
}

// unknown are the names in the object that are none of the type's fields.
func unknown(definition *ast.Definition, object map[string]any) []*wrong {
	var names []string
	for name := range object {
		if definition.Fields.ForName(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var all []*wrong
	for _, name := range names[:min(len(names), maxErrors)] {
		all = append(all, below(name, unlike(fault.Unknown, "%s has no such field.", definition.Name))...)
	}
	return all
}
