// Package graph is what clients see: the schema, and how a document becomes an
// answer.
package graph

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"stoa/graph/generated"
)

// hidden are directives that are not for clients: those that tell the generator
// things, what inputs have to be for the description of resources, and @defer,
// which no transport of ours speaks.
var hidden = []string{"goModel", "goField", "constraint", "defer"}

// schema is the schema as clients see it, who do not see which directives its
// parts have.
var schema = sync.OnceValue(func() *ast.Schema {
	s := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, name := range hidden {
		delete(s.Directives, name)
	}
	return s
})

// Schema is the schema as clients see it.
func (a *API) Schema() *ast.Schema { return a.schema }

// SDL is the schema in GraphQL's own language.
func SDL() string {
	s := *schema()
	s.Types = maps.Clone(s.Types)
	for name, t := range s.Types {
		plain := *t
		plain.Directives = shown(t.Directives)
		plain.Fields = copied(t.Fields, func(f *ast.FieldDefinition) {
			f.Directives = shown(f.Directives)
			f.Arguments = copied(f.Arguments, func(a *ast.ArgumentDefinition) { a.Directives = shown(a.Directives) })
		})
		s.Types[name] = &plain
	}
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(&s)
	return b.String()
}

// copied are copies of the parts, changed.
func copied[T any](parts []*T, change func(*T)) []*T {
	all := make([]*T, len(parts))
	for i, part := range parts {
		one := *part
		change(&one)
		all[i] = &one
	}
	return all
}

func shown(directives ast.DirectiveList) ast.DirectiveList {
	return slices.DeleteFunc(slices.Clone(directives), func(d *ast.Directive) bool { return slices.Contains(hidden, d.Name) })
}
