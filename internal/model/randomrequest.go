package model

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Requests makes valid requests out of a schema, of no sense but of every form:
// fields under aliases and several times under one name, fragments within and
// beside each other, @skip and @include, variables with and without a default,
// sent and not.
type Requests struct {
	Gen
	Schema *ast.Schema
	// IDs are what ids are taken from, by the name of the type.
	IDs map[string][]string
	// Pages is the largest page asked for.
	Pages int
	// Depth is how many objects lie in one another.
	Depth int
}

// Next makes a request of one to three fields, besides those in fragments.
func (r Requests) Next(operation ast.Operation) (query string, variables map[string]any) {
	w := &writing{Requests: r, variables: map[string]any{}, fragments: map[string][]string{}}
	root := r.Schema.Query
	if operation == ast.Mutation {
		root = r.Schema.Mutation
	}
	body := w.selection(root, r.Depth)
	head := string(operation)
	if len(w.declared) > 0 {
		head += "(" + strings.Join(w.declared, ", ") + ")"
	}
	return head + " " + body + w.definitions.String(), w.variables
}

// writing is a request under way.
type writing struct {
	Requests
	names       int
	declared    []string
	variables   map[string]any
	fragments   map[string][]string // by the name of their type
	definitions strings.Builder
}

// maxNames keeps a document below the bounds of its size.
const maxNames = 150

func (w *writing) name(prefix string) string {
	w.names++
	return fmt.Sprintf("%s%d", prefix, w.names)
}

func (w *writing) selection(of *ast.Definition, depth int) string {
	parts := []string{"__typename"}
	var heads []*ast.FieldDefinition
	var texts []string
	for range 1 + w.IntN(4) {
		f := pick(w.Gen, of.Fields)
		if strings.HasPrefix(f.Name, "__") && !w.one(8) || w.leaf(f) && of == w.Schema.Query {
			continue
		}
		text := w.head(f)
		heads, texts = append(heads, f), append(texts, text)
		parts = append(parts, w.field(f, text, depth))
	}
	if len(heads) > 0 && w.one(3) { // once more, under the same name
		i := w.IntN(len(heads))
		parts = append(parts, w.around(of, w.field(heads[i], texts[i], depth)))
	}
	if depth > 0 && w.one(3) {
		parts = append(parts, w.around(of, w.inner(of, depth)))
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// inner is a selection of the type, or of another that its objects may be.
func (w *writing) inner(of *ast.Definition, depth int) string {
	if of.IsAbstractType() {
		of = pick(w.Gen, w.Schema.GetPossibleTypes(of))
		return "... on " + of.Name + " " + w.selection(of, depth-1)
	}
	return "... " + w.selection(of, depth-1)
}

// around puts a part of a selection in a fragment, named or not, or in none;
// now and then a fragment that is there already comes with it.
func (w *writing) around(of *ast.Definition, part string) string {
	switch w.IntN(4) {
	case 0:
		return part
	case 1:
		return "... on " + of.Name + w.condition() + " { " + part + " }"
	case 2:
		if known := w.fragments[of.Name]; len(known) > 0 {
			part += " ..." + pick(w.Gen, known)
		}
	}
	name := w.name("f")
	fmt.Fprintf(&w.definitions, "\nfragment %s on %s { %s }", name, of.Name, part)
	w.fragments[of.Name] = append(w.fragments[of.Name], name)
	spread := "..." + name + w.condition()
	if w.one(3) {
		spread += " ..." + name
	}
	return spread
}

// head is a field's name, alias and arguments: an alias where there are any.
func (w *writing) head(f *ast.FieldDefinition) string {
	text := f.Name
	if len(f.Arguments) > 0 || w.ambiguous(f) || w.one(4) {
		text = w.name("a") + ": " + text
	}
	var arguments []string
	for _, a := range f.Arguments {
		switch {
		case a.Name == "first" && w.one(2), a.Name == "last" && len(arguments) == 0 && w.one(2), a.Type.NonNull:
			arguments = append(arguments, a.Name+": "+w.argument(f, a))
		}
	}
	if len(arguments) > 0 {
		text += "(" + strings.Join(arguments, ", ") + ")"
	}
	return text
}

// ambiguous tells whether two types have fields of the name that differ, which
// could not stand beside each other.
func (w *writing) ambiguous(f *ast.FieldDefinition) bool {
	for _, t := range w.Schema.PossibleTypes["Node"] {
		if other := t.Fields.ForName(f.Name); other != nil && other.Type.String() != f.Type.String() {
			return true
		}
	}
	return false
}

// leaf tells whether nothing can be selected below a field.
func (w *writing) leaf(f *ast.FieldDefinition) bool {
	return w.Schema.Types[f.Type.Name()].IsLeafType()
}

func (w *writing) field(f *ast.FieldDefinition, head string, depth int) string {
	if depth <= 0 || w.names > maxNames {
		depth = 0
	}
	text := head + w.condition()
	if w.leaf(f) {
		return text
	}
	if depth == 0 {
		return text + " { __typename }"
	}
	if within := w.Schema.Types[f.Type.Name()]; strings.HasPrefix(f.Name, "__") {
		return text + " { " + pick(w.Gen, within.Fields[:1]).Name + " __typename }"
	} else if strings.HasSuffix(within.Name, "Connection") || strings.HasSuffix(within.Name, "Edge") {
		return text + " " + w.selection(within, depth) // which are no objects of their own
	} else {
		return text + " " + w.selection(within, depth-1)
	}
}

// condition is a directive, or mostly none.
func (w *writing) condition() string {
	if !w.one(6) {
		return ""
	}
	yes := w.one(2)
	return fmt.Sprintf(" @%s(if: %s)", pick(w.Gen, []string{"skip", "include"}), w.value("Boolean!", fmt.Sprint(yes), yes, false))
}

// argument is the value of an argument, somehow written.
func (w *writing) argument(f *ast.FieldDefinition, a *ast.ArgumentDefinition) string {
	literal, value := w.some(f.Name, a.Name, a.Type, 0)
	return w.value(a.Type.String(), literal, value, !a.Type.NonNull)
}

// value writes a value in one of the ways that there are.
func (w *writing) value(kind, literal string, value any, nullable bool) string {
	ways := 4
	if nullable {
		ways = 8
	}
	name := w.name("v")
	declaration, other := "$"+name+": "+kind, " = "+literal
	switch w.IntN(ways) {
	case 0, 1:
		return literal
	case 2:
		w.variables[name] = value
		if w.one(2) {
			declaration += other
		}
	case 3:
		declaration += other
	case 4: // not sent
	case 5:
		w.variables[name] = nil
		if w.one(2) {
			declaration += other
		}
	case 6:
		declaration += " = null"
	case 7:
		return "null"
	}
	w.declared = append(w.declared, declaration)
	return "$" + name
}

// some makes a value of the type, as a literal and as JSON.
func (w *writing) some(field, name string, t *ast.Type, depth int) (literal string, value any) {
	if t.Elem != nil {
		return w.list(field, name, t.Elem, depth)
	}
	definition := w.Schema.Types[t.NamedType]
	switch definition.Kind {
	case ast.Enum:
		text := pick(w.Gen, definition.EnumValues).Name
		return text, text
	case ast.InputObject:
		return w.object(field, definition, depth)
	}
	switch t.NamedType {
	case "Int":
		n := w.IntN(w.Pages + 1)
		if name == "days" {
			n++ // none is too few
		}
		return fmt.Sprint(n), json.Number(fmt.Sprint(n))
	case "Boolean":
		yes := w.one(2)
		return fmt.Sprint(yes), yes
	}
	text := w.text(field, name, t.NamedType)
	return fmt.Sprintf("%q", text), text
}

// text makes a value that is written as a string.
func (w *writing) text(field, name, scalar string) string {
	switch scalar {
	case "ID":
		return w.id(field, name)
	case "Decimal":
		return "1.50"
	case "DateTime":
		return "2026-01-15T14:30:00Z"
	}
	text := fmt.Sprintf("text-%d", w.Uint32())
	if name == "email" {
		text += "@example.com"
	}
	return text
}

func (w *writing) list(field, name string, elem *ast.Type, depth int) (string, []any) {
	var literals []string
	var values []any
	for range 1 + w.IntN(4) {
		literal, value := w.some(field, name, elem, depth)
		literals, values = append(literals, literal), append(values, value)
	}
	if len(values) == 1 && w.one(2) {
		return literals[0], values
	}
	return "[" + strings.Join(literals, ", ") + "]", values
}

// object gives an input what it needs.
func (w *writing) object(field string, definition *ast.Definition, depth int) (string, map[string]any) {
	var literals []string
	values := map[string]any{}
	for _, f := range definition.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			literal, value := w.some(field, f.Name, f.Type, depth+1)
			literals, values[f.Name] = append(literals, f.Name+": "+literal), value
		}
	}
	return "{" + strings.Join(literals, ", ") + "}", values
}

// id is one of the type that an argument (categoryId) or its field
// (updateProduct) names, else one of any.
func (w *writing) id(field, name string) string {
	var all []string
	for _, kind := range sortedKeys(w.IDs) {
		ids := w.IDs[kind]
		if of := strings.ToLower(kind); of+"Id" == name || name == "id" && strings.HasSuffix(strings.ToLower(field), of) {
			return pick(w.Gen, ids)
		}
		all = append(all, ids...)
	}
	return pick(w.Gen, all)
}
