package web_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// replicated is a shop above a primary and a replica that is some time behind
// it, and the statements that either was sent.
type replicated struct {
	*shop
	primary, replica   *pgserver.Server
	atPrimary, atCopy  dbtest.Counter
	address, following string // their URLs
}

// behind is how long the replica waits before it replays a commit.
const behind = 2 * time.Second

func newReplicated(t *testing.T) *replicated {
	t.Helper()
	r := new(replicated)
	var err error
	if r.primary, err = pgserver.Primary(); errors.Is(err, pgserver.ErrNotInstalled) {
		dbtest.Need(t, err.Error())
	}
	stopped(t, r.primary, err)
	r.replica, err = r.primary.Standby(fmt.Sprintf("recovery_min_apply_delay = %d", behind.Milliseconds()))
	stopped(t, r.replica, err)
	r.address, r.following = shopOf(r.primary), shopOf(r.replica)
	create(t, r.primary)
	db := r.open(t, time.Minute)
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	r.shop = newShop(t, db)
	return r
}

// stopped has the server, unless it did not start, stopped after the test.
func stopped(t *testing.T, server *pgserver.Server, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
}

func shopOf(server *pgserver.Server) string {
	return strings.Replace(server.URL, "/postgres?", "/shop?", 1)
}

func create(t *testing.T, server *pgserver.Server) {
	t.Helper()
	db, err := sql.Open("postgres", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE shop"); err != nil {
		t.Fatal(err)
	}
}

// open is the database of an instance that reads from a replica so far behind.
func (r *replicated) open(t *testing.T, maxLag time.Duration) *sqldb.DB {
	t.Helper()
	wraps := []func(driver.Connector) driver.Connector{r.atPrimary.Wrap, r.atCopy.Wrap} // in this order
	db, err := sqldb.Open(t.Context(), sqldb.Options{
		URL: r.address, Replicas: []string{r.following}, MaxLag: maxLag, MaxConns: 8, AcquireTimeout: time.Minute,
		Wrap: func(c driver.Connector) driver.Connector {
			wrap := wraps[0]
			wraps = wraps[1:]
			return wrap(c)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // with connections that were lost
	return db
}

// instance is the handler of another instance.
func (r *replicated) instance(t *testing.T, maxLag time.Duration) http.Handler {
	t.Helper()
	return web.New(web.Options{DB: r.open(t, maxLag), Auth: r.auth})
}

// reset forgets the statements, and selects counts those since that read
// products.
func (r *replicated) reset() { r.atPrimary.Reset(); r.atCopy.Reset() }

func selects(c *dbtest.Counter) (n int) {
	for _, text := range c.Statements() {
		if strings.Contains(text, "FROM products") {
			n++
		}
	}
	return n
}

// settled returns once queries are read from the replica, which has all that has
// been written.
func (r *replicated) settled(t *testing.T) {
	t.Helper()
	name := r.name("Settled")
	r.admin.make(t, fmt.Sprintf(`createProduct(input: {name: %q, price: 1, categoryId: %q})`, name, r.shelf))
	await(t, func() bool {
		r.reset()
		answer := r.nobody.get(t, fmt.Sprintf(`{ products(last: 1, filter: {search: %q}) { nodes { name } } }`, name), nil)
		return strings.Contains(answer, name) && selects(&r.atCopy) > 0
	})
}

func await(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not come about")
		}
	}
}

// after is what a client is told that sends the token.
func (c *client) after(token, query string) *reply {
	return c.with("Stoa-Consistency", token).send(context.Background(), c.authorization(), query, nil)
}
