package graph

import (
	"context"
	"slices"
	"strings"
	"testing"

	"stoa/graph/generated"
	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// broken resolves with faults of ours in the queries and mutations below.
type broken struct{ *Resolver }

func (b broken) Query() generated.QueryResolver { return brokenQuery{b.Resolver.Query()} }
func (b broken) Mutation() generated.MutationResolver {
	return brokenMutation{b.Resolver.Mutation(), b.DB}
}

type brokenQuery struct{ generated.QueryResolver }

// Product panics in the resolver itself.
func (brokenQuery) Product(context.Context, relay.ID) (*store.Product, error) {
	panic("the secret cause")
}

// Nodes are rows of no table: their methods panic, with gqlgen's executor each in
// a goroutine of its own.
func (brokenQuery) Nodes(context.Context, []relay.ID) ([]relay.Node, error) {
	return []relay.Node{new(store.Product), new(store.Product), new(store.Product)}, nil
}

type brokenMutation struct {
	generated.MutationResolver
	db *sqldb.DB
}

// RefreshToken panics once its transaction has begun.
func (m brokenMutation) RefreshToken(ctx context.Context, _ string) (*store.AuthPayload, error) {
	if _, err := m.db.Exec(ctx, "UPDATE categories SET version = version"); err != nil {
		return nil, err
	}
	panic("the secret cause")
}

// Whatever panics, in whichever goroutine, the process lives, the client is told
// no more than the request's id, and what was begun is undone.
func TestAPanicIsAnInternalErrorWhereverItIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, log := logged()
		a.DB = db
		a.executable = generated.NewExecutableSchema(generated.Config{
			Schema: a.schema, Resolvers: broken{&Resolver{DB: db, Accounts: a.accounts}}, Directives: directives,
		})
		ctx := WithRequestID(t.Context(), "abc-123")
		for query, want := range map[string][]string{
			`{ product(id: "x") { name } }`:                             {`{"product":null}`},
			`{ a: product(id: "x") { id } b: product(id: "y") { id } }`: {`{"a":null,"b":null}`},
			`{ nodes(ids: []) { id } }`:                                 {`{"nodes":[null,null,null]}`, ``}, // gqlgen's, ours
			`mutation { refreshToken(token: "x") { token } }`:           {``},
		} {
			for _, a.Plain = range []bool{true, false} {
				log.Reset()
				o, refused := a.Prepare(Request{Query: query})
				if refused != nil {
					t.Fatal(refused)
				}
				response := a.Do(ctx, o)
				if !slices.Contains(want, string(response.Data)) || len(response.Errors) == 0 {
					t.Errorf("%s: got %s, %v", query, response.Data, response.Errors)
				}
				for _, e := range response.Errors {
					if e.Extensions["code"] != "INTERNAL" || e.Message != "Something went wrong on our side; request abc-123." {
						t.Errorf("%s: got %q with %v", query, e.Message, e.Extensions)
					}
				}
				if !strings.Contains(log.String(), "stack=\"goroutine") {
					t.Errorf("%s: the log has no stack: %s", query, log)
				}
			}
		}
	})
}
