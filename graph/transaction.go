package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/once"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// errRefused rolls back a request whose response has errors; it holds no news.
var errRefused = errors.New("the response has errors")

// transact runs a mutation in one transaction, its selections included. It
// takes effect if the whole response is without error; else the response has
// the errors and no data.
func (a *API) transact(ctx context.Context, o *Operation) *Response {
	if viewer := auth.From(ctx); viewer != nil && viewer.Stale {
		return &Response{Errors: Refuse(ctx, sqldb.Away())}
	}
	var response *Response
	replayed, err := a.transacted(ctx, o, func(ctx context.Context) ([]byte, error) {
		ctx, ended := a.planning(ctx, o)
		defer ended()
		if auth.From(ctx) != nil {
			if err := sqldb.LockNodes(ctx, a.DB, a.named(o)); err != nil {
				return nil, err
			}
		}
		response = a.execute(ctx, o)
		if len(response.Errors) > 0 {
			return nil, errRefused
		}
		return response.Data, nil
	})
	switch {
	case err == nil:
		if replayed != nil {
			response = &Response{Data: replayed, Replayed: true}
		}
		if a.DB.Replicated() && !o.DryRun {
			response.Position = a.Auth.Written(ctx)
		}
		return response
	case errors.Is(err, errRefused):
		return &Response{Errors: slices.DeleteFunc(response.Errors, isEcho)}
	}
	a.logInternal(ctx, "", fault.Of(err))
	return &Response{Errors: Refuse(ctx, err)}
}

// transacted runs fn in the transaction that the mutation asks for, unless it has
// taken effect before: then it returns what the answer was.
func (a *API) transacted(ctx context.Context, o *Operation, fn func(context.Context) ([]byte, error)) (replayed []byte, err error) {
	plain := func(ctx context.Context) error {
		_, err := fn(ctx)
		return err
	}
	switch {
	case o.DryRun:
		return nil, a.DB.Rehearse(ctx, plain)
	case o.once():
		return a.answers.Transact(ctx, once.Request{Client: o.Client, Key: o.Key, Content: o.content()}, fn)
	}
	return nil, a.DB.Transact(ctx, plain)
}

// once tells whether a mutation that is sent again is not run again.
func (o *Operation) once() bool { return o.Key != "" && !o.DryRun }

// isEcho tells whether an error only says that an earlier one ended the
// transaction.
func isEcho(e *gqlerror.Error) bool { return errors.Is(e, sqldb.ErrAborted) }

// named are the ids of the rows that a request of several fields changes. They
// are locked before anything else, in one order, so that requests which cross
// each other wait in a row and not in a circle. Users are left out: whoever
// changes one locks the admins with them, in an order of their own.
func (a *API) named(o *Operation) []relay.ID {
	fields := o.root.Of(a.schema.Mutation.Name)
	if len(fields) < 2 {
		return nil
	}
	var ids []relay.ID
	for _, field := range fields {
		for name, value := range field.ArgumentMap(o.context.Variables) {
			ids = appendNamed(ids, name, value)
		}
	}
	return slices.DeleteFunc(ids, func(id relay.ID) bool {
		kind, _, _ := id.Parse()
		return kind == "User"
	})
}

// appendNamed appends the ids under the names that stand for the row itself,
// however deep.
func appendNamed(ids []relay.ID, name string, value any) []relay.ID {
	switch v := value.(type) {
	case string:
		if name == "id" || name == "productId" {
			ids = appendIDs(ids, v)
		}
	case []any:
		for _, one := range v {
			ids = appendNamed(ids, name, one)
		}
	case map[string]any:
		for key, one := range v {
			ids = appendNamed(ids, key, one)
		}
	}
	return ids
}

// appendIDs appends the texts, one or a list, that are ids of ours.
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
	}
	return ids
}
