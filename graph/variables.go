package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// coerce returns the operation's variables, each of its type, with defaults
// where none is given. Variables that the operation does not declare are left
// out.
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
				refused = append(refused, invalid(declared.Position, "The variable $%s is required.", declared.Variable))
			}
			continue
		}
		value, err := coerceTo(schema, declared.Type, v)
		if err != nil {
			refused = append(refused, invalid(declared.Position, "The variable $%s is wrong: %s", declared.Variable, err))
			continue
		}
		values[declared.Variable] = value
	}
	return values, refused
}

// wrong is what is wrong with a variable, and where in it, the innermost key
// first.
type wrong struct {
	text string
	path []string
}

func (w *wrong) Error() string {
	if len(w.path) == 0 {
		return w.text
	}
	path := slices.Clone(w.path)
	slices.Reverse(path)
	return "at " + strings.Join(path, ".") + ": " + w.text
}

func below(key string, w *wrong) *wrong {
	w.path = append(w.path, key)
	return w
}

// coerceTo returns a JSON value as one of the type.
func coerceTo(schema *ast.Schema, t *ast.Type, v any) (any, error) {
	value, w := coerceValue(schema, t, v)
	if w != nil {
		return nil, w
	}
	return value, nil
}

func coerceValue(schema *ast.Schema, t *ast.Type, v any) (any, *wrong) {
	if v == nil {
		if t.NonNull {
			return nil, &wrong{text: "it is null, but its type " + t.String() + " is not."}
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
		return nil, &wrong{text: sentence(err)}
	}
	return v, nil
}

// coerceList makes a list of one of what is no list.
func coerceList(schema *ast.Schema, elem *ast.Type, v any) (any, *wrong) {
	list, ok := v.([]any)
	if !ok {
		value, w := coerceValue(schema, elem, v)
		return []any{value}, w
	}
	values := make([]any, len(list))
	for i, v := range list {
		value, w := coerceValue(schema, elem, v)
		if w != nil {
			return nil, below(fmt.Sprint(i), w)
		}
		values[i] = value
	}
	return values, nil
}

func coerceEnum(definition *ast.Definition, v any) (any, *wrong) {
	name, ok := v.(string)
	if !ok || definition.EnumValues.ForName(name) == nil {
		return nil, &wrong{text: "it is none of the values of " + definition.Name + "."}
	}
	return name, nil
}

func coerceObject(schema *ast.Schema, definition *ast.Definition, v any) (any, *wrong) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, &wrong{text: "it is no object, as " + definition.Name + " is."}
	}
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if definition.Fields.ForName(name) == nil {
			return nil, below(name, &wrong{text: definition.Name + " has no such field."})
		}
	}
	values := make(map[string]any, len(object))
	for _, field := range definition.Fields {
		v, given := object[field.Name]
		if !given {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, below(field.Name, &wrong{text: "it is required."})
			}
			continue
		}
		value, w := coerceValue(schema, field.Type, v)
		if w != nil {
			return nil, below(field.Name, w)
		}
		values[field.Name] = value
	}
	return values, nil
}
