package graph

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"stoa/internal/relay"
	"stoa/internal/scalar"
)

// scalars read a value of each scalar from what JSON, or a literal, can hold:
// nil, a bool, a string or a json.Number. Whatever they refuse is not of the
// type.
var scalars = map[string]func(v any) error{
	"Boolean":  readBoolean,
	"Int":      readInt,
	"Float":    readFloat,
	"String":   readString,
	"ID":       func(v any) error { return new(relay.ID).UnmarshalGQL(v) },
	"Decimal":  func(v any) error { return new(scalar.Decimal).UnmarshalGQL(v) },
	"DateTime": func(v any) error { return new(scalar.Time).UnmarshalGQL(v) },
}

func readBoolean(v any) error {
	if _, ok := v.(bool); !ok {
		return fmt.Errorf("a Boolean is true or false")
	}
	return nil
}

func readInt(v any) error {
	n, ok := v.(json.Number)
	if !ok {
		return fmt.Errorf("an Int is a whole number")
	}
	if _, err := strconv.ParseInt(n.String(), 10, 32); err != nil {
		return fmt.Errorf("an Int is a whole number of 32 bits")
	}
	return nil
}

func readFloat(v any) error {
	n, ok := v.(json.Number)
	if !ok {
		return fmt.Errorf("a Float is a number")
	}
	_, err := n.Float64()
	return err
}

func readString(v any) error {
	if _, ok := v.(string); !ok {
		return fmt.Errorf("a String is a text")
	}
	return nil
}

// exactScalars is a rule of validation: what gqlparser's do not look at, the
// literals of our own scalars, the range of an Int, and {} for what is no
// object. It makes a string of
// a Decimal that is written as a number, which would be a float before the
// scalar saw it.
func exactScalars(events *validator.Events, refuse validator.AddErrFunc) {
	events.OnValue(func(_ *validator.Walker, value *ast.Value) {
		if value.Definition == nil || value.ExpectedType == nil || value.ExpectedType.Elem != nil {
			return
		}
		if value.Kind == ast.ObjectValue && len(value.Children) == 0 && value.Definition.Kind != ast.InputObject {
			refuse(validator.Message("Expected value of type %q, found {}.", value.ExpectedType), at(value.Position))
			return
		}
		v, ok := literal(value)
		switch value.Definition.Name {
		case "Int":
			_, err := strconv.ParseInt(value.Raw, 10, 64)
			ok = ok && value.Kind == ast.IntValue && err == nil
		case "Decimal", "DateTime":
		default:
			return
		}
		if !ok {
			return
		}
		if err := scalars[value.Definition.Name](v); err != nil {
			refuse(validator.Message("%s", sentence(err)), at(value.Position))
		}
		if value.Definition.Name == "Decimal" {
			value.Kind = ast.StringValue
		}
	})
}

func at(p *ast.Position) validator.ErrorOption {
	return func(e *gqlerror.Error) {
		if p != nil {
			e.Locations = append(e.Locations, gqlerror.Location{Line: p.Line, Column: p.Column})
		}
	}
}

// literal is the value of a literal that a scalar could have.
func literal(value *ast.Value) (v any, ok bool) {
	switch value.Kind {
	case ast.IntValue, ast.FloatValue:
		return json.Number(value.Raw), true
	case ast.StringValue, ast.BlockValue:
		return value.Raw, true
	case ast.BooleanValue:
		return value.Raw == "true", true
	case ast.EnumValue, ast.ListValue, ast.ObjectValue:
		return nil, true
	}
	return nil, false // a variable, or null
}

// sentence is an error's text as a message.
func sentence(err error) string {
	first, size := utf8.DecodeRuneInString(err.Error())
	return string(unicode.ToUpper(first)) + err.Error()[size:] + "."
}
