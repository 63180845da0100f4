package graph

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

func TestAFaultHasItsExtensions(t *testing.T) {
	for _, c := range []struct {
		fault *fault.Error
		want  map[string]any
	}{
		{fault.New(fault.NotFound, "No."), map[string]any{"code": "NOT_FOUND"}},
		{fault.Input("filter.and.0.priceMin", fault.TooSmall, "No.").Bounded("0"),
			map[string]any{"code": "BAD_USER_INPUT", "field": "filter.and.0.priceMin", "reason": "TOO_SMALL", "limit": 0}},
		{fault.Input("input.price", fault.TooLarge, "No.").Bounded("99999999.99"),
			map[string]any{"code": "BAD_USER_INPUT", "field": "input.price", "reason": "TOO_LARGE", "limit": "99999999.99"}},
		{fault.New(fault.Unavailable, "No.").Because(fault.DatabaseDown).From(errors.New("10.0.0.7 refuses")),
			map[string]any{"code": "UNAVAILABLE", "reason": "DATABASE_DOWN"}},
	} {
		got := Refuse(t.Context(), c.fault)
		if len(got) != 1 || got[0].Message != "No." || !maps.Equal(got[0].Extensions, c.want) {
			t.Errorf("got %v with %v, want %v", got, got[0].Extensions, c.want)
		}
	}
}

func TestEveryFaultIsAnErrorOfItsOwn(t *testing.T) {
	got := Refuse(t.Context(), fault.List{fault.Input("first", fault.TooSmall, "One."), fault.Input("last", fault.TooLarge, "Two.")})
	if len(got) != 2 || got[0].Message != "One." || got[1].Message != "Two." || got[1].Extensions["field"] != "last" {
		t.Errorf("got %v", got)
	}
}

func TestAnInternalErrorTellsTheRequestAlone(t *testing.T) {
	ctx := WithRequestID(t.Context(), "abc-123")
	for _, err := range []error{
		errors.New("pq: relation \"products\" does not exist"),
		fault.New(fault.Internal, "SELECT * FROM products").From(errors.New("at /src/db.go:12")),
	} {
		got := Refuse(ctx, err)
		if want := "Something went wrong on our side; request abc-123."; len(got) != 1 || got[0].Message != want {
			t.Errorf("got %v, want %q", got, want)
		}
		if !maps.Equal(got[0].Extensions, map[string]any{"code": "INTERNAL"}) {
			t.Errorf("got %v", got[0].Extensions)
		}
	}
}

// logged is an API and what it logs.
func logged() (*API, *bytes.Buffer) {
	var log bytes.Buffer
	return New(Options{DB: new(sqldb.DB), Log: slog.New(slog.NewTextHandler(&log, nil))}), &log
}

// resolving is a context as a resolver has it, in the field.
func resolving(ctx context.Context, a *API, field string) context.Context {
	ctx = graphql.WithResponseContext(ctx, a.present, a.recovered)
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{
		Field: graphql.CollectedField{Field: &ast.Field{Name: field, Alias: field}},
	})
}

func TestAResolversFaultsAllHaveItsPath(t *testing.T) {
	a, log := logged()
	ctx := resolving(t.Context(), a, "products")
	graphql.AddError(ctx, fault.List{
		fault.Input("first", fault.TooSmall, "One."), fault.Input("last", fault.TooLarge, "Two."), fault.Input("after", fault.Malformed, "Three."),
	})
	got := graphql.GetErrors(ctx)
	if len(got) != 3 {
		t.Fatalf("got %v", got)
	}
	fields := map[any]bool{}
	for _, e := range got {
		if e.Path.String() != "products" || e.Extensions["code"] != "BAD_USER_INPUT" {
			t.Errorf("got %q at %q with %v", e.Message, e.Path, e.Extensions)
		}
		fields[e.Extensions["field"]] = true
	}
	if len(fields) != 3 {
		t.Errorf("the fields are %v", fields)
	}
	if log.Len() > 0 {
		t.Errorf("a client's fault is logged: %s", log)
	}
}

func TestAResolversOwnErrorGoesToTheLog(t *testing.T) {
	a, log := logged()
	ctx := resolving(WithRequestID(t.Context(), "abc-123"), a, "products")
	graphql.AddError(ctx, errors.New("the secret cause"))
	got := graphql.GetErrors(ctx)
	if len(got) != 1 || got[0].Extensions["code"] != "INTERNAL" || strings.Contains(got.Error(), "secret") {
		t.Errorf("got %v", got)
	}
	if !strings.Contains(log.String(), "the secret cause") || !strings.Contains(log.String(), "path=products") {
		t.Errorf("logged %s", log)
	}
}

func TestAPanicIsAnInternalErrorWithItsStackInTheLog(t *testing.T) {
	a, log := logged()
	err := a.recovered(t.Context(), "the secret cause")
	got := Refuse(t.Context(), err)
	if len(got) != 1 || got[0].Extensions["code"] != "INTERNAL" || strings.Contains(got.Error(), "secret") {
		t.Errorf("got %v", got)
	}
	for _, want := range []string{"the secret cause", "errors_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log", want)
		}
	}
}

func TestCodedErrorsLoseWhatIsNotForClients(t *testing.T) {
	e := &gqlerror.Error{Message: "No.", Path: ast.Path{ast.PathName("x")}, Extensions: map[string]any{"internal": true}, Rule: "Some"}
	got := coded(e, fault.ValidationFailed)
	if got.Path != nil || !maps.Equal(got.Extensions, map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}) {
		t.Errorf("got %+v", got)
	}
	if got := coded(errors.New("No."), fault.ParseFailed); got.Message != "No." || got.Extensions["code"] != "GRAPHQL_PARSE_FAILED" {
		t.Errorf("got %+v", got)
	}
}
