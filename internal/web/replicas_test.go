package web_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	db := r.open(t)
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

// open is an instance's database.
func (r *replicated) open(t *testing.T) *sqldb.DB {
	t.Helper()
	wraps := []func(driver.Connector) driver.Connector{r.atPrimary.Wrap, r.atCopy.Wrap} // in this order
	db, err := sqldb.Open(t.Context(), sqldb.Options{
		URL: r.address, Replicas: []string{r.following}, MaxLag: time.Minute, MaxConns: 8, AcquireTimeout: time.Minute,
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
func (r *replicated) instance(t *testing.T) http.Handler {
	t.Helper()
	return web.New(web.Options{DB: r.open(t), Auth: r.auth})
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
	consistent := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Stoa-Consistency", token)
		c.handler.ServeHTTP(w, r)
	})
	authorization := ""
	if c.token != "" {
		authorization = "Bearer " + c.token
	}
	return (&client{handler: consistent}).send(context.Background(), authorization, query, nil)
}

func TestReplicas(t *testing.T) {
	r := newReplicated(t)
	r.settled(t)
	t.Run("no more statements", r.noMoreStatements)
	t.Run("one's own writes, by the token", r.ownWritesByToken)
	t.Run("one's own writes, by the log-in", r.ownWritesByLogIn)
	t.Run("a token that is none", r.badToken)
	t.Run("a log-out counts at once", r.logOut)
	t.Run("the replica dies under load", r.replicaDies)
	t.Run("the primary stops", r.primaryStops)
}

// A query takes the same statements as without replicas, all of them there.
func (r *replicated) noMoreStatements(t *testing.T) {
	for range 20 {
		r.reset()
		r.nobody.get(t, `{ products { totalCount nodes { category { name } } } }`, nil)
		if here, there := r.atPrimary.Statements(), r.atCopy.Statements(); len(here) != 0 || len(there) != 3 {
			t.Fatalf("the primary was sent %q, the replica %q", here, there)
		}
	}
}

func (r *replicated) ownWritesByToken(t *testing.T) {
	const clients, pairs = 20, 1000
	r.reset()
	var missed, plain atomic.Int64
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for n := range pairs / clients {
				name := fmt.Sprintf("Pair%dof%d", n, c)
				made := r.admin.do(t, fmt.Sprintf(`mutation { createProduct(input: {name: %q, price: 1, categoryId: %q}) { id } }`, name, r.shelf), nil)
				query := fmt.Sprintf(`{ products(filter: {search: %q}) { nodes { name } } }`, name)
				if answer := r.nobody.after(made.header.Get("Stoa-Consistency"), query); !strings.Contains(answer.raw, name) {
					missed.Add(1)
				}
				if answer := r.nobody.do(t, query, nil); len(answer.Errors) == 0 && !strings.Contains(answer.raw, name) {
					plain.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := missed.Load(); n > 0 {
		t.Errorf("%d queries with the token miss what was written", n)
	}
	// What was just written is not in the replica yet.
	if n := plain.Load(); n == 0 {
		t.Error("no query without the token was read from the replica")
	}
}

// A browser needs no token, whichever instance it comes to.
func (r *replicated) ownWritesByLogIn(t *testing.T) {
	other := *r.ann
	other.handler = r.instance(t)
	await(t, func() bool {
		r.atCopy.Reset()
		other.do(t, `{ products { totalCount } }`, nil)
		return selects(&r.atCopy) > 0
	})
	post := r.ann.make(t, fmt.Sprintf(`createPost(input: {title: "Mine", content: "Content", categoryId: %q})`, r.shelf))
	query := fmt.Sprintf(`{ it: post(id: %q) { title } }`, post)
	for _, c := range []*client{r.ann, &other} {
		c.do(t, query, nil).answers(t, `{"title":"Mine"}`)
	}
	fresh := r.signUp(t, r.name("fresh"))
	fresh.do(t, fmt.Sprintf(`{ it: user(id: %q) { id } }`, fresh.id), nil).answers(t, fmt.Sprintf(`{"id":%q}`, fresh.id))
	r.nobody.do(t, query, nil).answers(t, `null`)
}

func (r *replicated) badToken(t *testing.T) {
	answer := r.nobody.after("x", `{ categories { totalCount } }`)
	if answer.status != http.StatusBadRequest || !slices.Equal(answer.faults(), []string{"BAD_REQUEST"}) {
		t.Errorf("got %d %s", answer.status, answer.raw)
	}
}

func (r *replicated) logOut(t *testing.T) {
	c, _ := r.newcomer(t)
	r.settled(t)
	c.get(t, `mutation { logOut }`, nil)
	if answer := c.do(t, `{ viewer { id } }`, nil); answer.status != http.StatusUnauthorized {
		t.Errorf("got %d %s", answer.status, answer.raw)
	}
}

// No query fails when the replica dies or falls silent, nor when it comes back.
func (r *replicated) replicaDies(t *testing.T) {
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				answer := r.nobody.do(t, `{ products(first: 50) { totalCount nodes { category { name } } } }`, nil)
				if answer.status != http.StatusOK || len(answer.Errors) > 0 || answer.header.Get("Stoa-Stale") != "" {
					t.Errorf("got %d %.300s", answer.status, answer.raw)
				}
			}
		})
	}
	const some = 20
	await(t, func() bool { return selects(&r.atCopy) > some })
	for _, step := range []struct {
		deed func() error
		then *dbtest.Counter // of the database that answers
	}{
		{r.replica.Halt, &r.atPrimary}, {r.replica.Resume, &r.atCopy}, {r.replica.Freeze, &r.atPrimary}, {r.replica.Thaw, &r.atCopy},
	} {
		if err := step.deed(); err != nil {
			t.Fatal(err)
		}
		r.reset()
		await(t, func() bool { return selects(step.then) > some })
	}
	close(stop)
	all.Wait()
}

// While the primary is away queries are answered, and say so.
func (r *replicated) primaryStops(t *testing.T) {
	if err := r.primary.Halt(); err != nil {
		t.Fatal(err)
	}
	await(t, func() bool {
		return r.nobody.do(t, `{ products { totalCount } }`, nil).header.Get("Stoa-Stale") == "true"
	})
	for _, c := range []*client{r.nobody, r.ann} {
		answer := c.do(t, `{ viewer { username } products { nodes { name } } }`, nil)
		if answer.status != http.StatusOK || len(answer.Errors) > 0 || answer.header.Get("Stoa-Stale") != "true" {
			t.Errorf("got %d %.300s", answer.status, answer.raw)
		}
	}
	answer := r.admin.do(t, `mutation { createCategory(input: {name: "Away"}) { id } }`, nil)
	if answer.status != http.StatusServiceUnavailable || !slices.Equal(answer.faults(), []string{"UNAVAILABLE DATABASE_DOWN"}) {
		t.Errorf("got %d %s", answer.status, answer.raw)
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusOK {
		t.Errorf("it is not ready: %d %s", w.Code, w.Body)
	}
	if err := r.primary.Resume(); err != nil {
		t.Fatal(err)
	}
	await(t, func() bool {
		answer := r.admin.do(t, `mutation { createCategory(input: {name: "Back"}) { id } }`, nil)
		return answer.status == http.StatusOK
	})
	r.settled(t)
	if stale := r.nobody.do(t, `{ products { totalCount } }`, nil).header.Get("Stoa-Stale"); stale != "" {
		t.Errorf("it is stale: %s", stale)
	}
}
