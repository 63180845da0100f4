package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

// TestRequests sends each request of the examples to Stoa with the demo data, and expects the status
// that it says, or one that is good. What REST answers is as OpenAPI describes it.
func TestRequests(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			settings := []string{"DATABASE_URL=" + demo(t, kind), "JWT_SECRET=" + strings.Repeat("secret", 6),
				"ADMIN_EMAIL=admin@example.com", "ADMIN_PASSWORD=correct horse"}
			s := serve(t, settings...)
			described := describedAt(t, s.url)
			f := readHTTPFile(t, "examples/requests.http")
			f.variables["host"] = s.url
			for _, r := range f.requests {
				answer := f.send(t, r)
				if good := r.status == 0 && answer.StatusCode < 300; !good && answer.StatusCode != r.status {
					t.Errorf("%s: %s\n%s", r.title, answer.Status, answer.body)
				}
				if strings.HasPrefix(answer.request.URL.Path, "/api") {
					described.check(t, r.title, answer)
				}
			}
			described.checkBounds(t, s.url, f.fill(t, "{{admin.response.body.$.token}}"), f.fill(t, "{{products.response.body.$.nodes[0].category.id}}"))
			described.checkOthers(t, s.url)
			described.checkHurried(t, serve(t, append(settings, "REQUEST_TIMEOUT=1ms")...).url)
			described.checkAllCalled(t)
			if kind == dbtest.SQLite {
				described.recorded.compare(t)
			}
		})
	}
}

// demo is the URL of a new database with the demo data.
func demo(t *testing.T, kind string) string {
	t.Helper()
	url := dbtest.URL(t, kind)
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: url, MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(seed.Demo(t.Context(), db, time.Date(2026, 1, 15, 14, 30, 0, 0, time.UTC)), db.Close()); err != nil {
		t.Fatal(err)
	}
	return url
}
