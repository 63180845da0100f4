package graph

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// maxKept is how long an answer may be kept, in seconds: a year.
const maxKept = 365 * 24 * 60 * 60

// aboutClients are the fields that tell of the client itself.
var aboutClients = map[string]bool{"Query.viewer": true, "Query.rateLimit": true}

// whose is the field for which an answer is not the same for all, "" for none.
func whose(o *ast.OperationDefinition) string {
	for f := range fields(o.SelectionSet) {
		if name := nameOf(f); viewersOwn[name] || aboutClients[name] {
			return name
		}
	}
	return ""
}

// keeping is what HTTP's Cache-Control says of the stored operation's answers, as
// its @cacheControl does; "" if it says nothing.
func keeping(s *Stored) (string, *gqlerror.Error) {
	d := s.Directives.ForName("cacheControl")
	if d == nil {
		return "", nil
	}
	age, scope := -1, "PUBLIC"
	for _, a := range d.Arguments {
		switch {
		case a.Name == "maxAge" && a.Value.Kind == ast.IntValue:
			age, _ = strconv.Atoi(a.Value.Raw) // too large for an int is too large
		case a.Name == "scope" && a.Value.Kind == ast.EnumValue:
			scope = a.Value.Raw
		default:
			return "", invalid(a.Position, "@cacheControl has a maxAge, in seconds, and a scope, PUBLIC or PRIVATE.")
		}
	}
	again := s.Directives.ForNames("cacheControl")[1:]
	switch {
	case len(again) > 0:
		return "", invalid(again[0].Position, "@cacheControl stands there twice.")
	case s.Operation.Operation != ast.Query:
		return "", invalid(d.Position, "@cacheControl is for queries.")
	case age < 0 || age > maxKept:
		return "", invalid(d.Position, "@cacheControl needs a maxAge of 0 to %d seconds.", maxKept)
	case scope != "PUBLIC" && scope != "PRIVATE":
		return "", invalid(d.Position, "@cacheControl has the scope PUBLIC or PRIVATE.")
	case s.whose != "":
		return "", invalid(d.Position, "@cacheControl is for what all see alike, but %s depends on who asks.", s.whose)
	}
	return fmt.Sprintf("%s, max-age=%d", strings.ToLower(scope), age), nil
}

// Keeping is what Cache-Control says of an answer to somebody of whom nothing is
// known, if it holds no error; "" if nothing was said of the operation.
func (o *Operation) Keeping() string {
	if s := o.document.stored; s != nil {
		return s.keeping
	}
	return ""
}
