package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// TestATransactionThatPanics holds nothing and leaves nothing behind; that its
// connection is free again is looked at when the database is closed.
func TestATransactionThatPanics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		if _, err := db.Exec(t.Context(), "CREATE TABLE things (n integer)"); err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is kept back")
				}
			}()
			_ = db.Transact(t.Context(), func(ctx context.Context) error {
				if _, err := db.Exec(ctx, "INSERT INTO things VALUES (1)"); err != nil {
					t.Error(err)
				}
				panic("in the transaction")
			})
		}()
		var n int
		if _, err := db.Read(t.Context(), "SELECT count(*) FROM things", nil, &n); err != nil || n > 0 {
			t.Errorf("%d rows, %v", n, err)
		}
		if _, err := db.Exec(t.Context(), "INSERT INTO things VALUES (2)"); err != nil {
			t.Error(err)
		}
	})
}

// endless is a statement that only a time-out ends.
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i > 0) SELECT max(i) FROM (SELECT i % 7 AS i FROM n) x"

func TestAStatementOutOfTimeIsInterrupted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		read := func(ctx context.Context) error {
			_, err := db.Read(ctx, endless, nil, new(sql.NullInt64))
			return err
		}
		write := func(ctx context.Context) error {
			_, err := db.Ask(ctx, endless, nil, new(sql.NullInt64))
			return err
		}
		for name, send := range map[string]func(context.Context) error{"read": read, "write": write} {
			for range 2 {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				err := send(ctx)
				cancel()
				if err == nil || fault.Of(err)[0].Code != fault.Timeout {
					t.Errorf("%s: got %v", name, err)
				}
			}
		}
	})
}

// TestARehearsal leaves nothing behind.
func TestARehearsal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		if _, err := db.Exec(t.Context(), "CREATE TABLE things (n integer)"); err != nil {
			t.Fatal(err)
		}
		undone := 0
		rehearse := func(fails error) error {
			return db.Rehearse(t.Context(), func(ctx context.Context) error {
				sqldb.AfterRollback(ctx, func(context.Context) error { undone++; return nil })
				if _, err := db.Exec(ctx, "INSERT INTO things VALUES (1)"); err != nil || !sqldb.Rehearses(ctx) {
					t.Error(err)
				}
				return fails
			})
		}
		if err := rehearse(nil); err != nil {
			t.Error(err)
		}
		if err := rehearse(sql.ErrNoRows); !errors.Is(err, sql.ErrNoRows) {
			t.Error(err)
		}
		var n int
		if _, err := db.Read(t.Context(), "SELECT count(*) FROM things", nil, &n); err != nil || n > 0 || undone > 0 {
			t.Errorf("%d rows, %d times something was done after all, %v", n, undone, err)
		}
	})
}

// TestARehearsalIsRefused what only a commit would be.
func TestARehearsalIsRefused(t *testing.T) {
	db := dbtest.Open(t, dbtest.Postgres)
	if _, err := db.Exec(t.Context(), "CREATE TABLE things (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)"); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(context.Context, func(context.Context) error) error{"a commit": db.Transact, "a rehearsal": db.Rehearse} {
		err := run(t.Context(), func(ctx context.Context) error {
			_, err := db.Exec(ctx, "INSERT INTO things VALUES (1), (1)")
			return err
		})
		if err == nil || fault.Of(err)[0].Code != fault.Conflict {
			t.Errorf("%s is told %v", name, err)
		}
	}
}
