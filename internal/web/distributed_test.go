package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/sqldb"
)

// special is what Stoa must not say to a distributed database.
var special = regexp.MustCompile(`(?i)\b(listen|notify|pg_notify|pg_\w*advisory\w*|unlogged|deferrable|transition|referencing|pg_\w*_lsn|set_config|explain|copy|generate_series)\b`)

// openDistributed opens the database as a distributed one.
func openDistributed(t *testing.T, url string) (*sqldb.DB, *dbtest.Counter) {
	t.Helper()
	counter := new(dbtest.Counter)
	db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4, Distributed: true, Wrap: counter.Wrap})
	return db, counter
}

// TestADistributedDatabase answers as any other, without what only PostgreSQL
// itself has.
func TestADistributedDatabase(t *testing.T) {
	t.Run("made anew, and written to", func(t *testing.T) {
		url := dbtest.URL(t, dbtest.Postgres)
		db, _ := openDistributed(t, url)
		wantUpToDate(t, db, false) // it has tables that are too special
		migrate(t, db)
		for db.MigrateDown(t.Context()) == nil { // until there are none
		}
		db, counter := openDistributed(t, url)
		migrate(t, db)
		answerAlike(t, dbtest.Open(t, dbtest.SQLite), db, 100)
		wantPlain(t, counter, 300)
		wantNothingSpecial(t, db)
	})
	t.Run("read", func(t *testing.T) {
		db, counter := openDistributed(t, dbtest.URL(t, dbtest.Postgres))
		migrate(t, db)
		p := newProperty(t, model.NewGen(8), 30, db)
		counter.Reset() // of how rows are loaded
		p.lists(1)
		p.filters(1)
		p.documents(5)
		wantPlain(t, counter, 100)
	})
}

// wantPlain fails if any of the statements is special, or there are too few to
// say so.
func wantPlain(t *testing.T, counter *dbtest.Counter, atLeast int) {
	t.Helper()
	statements := counter.Statements()
	for _, text := range statements {
		if special.MatchString(text) {
			t.Fatalf("it was sent %s", text)
		}
	}
	if len(statements) < atLeast {
		t.Errorf("only %d statements were sent", len(statements))
	}
}

func migrate(t *testing.T, db *sqldb.DB) {
	t.Helper()
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantUpToDate(t, db, true)
}

func wantUpToDate(t *testing.T, db *sqldb.DB, want bool) {
	t.Helper()
	if got, err := db.UpToDate(t.Context()); err != nil || got != want {
		t.Errorf("up to date: %t, %v", got, err)
	}
}

// wantNothingSpecial looks for what would act by itself.
func wantNothingSpecial(t *testing.T, db *sqldb.DB) {
	t.Helper()
	for what, query := range map[string]string{
		"unlogged tables":   "SELECT count(*) FROM pg_class WHERE relpersistence = 'u'",
		"deferred triggers": "SELECT count(*) FROM pg_trigger WHERE tgdeferrable",
		"triggers that tell of changes, or lock": `SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
			WHERE NOT t.tgisinternal AND p.prosrc ~ 'changes|notify|advisory'`,
	} {
		n := -1
		if _, err := db.Read(t.Context(), query, nil, &n); err != nil || n != 0 {
			t.Errorf("%d %s, %v", n, what, err)
		}
	}
}

// Its clients are told that there are no subscriptions.
func TestADistributedDatabaseTellsNothing(t *testing.T) {
	db, _ := openDistributed(t, dbtest.URL(t, dbtest.Postgres))
	migrate(t, db)
	s := newShop(t, db)
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/graphql", strings.NewReader(`{"query": "subscription { productChanged { id } }"}`))
	request.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, request)
	if got := w.Body.String(); !strings.Contains(got, `"code":"UNAVAILABLE"`) || !strings.Contains(got, "Changes are not told here.") {
		t.Errorf("%d %s", w.Code, got)
	}
}

// The setting may change with any start.
func TestADatabaseThatIsNoLongerDistributed(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	distributed, _ := openDistributed(t, url)
	migrate(t, distributed)
	db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4})
	wantUpToDate(t, db, false)
	migrate(t, db)
	if _, err := db.LastChange(t.Context()); err != nil {
		t.Error(err)
	}
	wantUpToDate(t, distributed, false)
}
