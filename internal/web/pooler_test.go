package web_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
	"stoa/internal/sqldb"
)

// pooled is the URL of a fresh database behind a PgBouncer that has few
// connections to the server.
func pooled(t *testing.T) string {
	t.Helper()
	server, err := url.Parse(dbtest.URL(t, dbtest.Postgres))
	if err != nil {
		t.Fatal(err)
	}
	pooler, err := pgserver.Pooler(server, "default_pool_size = 3")
	if errors.Is(err, pgserver.ErrNoPooler) {
		dbtest.Need(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pooler.Stop(); err != nil {
			t.Error(err)
		}
	})
	return strings.Replace(pooler.URL, "/postgres?", server.Path+"?binary_parameters=yes&", 1)
}

// Clients that take turns on few connections to the server do not get into each
// other's statements, transactions or locks.
func TestBehindAPooler(t *testing.T) {
	const clients, rounds = 12, 8
	address := pooled(t)
	var dbs []*sqldb.DB
	for range 2 { // instances
		db, err := sqldb.Open(t.Context(), sqldb.Options{URL: address, MaxConns: clients, AcquireTimeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		dbs = append(dbs, db)
	}
	for range 2 { // a lock that is left behind would hold the next off
		var together sync.WaitGroup
		for _, db := range dbs {
			together.Go(func() {
				if err := db.Migrate(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
	}
	s := newShop(t, dbs[0])
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for round := range rounds {
				name := fmt.Sprintf("Cup%c%c", 'a'+c, 'a'+round)
				answer := s.admin.do(t, fmt.Sprintf(`mutation { it: createProduct(input: {name: %q, price: "%d.50", categoryId: %q}) { name price } }`, name, c, s.shelf), nil)
				answer.answers(t, fmt.Sprintf(`{"name":%q,"price":"%d.50"}`, name, c))
				answer = s.ann.do(t, fmt.Sprintf(`{ it: products(filter: {search: %q}) { totalCount nodes { name category { name } } } }`, name), nil)
				answer.answers(t, fmt.Sprintf(`{"totalCount":1,"nodes":[{"name":%q,"category":{"name":"Shelf"}}]}`, name))
			}
		})
	}
	all.Wait()
	want := fmt.Sprintf(`{"totalCount":%d}`, clients*rounds+1)
	s.nobody.do(t, `{ it: products { totalCount } }`, nil).answers(t, want)
}
