package sqldb_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

const mostDear = 100

// fillThings is the URL of a database with a table of many rows.
func fillThings(t *testing.T) string {
	t.Helper()
	url := dbtest.URL(t, dbtest.Postgres)
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: url, MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range []string{
		"CREATE TABLE things AS SELECT n, 0 AS m FROM generate_series(1, 50000) n", "CREATE INDEX ON things (n)", "ANALYZE things",
	} {
		if _, err := db.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	return url
}

func TestADearStatementIsRefusedBeforeItRuns(t *testing.T) {
	counter := new(dbtest.Counter)
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: fillThings(t), MaxConns: 2, MaxCost: mostDear, Wrap: counter.Wrap})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const few, ten, all = "SELECT count(*) FROM things WHERE n < ?", int64(10), int64(40_000)
	read := func(ctx context.Context, arg int64) error {
		var n int
		_, err := db.Read(ctx, few, []any{arg}, &n)
		return err
	}
	sent := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, text := range counter.Statements() {
			first, _, _ := strings.Cut(text, " ")
			got = append(got, first)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", what, counter.Statements(), want)
		}
		counter.Reset()
	}
	counter.Reset()
	for range 3 {
		checkAllowed(t, read(t.Context(), ten))
		checkAllowed(t, read(t.Context(), ten+2))
	}
	sent("a cheap class", "EXPLAIN", "SELECT", "SELECT", "SELECT", "SELECT", "SELECT", "SELECT")
	for range 2 {
		checkTooDear(t, read(t.Context(), all))
		sent("a dear class", "EXPLAIN")
	}
	checkAllowed(t, read(t.Context(), ten))
	sent("the cheap class still", "SELECT")

	ctx, tally := sqldb.WithTally(t.Context())
	checkAllowed(t, read(ctx, 1000))
	if tally.Statements() != 1 {
		t.Errorf("%d statements are told", tally.Statements())
	}
	counter.Reset()

	checkTooDear(t, db.Transact(t.Context(), func(ctx context.Context) error {
		for range 2 {
			_, err := db.Exec(ctx, "UPDATE things SET m = m + 1 WHERE n = ?", ten)
			checkAllowed(t, err)
		}
		checkAllowed(t, read(ctx, ten))
		_, err := db.Exec(ctx, "UPDATE things SET m = m + 1")
		return err
	}))
	sent("a transaction", "EXPLAIN", "UPDATE", "UPDATE", "SELECT", "EXPLAIN")
	var changed int
	if _, err := db.Read(t.Context(), "SELECT m FROM things WHERE n = ?", []any{ten}, &changed); err != nil || changed != 0 {
		t.Errorf("m is %d, %v", changed, err)
	}
}

// SQLite says nothing of what a statement costs.
func TestNothingIsTooDearOnSQLite(t *testing.T) {
	counter := new(dbtest.Counter)
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: dbtest.URL(t, dbtest.SQLite), MaxCost: 1, Wrap: counter.Wrap})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counter.Reset()
	_, err = db.Read(t.Context(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT count(*) FROM n", nil, new(int))
	if got := counter.Statements(); err != nil || len(got) != 1 {
		t.Errorf("sent %q, %v", got, err)
	}
}

func checkAllowed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func checkTooDear(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("it is allowed")
		return
	}
	if f := fault.Of(err)[0]; f.Code != fault.QueryTooComplex || f.Cost <= mostDear || f.MaxCost != mostDear {
		t.Errorf("got %v, cost %d of %d", f, f.Cost, f.MaxCost)
	}
}
