package rest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Routes are those of the operations, by path and method. The error names all
// that is wrong with them, a line each, with file, line and column.
func Routes(schema *ast.Schema, operations []Operation) ([]Route, error) {
	var wrong []error
	byCall := map[string]Route{}
	for _, o := range operations {
		r := Route{Operation: o}
		if err := r.describe(schema); err != nil {
			wrong = append(wrong, err)
			continue
		}
		call := r.Method + " " + shape(r.segments)
		switch other, found := byCall[call]; {
		case !found || other.Shipped && !r.Shipped:
			byCall[call] = r
		case other.Shipped == r.Shipped:
			wrong = append(wrong, r.wrong("%s %s is that of %s too", r.Method, r.Path, other.place()))
		}
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	var routes []Route
	for _, r := range byCall {
		routes = append(routes, r)
	}
	slices.SortFunc(routes, func(a, b Route) int {
		return cmp.Or(strings.Compare(shape(a.segments), shape(b.segments)), strings.Compare(a.Method, b.Method))
	})
	return routes, nil
}

// place is where the operation's directive stands.
func (o *Operation) place() string {
	return o.Document.Place(o.Rest.Position.Line, o.Rest.Position.Column)
}

func (o *Operation) wrong(format string, args ...any) error {
	return fmt.Errorf("%s: @rest: %s", o.place(), fmt.Sprintf(format, args...))
}

// describe reads the directive, and finds out what it is about.
func (r *Route) describe(schema *ast.Schema) error {
	given, err := r.arguments()
	if err != nil {
		return err
	}
	r.Method, r.Location = given["method"], given["location"]
	if err := r.checkMethod(); err != nil {
		return err
	}
	path, segments, query, err := parsePath(given["path"])
	if err != nil {
		return r.wrong("%s", err)
	}
	r.Path, r.segments = path, segments
	if err := r.distribute(schema, query); err != nil {
		return err
	}
	if err := r.findAnswer(given["value"]); err != nil {
		return err
	}
	return r.checkLocation()
}

// arguments are those of the directive, by their names.
func (r *Route) arguments() (map[string]string, error) {
	kinds := map[string]ast.ValueKind{"method": ast.EnumValue, "path": ast.StringValue, "value": ast.StringValue, "location": ast.StringValue}
	given := map[string]string{}
	for _, a := range r.Rest.Arguments {
		switch kind, known := kinds[a.Name]; {
		case !known:
			return nil, r.wrong("there is no argument %q; there are method, path, value and location", a.Name)
		case a.Value.Kind != kind && a.Value.Kind != ast.BlockValue:
			return nil, r.wrong("the %s is %s", a.Name, a.Value)
		}
		given[a.Name] = a.Value.Raw
	}
	for _, name := range []string{"method", "path"} {
		if given[name] == "" {
			return nil, r.wrong("it has no %s", name)
		}
	}
	return given, nil
}

// checkMethod refuses a method by which the operation cannot come.
func (r *Route) checkMethod() error {
	switch {
	case !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, r.Method):
		return r.wrong("the method is GET, POST, PUT, PATCH or DELETE, and not %s", r.Method)
	case r.OperationDefinition.Operation == ast.Subscription:
		return r.wrong("a subscription has no one answer")
	case r.OperationDefinition.Operation == ast.Query && r.Method != "GET" && r.Method != "POST":
		return r.wrong("a query comes by GET or POST")
	case r.Writes() && r.Method == "GET":
		return r.wrong("a mutation does not come by GET")
	}
	return nil
}
