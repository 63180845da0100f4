// Package rest is how stored documents look as resources: which operation a
// method and a path mean, what of a request is which variable, and how an
// answer leads to the next page. It knows no kind, and chooses no status.
package rest

import (
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/documents"
)

// Operation is a stored operation, valid, with the directive that makes a route
// of it:
//
//	@rest(
//	  # GET, POST, PUT, PATCH or DELETE.
//	  method: GET
//	  # Below /api. {id} is the variable of that name; {?a,b} at the end names
//	  # variables that come by query where there is a body.
//	  path: "/products/{id}"
//	  # The place below the root's field of the one whose value is the response:
//	  # posts, or author.posts. Left out, it is the root's own.
//	  value: "posts"
//	  # Where what was created is found, {id} being a field of the response.
//	  location: "/products/{id}"
//	)
type Operation struct {
	*ast.OperationDefinition
	Document documents.Document
	Rest     *ast.Directive
	Shipped  bool // gives way to one that is not, of the same method and path
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

	read reader
}

// HasBody tells whether the route takes a body.
func (r *Route) HasBody() bool {
	if r.Body != nil {
		return true
	}
	for _, p := range r.Parameters {
		if p.In == InBody {
			return true
		}
	}
	return false
}

// Root is the operation's one field.
func (r *Route) Root() *ast.Field { return r.SelectionSet[0].(*ast.Field) }

// Writes tells whether the operation is a mutation.
func (r *Route) Writes() bool { return r.OperationDefinition.Operation == ast.Mutation }

// NeedsLogIn tells whether nobody may ask who is not logged in, as the schema
// says of the operation's field.
func (r *Route) NeedsLogIn() bool {
	d := r.Root().Definition.Directives
	return d.ForName("loggedIn") != nil || d.ForName("admin") != nil
}

// parameter is that of the variable, nil where it has none.
func (r *Route) parameter(variable string) *Parameter {
	for i := range r.Parameters {
		if r.Parameters[i].Variable == variable {
			return &r.Parameters[i]
		}
	}
	return nil
}
