package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// TestExecutorsFailAlike has our executor and gqlgen's answer from a database in
// which a table is gone, so that whatever refers to its rows fails: they have to
// agree on every error, its path, and how far its null reaches.
func TestExecutorsFailAlike(t *testing.T) {
	var failed atomic.Int64
	t.Cleanup(func() { // after all of them
		if failed.Load() == 0 {
			t.Error("nothing failed")
		}
	})
	for _, seed := range seeds(t) {
		for _, table := range []string{"categories", "users", "products", "posts", "post_likes"} {
			t.Run(fmt.Sprintf("STOA_TEST_SEED=%d without %s", seed, table), func(t *testing.T) {
				t.Parallel()
				g := model.NewGen(seed)
				data := g.Dataset(30)
				url := dbtest.URL(t, dbtest.SQLite)
				db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4})
				if err := data.Load(t.Context(), db); err != nil {
					t.Fatal(err)
				}
				own := named(web.New(web.Options{DB: db}))
				checker, err := model.Learn(t.Context(), data, own)
				if err != nil {
					t.Fatal(err)
				}
				drop(t, url, table)
				both := model.Same(own, named(web.New(web.Options{DB: db, Plain: true})))
				for range 60 {
					query, variables := checker.Render(g.Document(checker, 3))
					response, err := both(t.Context(), query, variables)
					if err != nil {
						t.Fatalf("%s: %v", query, err)
					}
					if len(response.Errors) > 0 {
						failed.Add(1)
					}
				}
			})
		}
	}
}

// drop takes the table away behind the server's back.
func drop(t *testing.T, url, table string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(url, "sqlite:")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), "DROP TABLE "+table); err != nil {
		t.Fatal(err)
	}
}

// named asks with a request id that is always the same, since errors tell it.
func named(h http.Handler) model.Exec {
	return model.HTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Request-Id", "test")
		h.ServeHTTP(w, r)
	}))
}
