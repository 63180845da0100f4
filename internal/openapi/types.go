package openapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/vektah/gqlparser/v2/ast"
)

// types makes schemas of GraphQL's types. Those that have a name are components.
type types struct {
	graphQL    *ast.Schema
	components map[string]*jsonschema.Schema
}

// component is a reference to the schema, which is kept under the name. Where the
// name is another's, it is the schema itself.
func (t *types) component(name string, s *jsonschema.Schema) *jsonschema.Schema {
	kept, taken := t.components[name]
	if taken && !reflect.DeepEqual(kept, s) {
		return s
	}
	t.components[name] = s
	return &jsonschema.Schema{Ref: "#/components/schemas/" + name}
}

// scalars are how the values of GraphQL's and Stoa's scalars are written.
var scalars = map[string]jsonschema.Schema{
	"ID":       {Type: "string", MinLength: new(1), MaxLength: new(64)},
	"String":   {Type: "string"},
	"Int":      {Type: "integer", Format: "int32"},
	"Float":    {Type: "number", Format: "double"},
	"Boolean":  {Type: "boolean"},
	"Decimal":  {Type: "string", Pattern: `^-?[0-9]+(\.[0-9]+)?$`},
	"DateTime": {Type: "string", Format: "date-time"},
}

// leaf is the schema of a scalar's or an enum's values.
func (t *types) leaf(d *ast.Definition) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	if d.Kind == ast.Enum {
		s.Type = "string"
		for _, value := range d.EnumValues {
			s.Enum = append(s.Enum, value.Name)
		}
	} else if known, ok := scalars[d.Name]; ok {
		*s = known
	}
	if d.BuiltIn {
		return s
	}
	s.Description = d.Description
	return t.component(d.Name, s)
}

// input is the schema of what a client may write for the type, in JSON.
func (t *types) input(of *ast.Type) *jsonschema.Schema {
	d := t.graphQL.Types[of.Name()]
	var s *jsonschema.Schema
	switch {
	case of.Elem != nil:
		s = &jsonschema.Schema{Type: "array", Items: t.input(of.Elem)}
	case d.Kind == ast.InputObject:
		s = t.inputObject(d)
	case d.Name == "Decimal":
		s = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{t.leaf(d), {Type: "number"}}}
	default:
		s = t.leaf(d)
	}
	if !of.NonNull {
		return orNull(s)
	}
	return s
}

// inputObject is a reference to the schema of an input's fields. It is kept before
// it is whole, since an input may hold its own kind.
func (t *types) inputObject(d *ast.Definition) *jsonschema.Schema {
	reference := &jsonschema.Schema{Ref: "#/components/schemas/" + d.Name}
	if t.components[d.Name] != nil {
		return reference
	}
	s := closedObject()
	s.Description = d.Description
	t.components[d.Name] = s
	for _, field := range d.Fields {
		property := t.input(field.Type)
		property.Description = field.Description
		property.Default = literal(field.DefaultValue)
		constrain(property, field.Directives)
		required := field.Type.NonNull && field.DefaultValue == nil
		add(s, field.Name, property, required)
	}
	return reference
}

func closedObject() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
}

func add(to *jsonschema.Schema, name string, property *jsonschema.Schema, required bool) {
	if to.Properties == nil {
		to.Properties = map[string]*jsonschema.Schema{}
	}
	to.Properties[name] = property
	to.PropertyOrder = append(to.PropertyOrder, name)
	if required {
		to.Required = append(to.Required, name)
	}
}

// orNull is the schema of what the other one allows, and of null.
func orNull(s *jsonschema.Schema) *jsonschema.Schema {
	if s.Type != "" && s.Enum == nil {
		nullable := *s
		nullable.Type, nullable.Types = "", []string{s.Type, "null"}
		return &nullable
	}
	null := &jsonschema.Schema{Type: "null"}
	if s.AnyOf != nil {
		return &jsonschema.Schema{AnyOf: append(slices.Clone(s.AnyOf), null)}
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, null}}
}

// constrain adds what @constraint says of a value. Its arguments are JSON Schema's
// words, but for two.
func constrain(s *jsonschema.Schema, directives ast.DirectiveList) {
	found := directives.ForName("constraint")
	if found == nil {
		return
	}
	for _, argument := range found.Arguments {
		value := argument.Value.Raw
		switch argument.Name {
		case "pattern":
			s.Pattern = value
		case "format":
			s.Format = value
		case "min":
			s.Minimum = number(value)
		case "max":
			s.Maximum = number(value)
		case "minLength":
			s.MinLength = count(value)
		case "maxLength":
			s.MaxLength = count(value)
		case "minItems":
			s.MinItems = count(value)
		case "maxItems":
			s.MaxItems = count(value)
		}
	}
}

// number and count are numbers of a valid document, nil for what is none.
func number(text string) *float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &n
}

func count(text string) *int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &n
}

// literal is a constant of a document in JSON, nil where there is none. A decimal
// is a string, as everywhere.
func literal(v *ast.Value) json.RawMessage {
	if v == nil {
		return nil
	}
	value, err := v.Value(nil)
	if err != nil {
		return nil
	}
	text, err := encode(value)
	if err != nil {
		return nil
	}
	return bytes.TrimSpace(text)
}

// encode is the value in JSON, for no HTML, and a line's end.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
