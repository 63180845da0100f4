package rest

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// reader makes of a text in a path or a query the JSON value that it stands for.
// A text that stands for none stays as it is: whoever checks the variables
// refuses it, and tells why.
type reader func(text string) any

func readerOf(schema *ast.Schema, t *ast.Type) reader {
	definition := schema.Types[t.Name()]
	switch {
	case definition.Kind == ast.Enum:
		return enum(definition)
	case IsSort(definition):
		return sort(schema, definition)
	case definition.Kind == ast.InputObject:
		return object
	}
	switch definition.Name {
	case "Int", "Float":
		return func(text string) any { return json.Number(text) }
	case "Boolean":
		return boolean
	}
	return func(text string) any { return text }
}

func boolean(text string) any {
	switch text {
	case "true":
		return true
	case "false":
		return false
	}
	return text
}

// object reads a JSON object whose numbers keep their digits.
func object(text string) any {
	if o, err := decode([]byte(text)); err == nil {
		return o
	}
	return text
}

// decode reads one JSON value.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if err := d.Decode(new(any)); err != io.EOF {
		return nil, errTrailing
	}
	return v, nil
}

// enum reads a value of an enum, whatever its letter case and with or without
// its underscores: createdAt is CREATED_AT.
func enum(definition *ast.Definition) reader {
	values := map[string]string{}
	for _, v := range definition.EnumValues {
		values[plain(v.Name)] = v.Name
	}
	return func(text string) any {
		if name, ok := values[plain(text)]; ok {
			return name
		}
		return text
	}
}

func plain(text string) string { return strings.ToUpper(strings.ReplaceAll(text, "_", "")) }

// IsSort tells whether an input says by which field to sort, which way, and by
// what then: a text in a path or a query stands for it.
func IsSort(definition *ast.Definition) bool {
	for _, name := range []string{"field", "direction", "thenBy"} {
		if definition.Kind != ast.InputObject || definition.Fields.ForName(name) == nil {
			return false
		}
	}
	return true
}

// maxKeys is how many keys of a sort are told apart: more than any sort may have.
const maxKeys = 8

// sort reads keys with or without directions, as in "price:desc,name".
func sort(schema *ast.Schema, definition *ast.Definition) reader {
	field := enum(schema.Types[definition.Fields.ForName("field").Type.Name()])
	direction := enum(schema.Types[definition.Fields.ForName("direction").Type.Name()])
	return func(text string) any {
		var first map[string]any
		keys := strings.SplitN(text, ",", maxKeys)
		for i := len(keys) - 1; i >= 0; i-- {
			name, way, directed := strings.Cut(keys[i], ":")
			key := map[string]any{"field": field(name)}
			if directed {
				key["direction"] = direction(way)
			}
			if first != nil {
				key["thenBy"] = first
			}
			first = key
		}
		return first
	}
}

// several tells whether a list of the type may stand in one text, separated by
// commas: of what has none in it.
func several(t *ast.Type, definition *ast.Definition) bool {
	return t.Elem != nil && definition.Kind != ast.InputObject && definition.Name != "String"
}
