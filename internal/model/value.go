package model

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// IDs are the ids that the API gave the rows: opaque here.
type IDs map[Kind]map[int64]string

// Value is an argument as a client writes it, its spelling included.
type Value interface {
	// JSON is the value as a variable.
	JSON(ids IDs) any
}

// leaf is a value that can be a variable inside of an input.
type leaf interface {
	Value
	typeName() string
	literal(ids IDs) string
}

// The values.
type (
	// Null is an explicit null.
	Null struct{}
	// Int is an Int.
	Int int64
	// Bool is a Boolean.
	Bool bool
	// Text is a String.
	Text string
	// Cents is a Decimal of N hundredths.
	Cents struct {
		N    int64
		Form int // 0: a string; 1: a number; 2: a number without needless zeros; 3: with an exponent
	}
	// Instant is a DateTime.
	Instant struct {
		Micros int64
		Form   int // 0: six decimals; 1: as few as needed; 2: an offset; 3: nine decimals
	}
	// Ref is the id of a row.
	Ref struct {
		Kind Kind
		Row  int64
	}
	// Refs are the ids of rows; Bare writes a single one without brackets.
	Refs struct {
		Kind Kind
		Rows []int64
		Bare bool
	}
	// Filters are the filters of an and or an or; Bare as in Refs.
	Filters struct {
		All  []Filter
		Bare bool
	}
)

func (Int) typeName() string     { return "Int" }
func (Bool) typeName() string    { return "Boolean" }
func (Text) typeName() string    { return "String" }
func (Cents) typeName() string   { return "Decimal" }
func (Instant) typeName() string { return "DateTime" }
func (Ref) typeName() string     { return "ID" }
func (Refs) typeName() string    { return "[ID!]" }

func (Null) JSON(IDs) any      { return nil }
func (v Int) JSON(IDs) any     { return int64(v) }
func (v Bool) JSON(IDs) any    { return bool(v) }
func (v Text) JSON(IDs) any    { return string(v) }
func (v Instant) JSON(IDs) any { return v.text() }
func (v Ref) JSON(ids IDs) any { return ids[v.Kind][v.Row] }

func (v Cents) JSON(IDs) any {
	if v.Form == 0 {
		return money(v.N)
	}
	return json.Number(v.number())
}

func (v Refs) JSON(ids IDs) any {
	list := []string{}
	for _, n := range v.Rows {
		list = append(list, ids[v.Kind][n])
	}
	if v.Bare && len(list) == 1 {
		return list[0]
	}
	return list
}

func (v Filters) JSON(ids IDs) any {
	list := []any{}
	for _, f := range v.All {
		list = append(list, f.JSON(ids))
	}
	if v.Bare && len(list) == 1 {
		return list[0]
	}
	return list
}

// JSON is the filter as a variable.
func (f Filter) JSON(ids IDs) any {
	fields := map[string]any{}
	for _, t := range f {
		fields[t.Name] = t.Arg.JSON(ids)
	}
	return fields
}

// JSON is the sort as a variable: null without keys.
func (s Sort) JSON(ids IDs) any {
	if len(s) == 0 {
		return nil
	}
	key := map[string]any{"field": s[0].Field}
	if !s[0].Bare {
		key["direction"] = s[0].direction()
	}
	if len(s) > 1 {
		key["thenBy"] = s[1:].JSON(ids)
	}
	return key
}

func (k SortKey) direction() string {
	if k.descends() {
		return "DESC"
	}
	return "ASC"
}

func (v Int) literal(IDs) string      { return strconv.FormatInt(int64(v), 10) }
func (v Bool) literal(IDs) string     { return strconv.FormatBool(bool(v)) }
func (v Text) literal(IDs) string     { return quote(string(v)) }
func (v Instant) literal(IDs) string  { return quote(v.text()) }
func (v Ref) literal(ids IDs) string  { return quote(ids[v.Kind][v.Row]) }
func (v Refs) literal(ids IDs) string { return compact(v.JSON(ids)) }

func (v Cents) literal(IDs) string {
	if v.Form == 0 {
		return quote(money(v.N))
	}
	return v.number()
}

func (v Cents) number() string {
	switch v.Form {
	case 1:
		return money(v.N)
	case 2:
		return strings.TrimSuffix(strings.TrimRight(money(v.N), "0"), ".")
	default:
		return strconv.FormatInt(v.N, 10) + "e-2"
	}
}

func (v Instant) text() string {
	t := time.UnixMicro(v.Micros).UTC()
	switch {
	case v.Form == 1:
		return t.Format("2006-01-02T15:04:05.999999Z")
	case v.Form == 2 && 1 < t.Year() && t.Year() < 9999:
		return t.In(time.FixedZone("", 5*3600+1800)).Format("2006-01-02T15:04:05.000000Z07:00")
	case v.Form == 3:
		return t.Format("2006-01-02T15:04:05.000000") + "999Z"
	default:
		return dateTime(v.Micros)
	}
}

// quote is a string literal of GraphQL, whose escapes are those of JSON.
func quote(s string) string { return compact(s) }

// compact is JSON as is, without escapes for HTML.
func compact(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("model: %v cannot be JSON: %v", v, err))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
