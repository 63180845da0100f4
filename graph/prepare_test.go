package graph

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// apiFor answers as far as no database is needed.
func apiFor(introspection bool) *API {
	return New(Options{DB: new(sqldb.DB), Log: slog.New(slog.DiscardHandler), Introspection: introspection})
}

var open, closed = apiFor(true), apiFor(false)

// object is a JSON object whose numbers keep their digits.
func object(t testing.TB, text string) map[string]any {
	t.Helper()
	var o map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

func prepare(t testing.TB, query, variables string) (*Operation, gqlerror.List) {
	t.Helper()
	return open.Prepare(Request{Query: query, Variables: object(t, variables)})
}

// accepted is the operation, which has to be one.
func accepted(t testing.TB, query, variables string) *Operation {
	t.Helper()
	o, refused := prepare(t, query, variables)
	if refused != nil {
		t.Fatalf("%s with %s is refused: %v", query, variables, refused)
	}
	return o
}

// arguments are those of the operation's first field, as a resolver gets them,
// in JSON.
func (o *Operation) arguments(t testing.TB) string {
	t.Helper()
	field, ok := o.context.Operation.SelectionSet[0].(*ast.Field)
	if !ok {
		t.Fatal("the operation begins with no field")
	}
	return asJSON(t, field.ArgumentMap(o.context.Variables))
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkRefused reports errors that are not those of a request refused as a whole.
func checkRefused(t testing.TB, what string, refused gqlerror.List, code fault.Code) {
	t.Helper()
	if len(refused) == 0 {
		t.Errorf("%s is accepted", what)
	}
	for _, e := range refused {
		if e.Extensions["code"] != string(code) || e.Message == "" || e.Path != nil {
			t.Errorf("%s: got %q at %v with %v, want the code %s", what, e.Message, e.Path, e.Extensions, code)
		}
	}
}
