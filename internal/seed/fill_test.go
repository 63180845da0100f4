package seed_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/scalar"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

var today = time.Date(2030, 4, 1, 10, 0, 0, 0, time.UTC)

var few = seed.Options{Products: 300, Categories: 30, Users: 60, Posts: 400, RandomSeed: 9}

func TestDemoIsTheSameOnEveryDatabase(t *testing.T) {
	alike(t, func(ctx context.Context, db *sqldb.DB) error { return seed.Demo(ctx, db, today) })
}

func TestFillIsTheSameOnEveryDatabase(t *testing.T) {
	alike(t, func(ctx context.Context, db *sqldb.DB) error { return seed.Fill(ctx, db, few) })
}

// A database that has rows gets more, after them.
func TestFillAddsToWhatIsThere(t *testing.T) {
	alike(t, func(ctx context.Context, db *sqldb.DB) error {
		if err := seed.Demo(ctx, db, today); err != nil {
			return err
		}
		for range 2 {
			if err := seed.Fill(ctx, db, few); err != nil {
				return err
			}
		}
		for table, want := range map[string]int64{"categories": 8 + 2*30, "products": 60 + 2*300, "users": 12 + 2*60, "posts": 80 + 2*400} {
			if last, err := db.LastID(ctx, table); err != nil || last != want {
				t.Errorf("the last of %s is %d (%v), not %d", table, last, err, want)
			}
		}
		return nil
	})
}

// alike fills a database of each kind and compares all that the columns hold.
func alike(t *testing.T, fill func(context.Context, *sqldb.DB) error) {
	t.Helper()
	var found []map[string][]string
	for _, kind := range dbtest.Kinds() {
		url := dbtest.URL(t, kind)
		db, err := sqldb.Open(t.Context(), sqldb.Options{URL: url, MaxConns: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := fill(t.Context(), db); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		found = append(found, contents(t, kind, url))
	}
	for table := range found[0] {
		lite, full := found[0][table], found[1][table]
		if len(lite) == 0 || len(lite) != len(full) {
			t.Errorf("%s: %d rows and %d", table, len(lite), len(full))
			continue
		}
		for i := range lite {
			if lite[i] != full[i] {
				t.Errorf("%s differ:\n%s\n%s", table, lite[i], full[i])
				break
			}
		}
	}
}

// What is read of each table. The words of the PostgreSQL column are to be
// spelled out.
var columns = map[string]string{
	"categories": "id, name, name_key, description, version, created_at, updated_at, search",
	"products":   "id, sku, name, description, price, inventory, category_id, version, created_at, updated_at, search",
	"users":      "id, username, email, role, password_hash, version, created_at, updated_at, search",
	"posts":      "id, title, content, likes, user_id, category_id, version, created_at, updated_at, search",
	"post_likes": "post_id, user_id, created_at",
}

// contents are the rows of every table, in the order of their keys, as text.
func contents(t *testing.T, kind, url string) map[string][]string {
	t.Helper()
	driver, source := "postgres", url
	if kind == dbtest.SQLite {
		driver, source = "sqlite", strings.TrimPrefix(url, "sqlite:")
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found := map[string][]string{}
	for table, list := range columns {
		names := strings.Split(list, ", ")
		if kind == dbtest.Postgres {
			list = strings.Replace(list, "search", "array_to_string(tsvector_to_array(search), ' ')", 1)
		}
		rows, err := db.QueryContext(t.Context(), "SELECT "+list+" FROM "+table+" ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			found[table] = append(found[table], text(t, rows, names))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// text is the row with its values written alike, whatever the database.
func text(t *testing.T, rows *sql.Rows, names []string) string {
	t.Helper()
	values := make([]any, len(names))
	for i, name := range names {
		switch {
		case name == "price":
			values[i] = new(scalar.Cents)
		case strings.HasSuffix(name, "_at"):
			values[i] = new(scalar.Time)
		default:
			values[i] = new(sql.NullString)
		}
	}
	if err := rows.Scan(values...); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i, name := range names {
		switch v := values[i].(type) {
		case *sql.NullString:
			if name == "search" { // as a set
				words := strings.Fields(v.String)
				slices.Sort(words)
				v.String = strings.Join(words, " ")
			}
			fmt.Fprintf(&b, "%s: %v %q\n", name, v.Valid, v.String)
		default:
			fmt.Fprintf(&b, "%s: %v\n", name, v)
		}
	}
	return b.String()
}

func TestProgressEndsAtTheTotal(t *testing.T) {
	db := dbtest.Open(t, dbtest.SQLite)
	var calls [][2]int64
	o := few
	o.Users = 3000
	o.Progress = func(done, total int64) { calls = append(calls, [2]int64{done, total}) }
	if err := seed.Fill(t.Context(), db, o); err != nil {
		t.Fatal(err)
	}
	last := calls[len(calls)-1]
	if least := int64(300 + 30 + 3000 + 400); last[0] != last[1] || last[1] < least || len(calls) < 4 {
		t.Errorf("%v", calls)
	}
	for i, call := range calls[1:] {
		if call[0] <= calls[i][0] || call[1] != last[1] {
			t.Errorf("%v", calls)
		}
	}
}

func TestFillSaysWhatFailed(t *testing.T) {
	db := dbtest.Open(t, dbtest.SQLite)
	if err := seed.Fill(t.Context(), db, seed.Options{Products: 1}); err == nil || !strings.Contains(err.Error(), "categories") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o := few
	o.Users = 2000
	o.Progress = func(int64, int64) { cancel() }
	if err := seed.Fill(ctx, db, o); err == nil || !strings.Contains(err.Error(), "loading ") {
		t.Errorf("%v", err)
	}
}
