//go:build !plain

package web

import (
	"net/http"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

func TestHotPathsAllocateLittle(t *testing.T) {
	url := dbtest.URL(t, dbtest.SQLite)
	db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4})
	if err := seed.Fill(t.Context(), db, seed.Options{Products: 200, Categories: 12, Users: 20, Posts: 200, RandomSeed: 1}); err != nil {
		t.Fatal(err)
	}
	handler := New(Options{DB: db, Introspection: true, MaxCost: 5000, MaxDepth: 15})
	for _, h := range hot {
		got := testing.AllocsPerRun(20, func() {
			if w := posted(handler, ask(h.query)); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors"`) {
				t.Fatal(w.Code, w.Body.String())
			}
		})
		if t.Logf("%s: %.0f allocations", h.name, got); got > h.allocations {
			t.Errorf("%s allocates %.0f times, more than %.0f", h.name, got, h.allocations)
		}
	}
}
