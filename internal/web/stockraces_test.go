package web_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// raceStock: all write the same products, by sku and by id, in any order.
// Every write that was answered counts.
func raceStock(t *testing.T, s *watched) {
	skus := make([]string, 12)
	for i := range skus {
		skus[i] = s.name("sku")
	}
	product := s.product(t) // one that is there from the first
	var writes [12]atomic.Int32
	var unique atomic.Int32
	upsert := func(which []int) string {
		var items []string
		for _, i := range which {
			items = append(items, fmt.Sprintf(`{sku: %q, name: "Cup", price: %d, inventory: %d, categoryId: %q}`,
				skus[i], unique.Add(1), unique.Add(1), s.shelf))
		}
		return "upsertProducts(input: [" + strings.Join(items, ", ") + "]) { sku version inventory category { name } }"
	}
	wrote := func(which []int) {
		for _, i := range which {
			writes[i].Add(1)
		}
	}
	crowd(func(int) { // all are new
		which := rand.Perm(len(skus))[:6]
		if s.admin.do(t, fields(upsert(which)), nil).effective(t, "CONFLICT") {
			wrote(which)
		}
	})
	all := rand.Perm(len(skus))
	s.admin.get(t, fields(upsert(all)), nil)
	wrote(all)

	ids := s.idsOf(t, skus)
	var ones atomic.Int32
	crowd(func(w int) {
		for range 2 {
			which := rand.Perm(len(skus))[:8]
			document := fields(upsert(which))
			if w%2 == 0 {
				var items []string
				for _, i := range which {
					items = append(items, fmt.Sprintf("{productId: %q, inventory: %d}", ids[i], unique.Add(1)))
				}
				items = append(items, fmt.Sprintf("{productId: %q, inventory: %d}", product, unique.Add(1)))
				document = fields("setInventory(input: [" + strings.Join(items, ", ") + "]) { version inventory }")
			}
			if s.admin.do(t, document, nil).effective(t) {
				wrote(which)
				ones.Add(1 - int32(w%2))
			}
		}
	})
	for i, id := range append(ids, product) {
		want := int(ones.Load()) + 1
		if i < len(ids) {
			want = int(writes[i].Load())
		}
		if got := s.number(t, "SELECT version FROM products WHERE id = ?", row(id)); got != want {
			t.Errorf("product %d has version %d after %d writes", i, got, want)
		}
	}
}

// idsOf are the ids of the products.
func (s *watched) idsOf(t *testing.T, skus []string) []string {
	t.Helper()
	ids := make([]string, len(skus))
	for i, sku := range skus {
		var data struct {
			Products struct{ Nodes []struct{ ID string } }
		}
		read(t, s.nobody.get(t, fmt.Sprintf("{ products(filter: {sku: %q}) { nodes { id } } }", sku), nil), &data)
		ids[i] = data.Products.Nodes[0].ID
	}
	return ids
}

// TestCrossedUpdates: all update two products in one request, half of them in
// the other order. None is lost, and none waits in a circle.
func TestCrossedUpdates(t *testing.T) {
	const rounds = 6
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			deadlocks := deadlocksOf(t, kind, func(s *watched) {
				ids := []string{s.product(t), s.product(t)}
				crowd(func(w int) {
					for n := range rounds {
						update := func(i int) string {
							return fmt.Sprintf(`updateProduct(id: %q, input: {description: "%d of %d"}) { version category { name } }`, ids[i], n, w)
						}
						s.admin.do(t, fields(update(w%2), update(1-w%2)), nil).effective(t)
					}
				})
				for _, id := range ids {
					if got := s.number(t, "SELECT version FROM products WHERE id = ?", row(id)); got != 1+workers*rounds {
						t.Errorf("version %d after %d updates", got, workers*rounds)
					}
				}
			})
			if deadlocks != 0 {
				t.Errorf("%d deadlocks", deadlocks)
			}
		})
	}
}

// TestDeadlocksAreTriedAgain: two requests that wait for one another, for rows
// that are named by no id, both take effect.
func TestDeadlocksAreTriedAgain(t *testing.T) {
	deadlocks := deadlocksOf(t, dbtest.Postgres, func(s *watched) {
		upsert := func(sku, category string) string {
			return fmt.Sprintf(`upsertProducts(input: {sku: %q, name: "Cup", price: 1, categoryId: %q}) { version }`, sku, category)
		}
		s.admin.get(t, fields(upsert("this", s.shelf), upsert("that", s.shelf)), nil)
		var arrived atomic.Int32
		bothWrote := make(chan struct{})
		await := func() {
			if arrived.Add(1) == 2 {
				close(bothWrote)
			}
			select {
			case <-bothWrote:
			case <-time.After(10 * time.Second):
				t.Error("one request waits for the other before it has written")
			}
		}
		var all sync.WaitGroup
		for _, skus := range [][]string{{"this", "that"}, {"that", "this"}} {
			category := s.category(t)
			all.Go(func() {
				ctx := before(t.Context(), "SELECT", skus[1], await)
				s.admin.doIn(ctx, fields(upsert(skus[0], category), upsert(skus[1], category))).effective(t)
			})
		}
		all.Wait()
		for _, sku := range []string{"this", "that"} {
			if got := s.number(t, "SELECT version FROM products WHERE sku = ?", sku); got != 3 {
				t.Errorf("%s has version %d after three writes", sku, got)
			}
		}
	})
	if deadlocks == 0 {
		t.Error("there was no deadlock to try again after")
	}
}

// deadlocksOf is how many deadlocks PostgreSQL broke while act ran on a fresh
// database; none on SQLite.
func deadlocksOf(t *testing.T, kind string, act func(s *watched)) (deadlocks int) {
	t.Helper()
	url := dbtest.URL(t, kind)
	open := func() *sqldb.DB { return dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 8}) }
	s := watch(t, kind, open())
	act(s)
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("the log says: %s", s.log)
	}
	if err := s.db.Close(); err != nil {
		t.Error(err)
	}
	if kind == dbtest.Postgres {
		deadlocks = deadlocksIn(t, open())
	}
	return deadlocks
}

// deadlocksIn is the number that PostgreSQL counts, once all other sessions
// have ended: it is told by each at its end.
func deadlocksIn(t *testing.T, db *sqldb.DB) (deadlocks int) {
	t.Helper()
	for others := 1; others > 0; {
		_, err := db.Read(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", nil, &others)
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Read(t.Context(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", nil, &deadlocks); err != nil {
		t.Fatal(err)
	}
	return deadlocks
}
