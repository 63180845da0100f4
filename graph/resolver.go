package graph

import (
	"context"
	"iter"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

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
	field := graphql.GetFieldContext(ctx).Field
	asked := sqldb.List{
		Args:  relay.Args{First: first, After: after, Last: last, Before: before},
		Sort:  sortBy,
		Place: field.Field,
	}
	if filter != nil {
		asked.Filter = P(filter)
	}
	return asked
}

// fields are all fields of the selection, however deep. Each fragment is read once.
func fields(set ast.SelectionSet) iter.Seq[*ast.Field] {
	return func(yield func(*ast.Field) bool) {
		seen := map[*ast.FragmentDefinition]bool{}
		var each func(set ast.SelectionSet) bool
		each = func(set ast.SelectionSet) bool {
			for _, selection := range set {
				more := true
				switch s := selection.(type) {
				case *ast.Field:
					more = yield(s) && each(s.SelectionSet)
				case *ast.InlineFragment:
					more = each(s.SelectionSet)
				case *ast.FragmentSpread:
					if !seen[s.Definition] {
						seen[s.Definition] = true
						more = each(s.Definition.SelectionSet)
					}
				}
				if !more {
					return false
				}
			}
			return true
		}
		each(set)
	}
}
