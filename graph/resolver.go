package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"stoa/internal/relay"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// Resolver is what every resolver may use.
type Resolver struct {
	DB       *sqldb.DB
	Accounts *store.Accounts
}

// list is what a connection field was asked for, at its place in the query.
func list[F any, P interface {
	*F
	sqldb.Filter
}](ctx context.Context, first *int, after *string, last *int, before *string, filter *F, sortBy *relay.Sort) sqldb.List {
	asked := sqldb.List{
		Args:  relay.Args{First: first, After: after, Last: last, Before: before},
		Sort:  sortBy,
		Place: graphql.GetFieldContext(ctx).Field.Field,
	}
	if filter != nil {
		asked.Filter = P(filter)
	}
	return asked
}
