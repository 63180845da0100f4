// Package graph is what clients see: the schema, and how a document becomes an
// answer.
package graph

import (
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"stoa/graph/generated"
)

// hidden are directives that are not for clients: those that tell the generator
// things, and @defer, which no transport of ours speaks.
var hidden = []string{"goModel", "goField", "defer"}

// schema is the schema as clients see it.
var schema = sync.OnceValue(func() *ast.Schema {
	s := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, name := range hidden {
		delete(s.Directives, name)
	}
	for _, t := range s.Types {
		t.Directives = shown(t.Directives)
		for _, field := range t.Fields {
			field.Directives = shown(field.Directives)
		}
	}
	return s
})

func shown(directives ast.DirectiveList) ast.DirectiveList {
	return slices.DeleteFunc(directives, func(d *ast.Directive) bool { return slices.Contains(hidden, d.Name) })
}

// Schema is the schema as clients see it.
func (a *API) Schema() *ast.Schema { return a.schema }

// SDL is the schema in GraphQL's own language.
func SDL() string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema())
	return b.String()
}
