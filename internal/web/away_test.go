package web_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// faulty is a shop above a PostgreSQL server of its own, with which anything may
// be done.
type faulty struct {
	*hurried
	server *pgserver.Server
	dials  atomic.Int64 // for connections, but those of the breaker
}

// dialled counts the connections asked for.
type dialled struct {
	driver.Connector
	dials *atomic.Int64
}

func (d dialled) Connect(ctx context.Context) (driver.Conn, error) {
	d.dials.Add(1)
	return d.Connector.Connect(ctx)
}

func newFaulty(t *testing.T) *faulty {
	t.Helper()
	server, err := pgserver.Start("synchronous_commit = on") // what a log-in wrote outlives a stop
	if errors.Is(err, pgserver.ErrNotInstalled) {
		dbtest.Need(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	other, err := sql.Open("postgres", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	if _, err := other.Exec("CREATE DATABASE shop"); err != nil {
		t.Fatal(err)
	}
	f := &faulty{server: server}
	db, err := sqldb.Open(t.Context(), sqldb.Options{
		URL: strings.Replace(server.URL, "/postgres?", "/shop?", 1), MaxConns: fewConns, AcquireTimeout: time.Minute,
		Wrap: func(c driver.Connector) driver.Connector { return dialled{c, &f.dials} },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	f.hurried = &hurried{newShop(t, db), other}
	f.within(10 * time.Second)
	return f
}

// do is what is done to the server.
func (f *faulty) do(t *testing.T, deed func() error) {
	t.Helper()
	if err := deed(); err != nil {
		t.Fatal(err)
	}
}

// awaitAway returns once requests are refused without a connection being tried.
func (f *faulty) awaitAway(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var together sync.WaitGroup
		for range fewConns {
			together.Go(func() { f.nobody.do(t, `{ categories { totalCount } }`, nil) })
		}
		together.Wait()
		before := f.dials.Load()
		answer := f.nobody.do(t, `{ categories { totalCount } }`, nil)
		if f.dials.Load() == before && slices.Equal(answer.faults(), []string{"UNAVAILABLE DATABASE_DOWN"}) {
			return
		}
	}
	t.Fatal("the breaker does not open")
}

// checkAway fails unless everybody is refused, and nobody has to wait for it.
func (f *faulty) checkAway(t *testing.T) {
	t.Helper()
	before := f.dials.Load()
	for _, query := range []string{`{ categories { totalCount } }`, `{ nodes(ids: []) { id } viewer { id } }`, `mutation { createCategory(input: {name: "Away"}) { id } }`} {
		answer := f.admin.do(t, query, nil)
		if !slices.Equal(answer.faults(), []string{"UNAVAILABLE DATABASE_DOWN"}) || answer.status != 503 || answer.Data != nil || answer.header.Get("Retry-After") != "1" {
			t.Errorf("%s: got %d %s", query, answer.status, answer.raw)
		}
	}
	if n := f.dials.Load() - before; n > 0 {
		t.Errorf("%d connections were tried", n)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	if w.Code != 503 || !strings.Contains(w.Body.String(), `"failing":"database"`) {
		t.Errorf("it is ready: %d %s", w.Code, w.Body)
	}
}

// awaitBack returns once a request succeeds.
func (f *faulty) awaitBack(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		answer := f.admin.do(t, `mutation { createCategory(input: {name: "Back"}) { id } deleteCategory(id: "x") }`, nil)
		if codes := answer.faults(); slices.Equal(codes, []string{"BAD_USER_INPUT id MALFORMED"}) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not come back: %s", answer.raw)
		}
	}
	f.checkWhole(t)
}

func TestADatabaseThatFails(t *testing.T) {
	f := newFaulty(t)
	t.Run("stopped", f.stopped)
	t.Run("frozen", f.frozen)
	t.Run("backends terminated", f.terminated)
	t.Run("connections used up", f.usedUp)
}

func (f *faulty) stopped(t *testing.T) {
	f.do(t, f.server.Halt)
	f.awaitAway(t)
	f.checkAway(t)
	f.do(t, f.server.Resume)
	f.awaitBack(t)
}

// A server that takes requests and says nothing keeps nobody beyond their time.
func (f *faulty) frozen(t *testing.T) {
	f.within(brief)
	f.do(t, f.server.Freeze)
	begin, cancel := context.WithTimeout(t.Context(), brief)
	defer cancel()
	if _, err := f.db.Exec(begin, "SELECT 1"); err == nil || fault.Of(err)[0].Code != fault.Timeout {
		t.Errorf("BEGIN: got %v", err)
	}
	// Each is one statement: a page and its count would be two failures for the breaker.
	for range 2 { // in turn on connections that are there, and on new ones
		for _, query := range []string{`{ categories { nodes { id } } }`, `mutation { logIn(input: {email: "a@example.com", password: "password"}) { token } }`} {
			answer := f.nobody.do(t, query, nil)
			if codes := slices.Compact(answer.faults()); answer.status != 503 || !slices.Equal(codes, []string{"TIMEOUT"}) {
				t.Errorf("%s: got %d %s", query, answer.status, answer.raw)
			}
		}
	}
	f.awaitAway(t)
	f.checkAway(t)
	f.do(t, f.server.Thaw)
	f.within(10 * time.Second)
	f.awaitBack(t)
}

// terminate ends the connections of the shop of which the condition holds.
func (f *faulty) terminate(t *testing.T, condition string) {
	t.Helper()
	if _, err := f.other.Exec("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = 'shop' AND " + condition); err != nil {
		t.Fatal(err)
	}
}

// Nobody notices that idle connections have gone. A read whose connection goes
// is read again; a write is not, and leaves nothing behind.
func (f *faulty) terminated(t *testing.T) {
	f.terminate(t, "true")
	for range fewConns {
		f.nobody.get(t, `{ categories { totalCount } }`, nil)
	}
	f.terminate(t, "true")
	id := f.category(t)
	read, written := make(chan *reply, 1), make(chan *reply, 1)
	err := f.db.Transact(t.Context(), func(ctx context.Context) error {
		if _, err := f.db.Exec(ctx, "LOCK TABLE categories IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		go func() {
			written <- f.admin.do(t, fmt.Sprintf(`mutation { updateCategory(id: %q, input: {description: "Twice"}) { id } }`, id), nil)
		}()
		f.awaitBlocked(t)
		f.terminate(t, blocked)
		if answer := <-written; !slices.Equal(answer.faults(), []string{"UNAVAILABLE DATABASE_DOWN"}) || answer.status != 503 {
			t.Errorf("got %d %s", answer.status, answer.raw)
		}
		go func() {
			read <- f.nobody.do(t, fmt.Sprintf(`{ it: category(id: %q) { version description } }`, id), nil)
		}()
		f.awaitBlocked(t)
		f.terminate(t, blocked)
		f.awaitBlocked(t)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	(<-read).answers(t, `{"version":1,"description":"New"}`)
	f.checkWhole(t)
}

// blocked is the condition that a connection's statement waits for a lock.
const blocked = "wait_event_type = 'Lock'"

// awaitBlocked returns once a statement of the shop waits for a lock.
func (f *faulty) awaitBlocked(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		var waits bool
		err := f.other.QueryRow("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'shop' AND " + blocked + ")").Scan(&waits)
		if err != nil {
			t.Fatal(err)
		}
		if waits {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no statement waits")
		}
	}
}

func (f *faulty) usedUp(t *testing.T) {
	limit := func(n int) {
		t.Helper()
		if _, err := f.other.Exec(fmt.Sprintf("ALTER DATABASE shop CONNECTION LIMIT %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(0)
	f.terminate(t, "true")
	for range 10 {
		answer := f.nobody.do(t, `{ categories { totalCount } }`, nil)
		if !slices.Equal(answer.faults(), []string{"UNAVAILABLE DATABASE_DOWN"}) || answer.status != 503 || answer.header.Get("Retry-After") == "" {
			t.Errorf("got %d %s", answer.status, answer.raw)
		}
	}
	limit(-1)
	f.awaitBack(t)
}
