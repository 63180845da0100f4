package openapi

import (
	"cmp"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/limit"
	"stoa/internal/relay"
)

// usage is what the place in an operation says of a variable that stands there.
type usage struct {
	description string
	directives  ast.DirectiveList
	page        bool // it is an argument of a connection
}

// places finds the usages of an operation's variables, by their names. Of several
// places the first is what counts.
type places struct {
	schema *ast.Schema
	found  map[string]usage
}

func usages(schema *ast.Schema, o *ast.OperationDefinition) map[string]usage {
	p := places{schema, map[string]usage{}}
	p.selection(o.SelectionSet)
	return p.found
}

func (p places) selection(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			p.field(s)
		case *ast.InlineFragment:
			p.selection(s.SelectionSet)
		case *ast.FragmentSpread:
			p.selection(s.Definition.SelectionSet)
		}
	}
}

func (p places) field(f *ast.Field) {
	page := limit.IsConnection(p.schema.Types[f.Definition.Type.Name()])
	for _, argument := range f.Arguments {
		d := f.Definition.Arguments.ForName(argument.Name)
		p.value(argument.Value, usage{d.Description, d.Directives, page})
	}
	for _, directive := range f.Directives {
		if condition := directive.Arguments.ForName("if"); condition != nil {
			p.value(condition.Value, usage{description: "Whether the response has `" + f.Alias + "`. " + f.Definition.Description})
		}
	}
	p.selection(f.SelectionSet)
}

// value notes the variables in a value that stands in the place.
func (p places) value(v *ast.Value, in usage) {
	if v.Kind == ast.Variable {
		if _, known := p.found[v.Raw]; !known {
			p.found[v.Raw] = in
		}
		return
	}
	for _, child := range v.Children {
		if d := p.schema.Types[v.Definition.Name].Fields.ForName(child.Name); d != nil {
			in = usage{description: d.Description, directives: d.Directives}
		}
		p.value(child.Value, in)
	}
}

// words are said of arguments that mean the same everywhere, and of which the
// schema says nothing.
var words = map[string]string{
	"first":     "The first rows, this many; without `last` " + strconv.Itoa(relay.DefaultPage) + ".",
	"last":      "The last rows, this many, in place of the first.",
	"after":     "Behind the row with this cursor.",
	"before":    "Before the row with this cursor.",
	"sort":      "What to sort by, as in `price:desc,name:asc`; three keys at most.",
	"id":        "Its id.",
	"ids":       "Those with these ids alone.",
	"ifVersion": "The version to change: another is a conflict.",
}

// describe says of a parameter what its place says, and returns what is said in
// words.
func (u usage) describe(s *jsonschema.Schema, name string) string {
	constrain(s, u.directives)
	if u.page && (name == "first" || name == "last") {
		s.Minimum, s.Maximum = new(0.0), new(float64(relay.MaxPage))
	}
	return cmp.Or(u.description, words[name])
}
