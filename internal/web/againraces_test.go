package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// instances are a shop's user as a client of two instances: on PostgreSQL each has
// connections of its own, a file has one owner.
func instances(t *testing.T, kind string) (s *shop, both [2]*client) {
	t.Helper()
	url := dbtest.URL(t, kind)
	var opened [2]*sqldb.DB
	for i := range opened {
		opened[i] = dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4, AcquireTimeout: time.Minute})
	}
	if kind == dbtest.SQLite {
		opened[1] = opened[0]
	}
	s = newShop(t, opened[0])
	other := &shop{db: opened[1]}
	site := web.New(web.Options{DB: opened[1], Auth: other.service(t, auth.Options{})})
	return s, [2]*client{s.ann, {handler: site, token: s.ann.token}}
}

// TestSentAgainAtOnce: of 32 equal requests that come together one takes effect,
// and all are answered alike.
func TestSentAgainAtOnce(t *testing.T) {
	const times = 32
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s, both := instances(t, kind)
			var replies [times]*reply
			var all sync.WaitGroup
			for i := range times {
				all.Go(func() { replies[i] = both[i%2].with(key, "k").do(t, createsPost, vars{"title": "Once"}) })
			}
			all.Wait()
			at := slices.IndexFunc(replies[:], func(r *reply) bool { return r.header.Get(replayed) == "" })
			if at < 0 || s.titled(t, "Once") != 1 || s.rows(t, "idempotency") != 1 {
				t.Fatalf("%d posts; answers as to %v %s", s.titled(t, "Once"), replies[0].header, replies[0].raw)
			}
			for i, r := range replies {
				if i != at {
					r.again(t, replies[at])
				}
			}
		})
	}
}

// TestWaitingForTheFirst: an equal request waits for the one under way, and for its
// own time only.
func TestWaitingForTheFirst(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s, both := instances(t, kind)
			var waited []string
			ctx := sqldb.Observe(t.Context(), func(text string, _ []any) {
				if !strings.HasPrefix(text, "UPDATE idempotency") {
					return
				}
				for _, c := range both {
					brief, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
					r := c.with(key, "k").send(brief, c.authorization(), createsPost, vars{"title": "Once"})
					cancel()
					if r.status != http.StatusServiceUnavailable {
						t.Errorf("%d %s", r.status, r.raw)
					}
					waited = append(waited, r.faults()...)
				}
			})
			first := both[0].with(key, "k").send(ctx, both[0].authorization(), createsPost, vars{"title": "Once"})
			if !slices.Equal(waited, []string{"TIMEOUT", "TIMEOUT"}) {
				t.Errorf("whoever waits is told %q", waited)
			}
			for _, c := range both {
				c.with(key, "k").do(t, createsPost, vars{"title": "Once"}).again(t, first)
			}
			if n := s.titled(t, "Once"); n != 1 {
				t.Errorf("%d posts", n)
			}
		})
	}
}
