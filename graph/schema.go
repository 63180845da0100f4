// Package graph is what clients see: the schema, and how a document becomes an
// answer.
package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"stoa/graph/generated"
)

// hidden are directives that are not for clients: those that tell the generator
// things, and @defer, which no transport of ours speaks.
var hidden = []string{"goModel", "goField", "defer"}

// schema is the schema as clients see it.
func schema() *ast.Schema {
	s := generated.NewExecutableSchema(generated.Config{}).Schema()
	seen := *s
	seen.Directives = map[string]*ast.DirectiveDefinition{}
	for name, directive := range s.Directives {
		seen.Directives[name] = directive
	}
	for _, name := range hidden {
		delete(seen.Directives, name)
	}
	return &seen
}

// SDL is the schema in GraphQL's own language.
func SDL() string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema())
	return b.String()
}
