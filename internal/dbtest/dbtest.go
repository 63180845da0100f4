// Package dbtest gives tests every database that Stoa runs on: fresh, migrated
// and empty, each test its own.
//
// The PostgreSQL server is started by the first test of a process that needs
// one and ends with the process; with STOA_TEST_POSTGRES_URL set it is the one
// named there, whose role needs LOGIN and CREATEDB. The command withpostgres
// runs many test processes on one server.
package dbtest

import (
	"database/sql/driver"
	"testing"
	"time"

	"stoa/internal/sqldb"
)

// The kinds of database.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Kinds are the kinds of database, in the order in which Each takes them.
func Kinds() []string { return []string{SQLite, Postgres} }

// Each runs the test on each kind of database, as a subtest of the kind's name.
func Each(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	for _, kind := range Kinds() {
		t.Run(kind, func(t *testing.T) { test(t, Open(t, kind)) })
	}
}

// Open is a fresh database of the kind. It is closed after the test, which
// fails if it has not given all connections back.
func Open(t testing.TB, kind string) *sqldb.DB {
	t.Helper()
	return open(t, kind, nil)
}

// Pair is a fresh database of each kind, for comparisons.
func Pair(t testing.TB) (sqlite, postgres *sqldb.DB) {
	t.Helper()
	return Open(t, SQLite), Open(t, Postgres)
}

// Counted is a fresh database of the kind and the counter of its statements.
func Counted(t testing.TB, kind string) (*sqldb.DB, *Counter) {
	t.Helper()
	counter := new(Counter)
	return open(t, kind, counter.Wrap), counter
}

// URL is that of a fresh database of the kind, for those who open it
// themselves, as by Connect. It is removed after the test, whoever is still
// connected.
func URL(t testing.TB, kind string) string {
	t.Helper()
	if kind == Postgres {
		return postgresURL(t)
	}
	return sqliteURL(t)
}

// conns bounds the connections of a pool: enough for statements to run side by
// side, few enough for many tests to share a server.
const conns = 8

func open(t testing.TB, kind string, wrap func(driver.Connector) driver.Connector) *sqldb.DB {
	t.Helper()
	db := Connect(t, sqldb.Options{URL: URL(t, kind), MaxConns: conns, Wrap: wrap})
	t.Cleanup(func() {
		if n := leaked(db); n > 0 {
			t.Errorf("%d connections did not go back to the pool", n)
		}
	})
	return db
}

// Connect opens the database that the options name, and closes it after the test,
// which fails if that cannot be done: a server that is gone by then is for
// sqldb.Open.
func Connect(t testing.TB, o sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return db
}

// leaked is how many connections do not come back. Those of cancelled
// statements come back a little after the caller does.
func leaked(db *sqldb.DB) int {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if n := db.InUse(); n == 0 || time.Now().After(deadline) {
			return n
		}
	}
}
