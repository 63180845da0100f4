package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// errRefused rolls back a request whose response has errors; it holds no news.
var errRefused = errors.New("the response has errors")

// transact runs a mutation in one transaction, its selections included. It
// takes effect if the whole response is without error; else the response has
// the errors and no data.
func (a *API) transact(ctx context.Context, o *Operation) *Response {
	var response *Response
	err := a.DB.Transact(ctx, func(ctx context.Context) error {
		if auth.From(ctx) != nil {
			if err := sqldb.LockNodes(ctx, a.DB, named(o)); err != nil {
				return err
			}
		}
		response = a.execute(ctx, o)
		if len(response.Errors) > 0 {
			return errRefused
		}
		return nil
	})
	switch {
	case err == nil:
		return response
	case errors.Is(err, errRefused):
		return &Response{Errors: slices.DeleteFunc(response.Errors, isEcho)}
	}
	a.logInternal(ctx, "", fault.Of(err))
	return &Response{Errors: Refuse(ctx, err)}
}

// isEcho tells whether an error only says that an earlier one ended the
// transaction.
func isEcho(e *gqlerror.Error) bool { return errors.Is(e, sqldb.ErrAborted) }

// named are the ids that a request of several fields names. They are locked
// before anything else, in one order, so that requests which cross each other
// wait in a row and not in a circle.
func named(o *Operation) []relay.ID {
	fields := o.context.Operation.SelectionSet
	if len(fields) < 2 {
		return nil
	}
	var ids []relay.ID
	for _, selection := range fields {
		if field, ok := selection.(*ast.Field); ok {
			for _, value := range field.ArgumentMap(o.context.Variables) {
				ids = appendIDs(ids, value)
			}
		}
	}
	return ids
}

// appendIDs appends every text that is an id of ours, however deep.
func appendIDs(ids []relay.ID, value any) []relay.ID {
	switch v := value.(type) {
	case string:
		if _, _, ok := relay.ID(v).Parse(); ok {
			ids = append(ids, relay.ID(v))
		}
	case []any:
		for _, one := range v {
			ids = appendIDs(ids, one)
		}
	case map[string]any:
		for _, one := range v {
			ids = appendIDs(ids, one)
		}
	}
	return ids
}
