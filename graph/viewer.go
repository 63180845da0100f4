package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"stoa/graph/generated"
	"stoa/internal/auth"
	"stoa/internal/store"
)

// viewer is who sees the field, nil where nobody is logged in. Below a log-in's
// payload it is already its user.
func viewer(ctx context.Context) *auth.Viewer {
	for field := graphql.GetFieldContext(ctx); field != nil; field = field.Parent {
		if payload, ok := field.Result.(*store.AuthPayload); ok && payload != nil {
			return payload.Viewer()
		}
	}
	return auth.From(ctx)
}

// directives are the permissions that the schema shows.
var directives = generated.DirectiveRoot{
	LoggedIn: func(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
		return guard(ctx, auth.LoggedIn, next)
	},
	Admin: func(ctx context.Context, obj any, next graphql.Resolver) (any, error) {
		if absent(ctx, obj) {
			return next(ctx)
		}
		return guard(ctx, auth.Admin, next)
	},
}

// absent tells whether the directive stands at a field of an input in which
// the field is null: as if it were left out.
func absent(ctx context.Context, obj any) bool {
	input, ok := obj.(map[string]any)
	if !ok {
		return false
	}
	at := graphql.GetPathContext(ctx)
	return at != nil && at.Field != nil && input[*at.Field] == nil
}

// guard goes on to next unless the viewer may not.
func guard(ctx context.Context, may func(context.Context) error, next graphql.Resolver) (any, error) {
	if err := may(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}
