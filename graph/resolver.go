package graph

import (
	"context"
	"slices"

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

// eachField visits the fields of one object, those in fragments too; each
// fragment once.
func eachField(set ast.SelectionSet, visit func(*ast.Field)) {
	seen := map[*ast.FragmentDefinition]bool{}
	var each func(set ast.SelectionSet)
	each = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				visit(s)
			case *ast.InlineFragment:
				each(s.SelectionSet)
			case *ast.FragmentSpread:
				if !seen[s.Definition] {
					seen[s.Definition] = true
					each(s.Definition.SelectionSet)
				}
			}
		}
	}
	each(set)
}

// anyField tells whether one of the fields, however deep, is so. It reads each
// fragment once.
func anyField(set ast.SelectionSet, is func(*ast.Field) bool) bool {
	seen := map[*ast.FragmentDefinition]bool{}
	var look func(set ast.SelectionSet) bool
	look = func(set ast.SelectionSet) bool {
		return slices.ContainsFunc(set, func(selection ast.Selection) bool {
			switch s := selection.(type) {
			case *ast.Field:
				return is(s) || look(s.SelectionSet)
			case *ast.InlineFragment:
				return look(s.SelectionSet)
			case *ast.FragmentSpread:
				known := seen[s.Definition]
				seen[s.Definition] = true
				return !known && look(s.Definition.SelectionSet)
			}
			return false
		})
	}
	return look(set)
}
