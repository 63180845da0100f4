package dbtest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"
	"modernc.org/sqlite"

	"stoa/internal/dbtest"
)

// counted is a pool on a fresh database, straight through database/sql.
func counted(t *testing.T, kind string) (*sql.DB, *dbtest.Counter) {
	t.Helper()
	address := dbtest.URL(t, kind)
	var connector driver.Connector
	var err error
	if kind == dbtest.Postgres {
		connector, err = pq.NewConnector(address)
	} else {
		connector, err = sqlite.NewConnector("file:" + url.PathEscape(strings.TrimPrefix(address, "sqlite:")) + "?_pragma=busy_timeout(10000)")
	}
	if err != nil {
		t.Fatal(err)
	}
	counter := new(dbtest.Counter)
	db := sql.OpenDB(counter.Wrap(connector))
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, counter
}

func TestCounterCountsWhatReachesTheDriver(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db, counter := counted(t, kind)
			ctx := t.Context()
			run := func(ctx context.Context, db interface {
				ExecContext(context.Context, string, ...any) (sql.Result, error)
			}, text string, args ...any) {
				t.Helper()
				if _, err := db.ExecContext(ctx, text, args...); err != nil {
					t.Error(err)
				}
			}
			var want []string

			run(ctx, db, "CREATE TABLE things (n bigint, v text)")
			want = append(want, "CREATE TABLE things (n bigint, v text)")
			insert := "INSERT INTO things VALUES ($1, $2)"
			run(ctx, db, insert, 1, "one")
			want = append(want, insert)

			prepared, err := db.PrepareContext(ctx, "SELECT v FROM things WHERE n = $1")
			if err != nil {
				t.Fatal(err)
			}
			defer prepared.Close()
			for range 3 {
				var v string
				if err := prepared.QueryRowContext(ctx, int64(1)).Scan(&v); err != nil || v != "one" {
					t.Errorf("%q, %v", v, err)
				}
				want = append(want, "SELECT v FROM things WHERE n = $1")
			}

			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			again, err := tx.PrepareContext(ctx, insert)
			if err != nil {
				t.Fatal(err)
			}
			for n := range 2 {
				if _, err := again.ExecContext(ctx, n, nil); err != nil {
					t.Error(err)
				}
				want = append(want, insert)
			}
			run(ctx, tx, "SAVEPOINT here")
			run(ctx, tx, "ROLLBACK TO here")
			if err := tx.Rollback(); err != nil {
				t.Error(err)
			}

			run(ctx, db, map[string]string{
				dbtest.SQLite: "PRAGMA optimize", dbtest.Postgres: "SET statement_timeout = 0",
			}[kind])
			if err := db.PingContext(ctx); err != nil {
				t.Error(err)
			}
			if err := db.QueryRowContext(ctx, "SELECT nothing FROM things").Scan(new(string)); err == nil {
				t.Error("a column that there is not was found")
			}
			want = append(want, "SELECT nothing FROM things") // it did reach the driver

			if got := counter.Statements(); !slices.Equal(got, want) {
				t.Errorf("counted %q, want %q", got, want)
			}
			counter.Reset()
			if got := counter.Statements(); len(got) != 0 {
				t.Errorf("counted %q after Reset", got)
			}
		})
	}
}

func TestCounterIsExactUnderConcurrency(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db, counter := counted(t, kind)
			db.SetMaxOpenConns(4)
			const workers, each = 8, 50
			var all sync.WaitGroup
			for range workers {
				all.Go(func() {
					for i := range each {
						var n int
						if err := db.QueryRowContext(t.Context(), "SELECT CAST($1 AS int)", i).Scan(&n); err != nil || n != i {
							t.Errorf("%d, %v", n, err)
						}
					}
				})
			}
			all.Wait()
			if n := len(counter.Statements()); n != workers*each {
				t.Errorf("counted %d, want %d", n, workers*each)
			}
		})
	}
}

func TestCopyIsOneStatement(t *testing.T) {
	db, counter := counted(t, dbtest.Postgres)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), "CREATE TABLE things (n int)"); err != nil {
		t.Fatal(err)
	}
	counter.Reset()
	copying, err := tx.PrepareContext(t.Context(), "COPY things (n) FROM STDIN")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 10 {
		if _, err := copying.ExecContext(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := copying.ExecContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := copying.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := counter.Statements(), []string{"COPY things (n) FROM STDIN"}; !slices.Equal(got, want) {
		t.Errorf("counted %q, want %q", got, want)
	}
}

func TestCountedDatabase(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db, counter := dbtest.Counted(t, kind)
			if got := counter.Statements(); len(got) != 0 {
				t.Errorf("counted %q before the first", got)
			}
			for range 2 { // the second time as a prepared statement
				counter.Reset()
				if _, err := db.LastID(t.Context(), "categories"); err != nil {
					t.Fatal(err)
				}
				if got := counter.Statements(); len(got) != 1 || !strings.Contains(got[0], "categories") {
					t.Errorf("counted %q", got)
				}
			}
		})
	}
}
