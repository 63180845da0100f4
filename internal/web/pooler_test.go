package web_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
	"stoa/internal/sqldb"
)

// pooled is the URL of a fresh database behind a PgBouncer that has few
// connections to the server, and direct that of the database itself.
func pooled(t *testing.T) (address, direct string) {
	t.Helper()
	direct = dbtest.URL(t, dbtest.Postgres)
	server, err := url.Parse(direct)
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
	return strings.Replace(pooler.URL, "/postgres?", server.Path+"?binary_parameters=yes&", 1), direct
}

// Clients that take turns on few connections to the server do not get into each
// other's statements, transactions or locks.
func TestBehindAPooler(t *testing.T) {
	const clients, rounds = 12, 8
	address, _ := pooled(t)
	var dbs []*sqldb.DB
	for range 2 { // instances
		dbs = append(dbs, dbtest.Connect(t, sqldb.Options{URL: address, MaxConns: clients, AcquireTimeout: time.Minute}))
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

// An instance behind a pooler is notified of what another one changes, by a
// connection to the server itself, and tells its subscribers.
func TestNotifiedBehindAPooler(t *testing.T) {
	address, direct := pooled(t)
	var dbs []*sqldb.DB
	for range 2 {
		dbs = append(dbs, dbtest.Connect(t, sqldb.Options{URL: address, Listen: direct, MaxConns: 4, AcquireTimeout: time.Minute}))
	}
	if err := dbs[0].Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	s, other := newShop(t, dbs[0]), &shop{db: dbs[1]}
	other.auth = other.service(t, auth.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	woken := make(chan struct{}, 100)
	var watching sync.WaitGroup
	watching.Go(func() { dbs[1].Watch(ctx, func() { woken <- struct{}{} }) })
	defer watching.Wait()
	defer cancel()
	wakes := func() {
		t.Helper()
		select {
		case <-woken:
		case <-time.After(time.Minute):
			t.Fatal("it is told of nothing")
		}
	}
	wakes() // when it begins to listen
	product := s.product(t)
	p := plugIn(t, other.served(t, other.site(t, nil)), "")
	p.subscribe("1", fmt.Sprintf(`subscription { productChanged(id: %q) { kind } }`, product))
	wakes() // of the product that was made
	s.admin.get(t, fmt.Sprintf(`mutation { deleteProduct(id: %q) }`, product), nil)
	wakes()
	if text, err := p.receive(); err != nil || !strings.Contains(text, "DELETED") {
		t.Error(text, err)
	}
}

// Where nobody can be listened to the log says so, once, and changes are told all the
// same.
func TestNobodyToListenTo(t *testing.T) {
	var log keptLog
	db := dbtest.Connect(t, sqldb.Options{
		URL: dbtest.URL(t, dbtest.Postgres), Listen: "postgres://127.0.0.1:1/shop", MaxConns: 4, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	s := newShop(t, db)
	p := plugIn(t, s.served(t, s.handler), "")
	p.subscribe("1", "subscription { productChanged { kind } }")
	s.product(t)
	if text, err := p.receive(); err != nil || !strings.Contains(text, "CREATED") {
		t.Error(text, err)
	}
	const told = "cannot listen for changes"
	await(t, func() bool { return strings.Contains(log.String(), told) })
	s.product(t)
	if _, err := p.receive(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), told); n != 1 {
		t.Errorf("it is told %d times: %s", n, log.String())
	}
}
