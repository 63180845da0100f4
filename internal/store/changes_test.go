package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// stocked is a database with two categories, 1 and 2, and two users.
func stocked(t *testing.T, kind string) *sqldb.DB {
	t.Helper()
	db := dbtest.Open(t, kind)
	now := scalar.TimeOf(time.Now())
	none := sqldb.Words{}
	load(t, db, "categories", []string{"id", "name", "name_key", "created_at", "updated_at", "search"},
		[]any{1, "A", "a", now, now, none}, []any{2, "B", "b", now, now, none})
	load(t, db, "users", []string{"id", "username", "email", "password_hash", "created_at", "updated_at", "search"},
		[]any{1, "ann", "ann@example.com", "", now, now, none}, []any{2, "bob", "bob@example.com", "", now, now, none})
	return db
}

func load(t *testing.T, db *sqldb.DB, table string, columns []string, rows ...[]any) {
	t.Helper()
	if _, err := db.Load(t.Context(), table, columns, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
}

// write sends statements in one transaction.
func write(t *testing.T, db *sqldb.DB, statements ...string) {
	t.Helper()
	if err := db.Transact(t.Context(), func(ctx context.Context) error { return send(ctx, db, statements...) }); err != nil {
		t.Fatal(err)
	}
}

func send(ctx context.Context, db *sqldb.DB, statements ...string) error {
	for _, text := range statements {
		now := scalar.TimeOf(time.Now())
		var args []any
		for range strings.Count(text, "?") {
			args = append(args, now)
		}
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

func product(id, category int) string {
	return fmt.Sprintf("INSERT INTO products (id, name, price, category_id, created_at, updated_at, search) VALUES (%d, 'Cup', 1, %d, ?, ?, '')", id, category)
}

func post(id, user int) string {
	return fmt.Sprintf("INSERT INTO posts (id, title, content, user_id, category_id, created_at, updated_at, search) VALUES (%d, 'T', 'C', %d, 1, ?, ?, '')", id, user)
}

// told are the changes after the place, written short, and the place behind them.
func told(t *testing.T, db *sqldb.DB, after sqldb.Place) (texts []string, end sqldb.Place) {
	t.Helper()
	for more := true; more; {
		var changes []sqldb.Change
		var err error
		if changes, more, err = db.ChangesAfter(t.Context(), after); err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			texts = append(texts, fmt.Sprintf("%s %s %d %v %v", c.Type, c.Kind, c.Key, c.Before, c.After))
			if c.Place.Compare(after) <= 0 {
				t.Errorf("%v comes after %v", c.Place, after)
			}
			after = c.Place
		}
	}
	return texts, after
}

func start(t *testing.T, db *sqldb.DB) sqldb.Place {
	t.Helper()
	last, err := db.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func TestChanges(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db := stocked(t, kind)
			at := start(t, db)
			for _, c := range []struct {
				statements []string
				want       []string
			}{
				{[]string{product(1, 1)}, []string{"Product CREATED 1 map[] map[category_id:1]"}},
				{[]string{"UPDATE products SET category_id = 2 WHERE id = 1"}, []string{"Product UPDATED 1 map[category_id:1] map[category_id:2]"}},
				{[]string{"UPDATE products SET category_id = 2 WHERE id = 9"}, nil},
				{[]string{product(3, 1), product(2, 1), "UPDATE products SET price = 2 WHERE id > 1"}, []string{
					"Product CREATED 3 map[] map[category_id:1]", "Product CREATED 2 map[] map[category_id:1]",
					"Product UPDATED 2 map[category_id:1] map[category_id:1]", "Product UPDATED 3 map[category_id:1] map[category_id:1]",
				}},
				{[]string{"DELETE FROM products WHERE id = 1"}, []string{"Product DELETED 1 map[category_id:2] map[]"}},
				{[]string{post(1, 1), post(2, 2)}, []string{
					"Post CREATED 1 map[] map[category_id:1 user_id:1]", "Post CREATED 2 map[] map[category_id:1 user_id:2]",
				}},
				{[]string{"DELETE FROM users WHERE id = 1"}, []string{"Post DELETED 1 map[category_id:1 user_id:1] map[]"}},
				{[]string{"DELETE FROM products", "DELETE FROM categories WHERE id = 1"}, []string{
					"Product DELETED 2 map[category_id:1] map[]", "Product DELETED 3 map[category_id:1] map[]",
					"Post UPDATED 2 map[category_id:1 user_id:2] map[category_id:0 user_id:2]",
				}},
			} {
				write(t, db, c.statements...)
				var got []string
				if got, at = told(t, db, at); !slices.Equal(got, c.want) {
					t.Errorf("%q: got %q, want %q", c.statements, got, c.want)
				}
			}
			if place, ok := sqldb.ParsePlace(at.Cursor()); !ok || place != at {
				t.Errorf("the cursor of %v is read as %v", at, place)
			}
			refused := errors.New("refused")
			err := db.Transact(t.Context(), func(ctx context.Context) error { return errors.Join(send(ctx, db, product(9, 2)), refused) })
			if got, _ := told(t, db, at); len(got) > 0 || !errors.Is(err, refused) {
				t.Errorf("after a rollback: got %q, %v", got, err)
			}
			now := scalar.TimeOf(time.Now())
			load(t, db, "products", []string{"id", "name", "price", "category_id", "created_at", "updated_at", "search"},
				[]any{7, "Cup", scalar.Cents(1), 2, now, now, sqldb.Words{}})
			if got, _ := told(t, db, at); len(got) > 0 {
				t.Errorf("after a bulk load: got %q", got)
			}
		})
	}
}

// TestManyChanges: those of one statement, however many, are kept in bounded
// parts.
func TestManyChanges(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			const n = 1203
			db := stocked(t, kind)
			at := start(t, db)
			write(t, db, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO posts (id, title, content, user_id, created_at, updated_at, search) SELECT i, 'T', 'C', 1, ?, ?, '' FROM n`, n))
			write(t, db, "DELETE FROM users WHERE id = 1")
			got, _ := told(t, db, at)
			if len(got) != 2*n || got[n-1] != fmt.Sprintf("Post CREATED %d map[] map[category_id:0 user_id:1]", n) || !strings.HasPrefix(got[n], "Post DELETED 1 ") {
				t.Errorf("got %d changes", len(got))
			}
		})
	}
}

// TestLateCommits: who has read everything misses nothing of a transaction that
// began before and is committed after it.
func TestLateCommits(t *testing.T) {
	db := stocked(t, dbtest.Postgres)
	at := start(t, db)
	err := db.Transact(t.Context(), func(ctx context.Context) error {
		if err := send(ctx, db, product(1, 1)); err != nil {
			return err
		}
		write(t, db, product(2, 2))
		var got []string
		if got, at = told(t, db, at); !slices.Equal(got, []string{"Product CREATED 2 map[] map[category_id:2]"}) {
			t.Errorf("before the commit: got %q", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := told(t, db, at); !slices.Equal(got, []string{"Product CREATED 1 map[] map[category_id:1]"}) {
		t.Errorf("after the commit: got %q", got)
	}
}

// TestForgottenChanges: a change is forgotten when one has come after it that is
// itself older than an hour.
func TestForgottenChanges(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db := stocked(t, kind)
			write(t, db, product(1, 1))
			first := start(t, db)
			write(t, db, product(2, 1))
			last := start(t, db)
			ago := map[string]string{dbtest.SQLite: "at = at - 7200000000", dbtest.Postgres: "at = at - interval '2 hours'"}
			write(t, db, "UPDATE changes SET "+ago[kind])
			for range 64 {
				write(t, db, "UPDATE products SET price = price + 1 WHERE id = 1")
			}
			if _, _, err := db.ChangesAfter(t.Context(), first); !errors.Is(err, sqldb.ErrForgotten) {
				t.Errorf("after the first: got %v", err)
			}
			if got, _ := told(t, db, last); len(got) != 64 {
				t.Errorf("after the last that is old: got %d changes", len(got))
			}
		})
	}
}

// TestWatch: commits wake, also after the connection was lost that tells of them.
func TestWatch(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db := stocked(t, kind)
			woken := make(chan struct{}, 1000)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				db.Watch(ctx, func() { woken <- struct{}{} })
			}()
			for id := range 3 {
				if id == 2 && kind == dbtest.Postgres {
					lose(t, db)
				}
				wake(t, db, woken, id)
			}
			cancel()
			<-ended
		})
	}
}

// wake writes until that wakes.
func wake(t *testing.T, db *sqldb.DB, woken <-chan struct{}, id int) {
	t.Helper()
	for n := 1; ; n++ {
		write(t, db, product(100*id+n, 1))
		select {
		case <-woken:
			return
		case <-time.After(100 * time.Millisecond):
			if n == 99 {
				t.Fatal("nobody was woken")
			}
		}
	}
}

// lose ends the connection that listens.
func lose(t *testing.T, db *sqldb.DB) {
	t.Helper()
	n, err := db.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
	if n != 1 || err != nil {
		t.Fatalf("%d connections listen: %v", n, err)
	}
}
