package graph

import (
	"context"
	"strings"
	"testing"

	"stoa/graph/generated"
	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// unbatched reads the category of each product by itself.
type unbatched struct{ *Resolver }

func (u unbatched) Product() generated.ProductResolver {
	return unbatchedProducts{u.Resolver.Product(), u.DB}
}

type unbatchedProducts struct {
	generated.ProductResolver
	db *sqldb.DB
}

func (u unbatchedProducts) Category(ctx context.Context, p *store.Product) (*store.Category, error) {
	category, err := sqldb.Node(ctx, u.db, relay.NewID("Category", p.CategoryKey))
	return category.(*store.Category), err
}

// A loader that reads row by row is told of, and only then.
func TestTheLogTellsOfMoreStatementsThanPlanned(t *testing.T) {
	a, log := logged()
	a.DB = dbtest.Open(t, dbtest.SQLite)
	if err := seed.Fill(t.Context(), a.DB, seed.Options{Products: 9, Categories: 3}); err != nil {
		t.Fatal(err)
	}
	whole := &Resolver{DB: a.DB}
	for _, c := range []struct {
		resolvers generated.ResolverRoot
		first     string
		told      bool
	}{{whole, "9", false}, {unbatched{whole}, "1", false}, {unbatched{whole}, "2", true}} {
		a.executable = generated.NewExecutableSchema(generated.Config{Schema: a.schema, Resolvers: c.resolvers, Directives: directives})
		log.Reset()
		o, refused := a.Prepare(Request{Query: "{ products(first: " + c.first + ") { nodes { category { name } } } }"})
		if refused != nil {
			t.Fatal(refused)
		}
		if r := a.Do(t.Context(), o); len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
		if told := strings.Contains(log.String(), MoreThanPlanned+`" planned=2 statements=`); told != c.told {
			t.Errorf("%T, %s rows: the log says %q", c.resolvers, c.first, log)
		}
	}
}
