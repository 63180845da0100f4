package dbtest_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	_ "github.com/lib/pq"
	_ "modernc.org/sqlite"

	"stoa/internal/dbtest"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

func TestEachKindIsMigratedAndEmpty(t *testing.T) {
	var ran []string
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ran = append(ran, t.Name())
		if ok, err := db.UpToDate(t.Context()); err != nil || !ok {
			t.Errorf("up to date: %t, %v", ok, err)
		}
		for _, table := range []string{"products", "categories", "users", "posts"} {
			wantRows(t, db, table, 0)
		}
	})
	if want := []string{t.Name() + "/sqlite", t.Name() + "/postgres"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
}

func TestDatabasesAreIsolated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		kind := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
		addCategory(t, db)
		wantRows(t, db, "categories", 1)
		wantRows(t, dbtest.Open(t, kind), "categories", 0)
	})
}

func TestPairIsOneOfEach(t *testing.T) {
	sqlite, postgres := dbtest.Pair(t)
	addCategory(t, sqlite)
	wantRows(t, sqlite, "categories", 1)
	wantRows(t, postgres, "categories", 0)
}

func TestDatabasesEndWithTheirTest(t *testing.T) {
	var file, address string
	t.Run("test", func(t *testing.T) {
		file = strings.TrimPrefix(dbtest.URL(t, dbtest.SQLite), "sqlite:")
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
		address = dbtest.URL(t, dbtest.Postgres)
		db := connect(t, address)
		if err := db.Ping(); err != nil { // and stays connected
			t.Error(err)
		}
	})
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
	if address == "" {
		return // skipped
	}
	if err := connect(t, address).Ping(); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("the PostgreSQL database is left: %v", err)
	}
}

func TestManyDatabasesAtOnce(t *testing.T) {
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			sqlite, postgres := dbtest.Pair(t)
			addCategory(t, sqlite)
			addCategory(t, postgres)
		})
	}
}

// What a test that keeps a connection fails by.
func TestConnectionsInUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		during := 0
		rows := func(yield func([]any) bool) {
			during = db.InUse()
			yield(category())
		}
		load(t, db, rows)
		if during != 1 || db.InUse() != 0 {
			t.Errorf("connections in use: %d during the load, %d after it", during, db.InUse())
		}
	})
}

func connect(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // its database may be gone
	return db
}

func addCategory(t *testing.T, db *sqldb.DB) {
	t.Helper()
	load(t, db, slices.Values([][]any{category()}))
}

// wantRows checks how many rows a table has had.
func wantRows(t *testing.T, db *sqldb.DB, table string, want int64) {
	t.Helper()
	if got, err := db.LastID(t.Context(), table); err != nil || got != want {
		t.Errorf("%d rows in %s, %v; want %d", got, table, err, want)
	}
}

func load(t *testing.T, db *sqldb.DB, rows iter.Seq[[]any]) {
	t.Helper()
	if _, err := db.Load(t.Context(), "categories", columns, rows); err != nil {
		t.Fatal(err)
	}
}

var columns = []string{"name", "name_key", "description", "search", "created_at", "updated_at"}

func category() []any {
	var now scalar.Time
	return []any{"Books", scalar.Fold("Books"), "", sqldb.Words(scalar.Words("Books")), now, now}
}
