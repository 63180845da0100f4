package model

import (
	"fmt"
	"strconv"
	"strings"
)

// writer writes a Document as GraphQL text and variables.
type writer struct {
	ids       IDs
	style     Style
	parts     Parts
	defs      []string
	variables map[string]any
	fragments []string
}

// Render is the document as it is sent.
func (doc Document) Render(ids IDs) (query string, variables map[string]any) {
	w := &writer{ids: ids, style: doc.Style, parts: doc.Parts, variables: map[string]any{}}
	var fields []string
	for _, l := range doc.Lists {
		fields = append(fields, w.list(l))
	}
	for _, r := range doc.Roots {
		id := w.leaf("ID!", Ref{r.Row.Kind(), r.Row.Number()})
		rows := w.selection(r.Row.Kind(), r.Selection)
		if r.Name == "node" {
			rows = fmt.Sprintf("{ __typename ... on %s %s }", r.Row.Kind(), rows)
		}
		fields = append(fields, fmt.Sprintf("%s: %s(id: %s) %s", r.Alias, r.Name, id, rows))
	}
	head := "query"
	if len(w.defs) > 0 {
		head += "(" + strings.Join(w.defs, ", ") + ")"
	}
	query = head + " {\n  " + strings.Join(fields, "\n  ") + "\n}"
	return strings.Join(append([]string{query}, w.fragments...), "\n"), w.variables
}

// variable declares one of the type; only a sent one has a value.
func (w *writer) variable(typeName string, value any, sent bool) string {
	name := fmt.Sprintf("v%d", len(w.defs)+1)
	w.defs = append(w.defs, "$"+name+": "+typeName)
	if sent {
		w.variables[name] = value
	}
	return "$" + name
}

func (w *writer) leaf(typeName string, v leaf) string {
	switch w.style {
	case Literals:
		return v.literal(w.ids)
	case Defaults:
		return w.variable(typeName+" = "+v.literal(w.ids), nil, false)
	default:
		return w.variable(typeName, v.JSON(w.ids), true)
	}
}

// value writes an argument in the document's style.
func (w *writer) value(typeName string, v Value) string {
	if v, ok := v.(leaf); ok {
		return w.leaf(v.typeName(), v)
	}
	if w.style == Variables {
		return w.variable(typeName, v.JSON(w.ids), true)
	}
	return w.literal(v)
}

func (w *writer) literal(v Value) string {
	switch v := v.(type) {
	case Filter:
		var terms []string
		for _, t := range v {
			terms = append(terms, t.Name+": "+w.literal(t.Arg))
		}
		return "{" + strings.Join(terms, ", ") + "}"
	case Filters:
		var filters []string
		for _, f := range v.All {
			filters = append(filters, w.literal(f))
		}
		if v.Bare && len(filters) == 1 {
			return filters[0]
		}
		return "[" + strings.Join(filters, ", ") + "]"
	case Sort:
		return w.sort(v)
	case leaf:
		return w.leaf(v.typeName(), v)
	default:
		return "null"
	}
}

func (w *writer) sort(s Sort) string {
	text := "{field: " + s[0].Field
	if !s[0].Bare {
		text += ", direction: " + s[0].direction()
	}
	if len(s) > 1 {
		text += ", thenBy: " + w.sort(s[1:])
	}
	return text + "}"
}

// list writes a connection field.
func (w *writer) list(l List) string {
	var args []string
	arg := func(name, typeName string, v Value) {
		switch {
		case v != nil:
			args = append(args, name+": "+w.value(typeName, v))
		case l.Missing == Nulled:
			args = append(args, name+": null")
		case l.Missing == Unsent:
			args = append(args, name+": "+w.variable(typeName, nil, false))
		}
	}
	arg("first", "Int", size(l.First))
	arg("after", "String", cursor(l.After))
	arg("last", "Int", size(l.Last))
	arg("before", "String", cursor(l.Before))
	var filter, sort Value
	if l.Filter != nil {
		filter = l.Filter
	}
	if len(l.Sort) > 0 {
		sort = l.Sort
	}
	arg("filter", string(l.Field.Rows)+"Filter", filter)
	arg("sortBy", string(l.Field.Rows)+"Sort", sort)
	text := l.Alias + ": " + l.Field.Name
	if len(args) > 0 {
		text += "(" + strings.Join(args, ", ") + ")"
	}
	return text + " " + w.connection(l)
}

func size(n *int) Value {
	if n == nil {
		return nil
	}
	return Int(*n)
}

func cursor(p *Position) Value {
	if p == nil {
		return nil
	}
	return Text(p.Cursor)
}

// connection writes what is asked of a connection.
func (w *writer) connection(l List) string {
	fields := []string{"pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"}
	if l.Edges || l.Nodes {
		rows := w.selection(l.Field.Rows, l.Row)
		if l.Edges {
			fields = append(fields, "edges { cursor node "+rows+" }")
		}
		if l.Nodes {
			fields = append(fields, "nodes "+rows)
		}
		if w.parts == Inline {
			fields = append(fields, "nodes @skip(if: "+strconv.FormatBool(!l.Nodes)+") { id }")
		}
	}
	if l.Total {
		fields = append(fields, "totalCount")
	}
	if l.Stats {
		fields = append(fields, "stats { count priceMin priceMax priceAvg inventorySum }")
	}
	return w.braces(fields)
}

// braces writes a selection, each field of an Inline one by itself.
func (w *writer) braces(fields []string) string {
	if w.parts == Inline {
		return "{ ... @include(if: true) { " + strings.Join(fields, " } ... { ") + " } ... @skip(if: true) { __typename } }"
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// selection writes what is asked of a row.
func (w *writer) selection(k Kind, s Selection) string {
	fields := append([]string{}, s.Scalars...)
	for _, l := range s.Links {
		fields = append(fields, l.Alias+": "+l.Name+" "+w.selection(l.To, l.Selection))
	}
	for _, l := range s.Lists {
		fields = append(fields, w.list(l))
	}
	text := w.braces(fields)
	if w.parts != Named {
		return text
	}
	name := fmt.Sprintf("f%d", len(w.fragments)+1)
	w.fragments = append(w.fragments, "fragment "+name+" on "+string(k)+" "+text)
	return "{ ..." + name + " }"
}
