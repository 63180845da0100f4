package graph

import (
	"context"
	"iter"
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

		Counted: counted(field.SelectionSet),
	}
	if filter != nil {
		asked.Filter = P(filter)
	}
	return asked
}

// counted tells whether a connection's number of rows is asked for whatever the variables
// are, by the selection or a fragment in it. It does not look into those of fragments.
func counted(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(s ast.Selection) bool {
		switch s := s.(type) {
		case *ast.InlineFragment:
			return len(s.Directives) == 0 && slices.ContainsFunc(s.SelectionSet, isCount)
		case *ast.FragmentSpread:
			return len(s.Directives) == 0 && slices.ContainsFunc(s.Definition.SelectionSet, isCount)
		}
		return isCount(s)
	})
}

func isCount(s ast.Selection) bool {
	f, ok := s.(*ast.Field)
	return ok && f.Name == "totalCount" && len(f.Directives) == 0
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
