package web_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// brief is the time of a request that is meant to run out of it.
const brief = 300 * time.Millisecond

// hurried is a shop above PostgreSQL whose requests have a time, and a
// connection of somebody else's to its database.
type hurried struct {
	*shop
	other *sql.DB
}

func newHurried(t *testing.T) *hurried {
	t.Helper()
	url := dbtest.URL(t, dbtest.Postgres)
	other, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return &hurried{newShop(t, small(t, url)), other}
}

// within has requests take no longer than the limit.
func (h *hurried) within(limit time.Duration) {
	h.handler = web.New(web.Options{DB: h.db, Auth: h.auth, RequestTimeout: limit})
	h.nobody.handler, h.admin.handler = h.handler, h.handler
}

const fewConns = 3

// small is the database at the URL, by few connections.
func small(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	return dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: fewConns, AcquireTimeout: time.Minute})
}

// lock keeps everybody from the products until it is released.
func (h *hurried) lock(t *testing.T) (release func()) {
	t.Helper()
	tx, err := h.other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("LOCK TABLE products IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback() }
}

// awaitWaiting returns once so many statements wait for a lock.
func (h *hurried) awaitWaiting(t *testing.T, want int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var n int
		err := h.other.QueryRow(`SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d statements wait, want %d", n, want)
		}
	}
}

// checkWhole fails unless all connections are in the pool, and can be used at
// once.
func (h *hurried) checkWhole(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); h.db.InUse() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections are out", h.db.InUse())
		}
	}
	var together, done sync.WaitGroup
	together.Add(fewConns)
	for range fewConns {
		done.Go(func() {
			err := h.db.Transact(t.Context(), func(ctx context.Context) error {
				_, err := h.db.Exec(ctx, "SELECT 1")
				together.Done()
				together.Wait()
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}

// late are requests that cannot go on while the products are locked.
func (h *hurried) late(t *testing.T) map[string]string {
	product := h.product(t)
	return map[string]string{
		"query":           `{ products { nodes { name } totalCount } }`,
		"nested":          fmt.Sprintf(`{ it: category(id: %q) { products { nodes { name } } } }`, h.shelf),
		"mutation":        fmt.Sprintf(`mutation { updateProduct(id: %q, input: {price: 2}) { id } }`, product),
		"several":         fmt.Sprintf(`mutation { a: setInventory(input: [{productId: %q, inventory: 2}]) { id } b: deleteProduct(id: %[1]q) }`, product),
		"read in a write": `mutation { it: createCategory(input: {name: "New"}) { products { totalCount } } }`,
	}
}

// waits is how many of its statements wait at once: a page, beside which its list is counted, or
// any other.
func waits(query string) int {
	if !strings.HasPrefix(query, "mutation") && strings.Contains(query, "totalCount") {
		return 2
	}
	return 1
}

func TestStatementsEndWithTheirRequest(t *testing.T) {
	h := newHurried(t)
	t.Run("out of time", h.outOfTime)
	t.Run("the client goes away", h.goneAway)
	t.Run("the database ends it", h.endedByTheDatabase)
	t.Run("often", h.oftenOutOfTime)
}

// A request out of time leaves nothing behind.
func (h *hurried) outOfTime(t *testing.T) {
	late := h.late(t)
	h.within(brief)
	for name, query := range late {
		t.Run(name, func(t *testing.T) {
			for range 2 { // with the statement new and, perhaps, prepared
				release := h.lock(t)
				defer release()
				answer := h.admin.do(t, query, nil)
				codes := slices.Compact(answer.faults())
				if !slices.Equal(codes, []string{"TIMEOUT"}) || answer.status != 503 || answer.Data != nil || answer.header.Get("Retry-After") == "" {
					t.Errorf("got %d %s", answer.status, answer.raw)
				}
				h.awaitWaiting(t, 0)
				release()
				h.checkWhole(t)
			}
		})
	}
	h.within(time.Hour)
	if got := h.nobody.get(t, `{ categories(filter: {search: "New"}) { totalCount } }`, nil); !strings.Contains(got, ":0}") {
		t.Errorf("a mutation out of time took effect: %s", got)
	}
}

// Whoever goes away takes along what runs for them.
func (h *hurried) goneAway(t *testing.T) {
	h.within(time.Hour)
	server := httptest.NewServer(h.handler)
	defer server.Close()
	for name, query := range h.late(t) {
		t.Run(name, func(t *testing.T) {
			defer h.lock(t)()
			ctx, leave := context.WithCancel(t.Context())
			gone := make(chan error, 1)
			go func() { gone <- h.admin.visit(ctx, server.URL, query) }()
			h.awaitWaiting(t, waits(query))
			leave()
			if err := <-gone; err == nil {
				t.Error("there was an answer")
			}
			h.awaitWaiting(t, 0)
		})
	}
	h.checkWhole(t)
}

// A time-out of the database's own, whose error tells of no context, is no fault
// of ours, and what was resolved is answered beside it.
func (h *hurried) endedByTheDatabase(t *testing.T) {
	h.within(time.Hour)
	product := h.product(t)
	defer h.lock(t)()
	for query, want := range map[string]reply{
		fmt.Sprintf(`{ product(id: %q) { name } }`, product):                                    {status: 503},
		`{ products { totalCount } }`:                                                           {status: 503},
		fmt.Sprintf(`{ category(id: %q) { name } product(id: %q) { name } }`, h.shelf, product): {status: 200, raw: `{"category":{"name":"Shelf"},"product":null}`},
		fmt.Sprintf(`mutation { deleteProduct(id: %q) }`, product):                              {status: 503},
	} {
		answers := make(chan *reply, 1)
		go func() { answers <- h.admin.do(t, query, nil) }()
		h.awaitWaiting(t, waits(query))
		if _, err := h.other.Exec(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
			t.Fatal(err)
		}
		got := <-answers
		if got.status != want.status || string(got.Data) != want.raw || !slices.Equal(got.faults(), []string{"TIMEOUT"}) {
			t.Errorf("%s: got %d %s", query, got.status, got.raw)
		}
	}
}

// However many requests run out of time, the database is not taken to be away.
func (h *hurried) oftenOutOfTime(t *testing.T) {
	h.within(3 * brief) // which is enough to connect again, also for a slow machine
	release := h.lock(t)
	defer release()
	for range 2 {
		var together sync.WaitGroup
		for range fewConns {
			together.Go(func() {
				answer := h.nobody.do(t, `{ products { totalCount } }`, nil)
				if !slices.Equal(answer.faults(), []string{"TIMEOUT"}) {
					t.Errorf("got %d %s", answer.status, answer.raw)
				}
			})
		}
		together.Wait()
	}
	release()
	h.within(time.Hour)
	h.nobody.get(t, `{ products { totalCount } }`, nil)
}

// On SQLite writers wait for each other, also for those of another process.
func TestAWriterOutOfTime(t *testing.T) {
	url := dbtest.URL(t, dbtest.SQLite)
	h := newShop(t, small(t, url))
	h.admin.handler = web.New(web.Options{DB: h.db, Auth: h.auth, RequestTimeout: brief})
	for name, holder := range map[string]*sqldb.DB{"one of ours": h.db, "another process": small(t, url)} {
		t.Run(name, func(t *testing.T) {
			var answer *reply
			err := holder.Transact(t.Context(), func(ctx context.Context) error {
				if _, err := holder.Exec(ctx, "UPDATE categories SET version = version"); err != nil {
					return err
				}
				answered := make(chan *reply, 1)
				go func() {
					answered <- h.admin.do(t, `mutation { createCategory(input: {name: "New"}) { id } }`, nil)
				}()
				answer = <-answered
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(answer.faults(), []string{"TIMEOUT"}) || answer.status != 503 || answer.Data != nil {
				t.Errorf("got %d %s", answer.status, answer.raw)
			}
			h.admin.get(t, fmt.Sprintf(`mutation { createCategory(input: {name: %q}) { id } }`, name), nil)
		})
	}
}

// Where no connection is free, it is told soon, and when to come again.
func TestAPoolThatIsExhausted(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db := dbtest.Connect(t, sqldb.Options{URL: dbtest.URL(t, kind), MaxConns: 1, AcquireTimeout: brief})
			s := newShop(t, db)
			busy := db.Transact(t.Context(), func(ctx context.Context) error {
				if _, err := db.Exec(ctx, "UPDATE categories SET version = version"); err != nil {
					return err
				}
				token := s.admin.token
				if kind == dbtest.Postgres { // whose one connection reads the viewer too
					token = ""
				}
				answer := (&client{handler: s.handler, token: token}).do(t,
					`mutation { signUp(input: {username: "eve", email: "eve@example.com", password: "correct horse"}) { token } }`, nil)
				if !slices.Equal(answer.faults(), []string{"UNAVAILABLE POOL_EXHAUSTED"}) || answer.status != 503 || answer.Data != nil || answer.header.Get("Retry-After") == "" {
					t.Errorf("got %d %s", answer.status, answer.raw)
				}
				return nil
			})
			if busy != nil {
				t.Error(busy)
			}
			s.signUp(t, "eve")
		})
	}
}
