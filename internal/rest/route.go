// Package rest is how stored documents look as resources: which operation a
// method and a path mean, what of a request is which variable, and how an
// answer leads to the next page. It knows no kind, and chooses no status.
package rest

import "github.com/vektah/gqlparser/v2/ast"

// Directives are what only stored documents know. They are for Stoa: the
// operations that run have none of them.
const Directives = `
enum RestMethod { GET POST PUT PATCH DELETE }

"Serves the operation under /api as well."
directive @rest(
  method: RestMethod!
  "Below /api, as in /products/{id}: {id} is the variable of that name, and {?a,b} at the end names variables that come by query beside a body."
  path: String!
  "The place of the field whose value is the response, below the root's: posts, or author.posts. Left out, it is the root's own."
  value: String
  "Where what was created is found, as in /products/{id}, {id} being a field of the response: then the status is 201."
  location: String
) on QUERY | MUTATION
`

// Operation is a stored operation, valid and with its directives.
type Operation struct {
	*ast.OperationDefinition
	Document string // by which it is executed
	Source   string // the file it is from, for people
	Shipped  bool   // gives way to one that is not, of the same method and path
}

// Route is a stored operation as it is served below /api.
type Route struct {
	Operation
	Method, Path string // "GET", "/products/{id}"
	// Answer is the field whose value is the response; null at it, or on the way
	// to it, is that there is no such thing.
	Answer *ast.Field
	// Parameters are the variables that a request gives one by one, in the order
	// of the operation.
	Parameters []Parameter
	// Body is the variable that the whole body is, nil where there is none or
	// where its members are parameters.
	Body *ast.VariableDefinition
	// Location is where that is found which was created, as in "/products/{id}",
	// {id} being a field of the response; "" where nothing is created.
	Location string

	segments []segment
	keys     []string // from the data to the answer
}

// In is the part of a request in which a parameter stands.
type In int

// The parts of a request.
const (
	InPath In = iota
	InQuery
	InBody // a member of it
)

// Parameter is a variable with its place in a request; its name is the
// variable's.
type Parameter struct {
	*ast.VariableDefinition
	In In
}
