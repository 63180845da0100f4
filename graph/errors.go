package graph

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/fault"
	"stoa/internal/limit"
	"stoa/internal/sqldb"
)

// Refuse is a request's faults as the errors of a response.
func Refuse(ctx context.Context, err error) gqlerror.List {
	var list gqlerror.List
	for _, f := range fault.Of(err) {
		list = append(list, render(ctx, f))
	}
	return list
}

// render is a fault as a client sees it.
func render(ctx context.Context, f *fault.Error) *gqlerror.Error {
	extensions := map[string]any{"code": string(f.Code)}
	if f.Field != "" {
		extensions["field"] = f.Field
	}
	if f.Reason != "" {
		extensions["reason"] = string(f.Reason)
	}
	if n, err := strconv.Atoi(f.Limit); err == nil {
		extensions["limit"] = n
	} else if f.Limit != "" {
		extensions["limit"] = f.Limit
	}
	if f.Version != 0 {
		extensions["version"] = f.Version
	}
	if f.MaxCost != 0 {
		extensions["cost"], extensions["maxCost"] = f.Cost, f.MaxCost
		extensions["hints"] = []limit.Hint{} // where there are any, tooComplex has them
	}
	message := f.Message
	if f.Code == fault.Internal {
		message = "Something went wrong on our side; request " + RequestID(ctx) + "."
	}
	return &gqlerror.Error{Err: f, Message: message, Extensions: extensions}
}

// present renders what a resolver, or a directive on its way, returned. Of
// several faults it adds all but the last itself.
func (a *API) present(ctx context.Context, err error) *gqlerror.Error {
	if errors.Is(err, sqldb.ErrAborted) {
		return &gqlerror.Error{Err: sqldb.ErrAborted, Path: graphql.GetPath(ctx)}
	}
	place := placeOf(ctx, err)
	faults := fault.Of(err)
	last := len(faults) - 1
	for _, f := range faults[:last] {
		graphql.AddError(ctx, &gqlerror.Error{Err: f, Path: place.Path, Locations: place.Locations})
	}
	a.logInternal(ctx, place.Path.String(), faults[last:])
	e := render(ctx, faults[last])
	if field := place.argument(); field != "" && e.Extensions["field"] == nil {
		e.Extensions["field"] = field
	}
	e.Path, e.Locations = place.Path, place.Locations
	return e
}

// place is where in a response an error stands and, of one about an argument,
// where in the field's arguments.
type place struct {
	Path      ast.Path
	Locations []gqlerror.Location
	within    ast.Path
}

func placeOf(ctx context.Context, err error) place {
	var at *gqlerror.Error
	if !errors.As(err, &at) {
		at = &gqlerror.Error{Path: graphql.GetPath(ctx)}
	}
	p := place{Path: at.Path, Locations: at.Locations}
	if field := graphql.GetFieldContext(ctx); field != nil {
		if whole := field.Path(); len(p.Path) > len(whole) {
			p.Path, p.within = whole, p.Path[len(whole):]
		}
	}
	return p
}

// argument is the path of the argument, as in "filter.and.0.role".
func (p place) argument() string {
	names := make([]string, len(p.within))
	for i, element := range p.within {
		names[i] = fmt.Sprint(element)
	}
	return strings.Join(names, ".")
}

func (a *API) logInternal(ctx context.Context, path string, faults fault.List) {
	for _, f := range faults {
		if f.Code == fault.Internal {
			a.Log.ErrorContext(ctx, "internal error", "path", path, "error", f.Error())
		}
	}
}

// recovered makes a fault of a panic; the stack goes to the log.
func (a *API) recovered(ctx context.Context, cause any) error {
	a.Log.ErrorContext(ctx, "panic", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
	return fault.New(fault.Internal, "Something went wrong on our side.")
}

// coded is an error of the parser or the validator, with its code.
func coded(err error, code fault.Code) *gqlerror.Error {
	var e *gqlerror.Error
	if !errors.As(err, &e) {
		e = gqlerror.Wrap(err)
	}
	e.Message = clip(e.Message)
	e.Extensions = map[string]any{"code": string(code)}
	e.Path = nil // a request that did not run has no place in a response
	return e
}

// clip keeps a message short that repeats what a client wrote.
func clip(message string) string {
	const most = 400
	if len(message) <= most {
		return message
	}
	return strings.ToValidUTF8(message[:most], "") + "…"
}

// invalid is an error about a document or its variables.
func invalid(at *ast.Position, format string, args ...any) *gqlerror.Error {
	e := coded(gqlerror.Errorf(format, args...), fault.ValidationFailed)
	if at != nil {
		e.Locations = []gqlerror.Location{{Line: at.Line, Column: at.Column}}
	}
	return e
}

// refusal is a fault about a document, at a place in it.
func refusal(at *ast.Position, f *fault.Error) *gqlerror.Error {
	e := invalid(at, "%s", f.Message)
	e.Extensions["code"] = string(f.Code)
	return e
}

// tooComplex is the refusal of an operation that costs too much.
func tooComplex(at *ast.Position, cost, allowed int, hints []limit.Hint) *gqlerror.Error {
	e := refusal(at, fault.New(fault.QueryTooComplex, "The operation costs %d points; %d are allowed.", cost, allowed))
	e.Extensions["cost"], e.Extensions["maxCost"], e.Extensions["hints"] = cost, allowed, hints
	return e
}

type requestID struct{}

// WithRequestID carries the id by which the log knows the request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestID{}, id)
}

// RequestID is the id by which the log knows the request, "" where it has none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestID{}).(string)
	return id
}
