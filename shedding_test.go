package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// crowding is a server whose pool is crowded by cheap queries that wait for a lock.
type crowding struct {
	*server
	waiting sync.WaitGroup
	unlock  func()
}

// conns is how many connections the pool has: all but one are held.
const conns = 6

func crowd(t *testing.T) *crowding {
	t.Helper()
	url := dbtest.URL(t, dbtest.Postgres)
	c := &crowding{server: serve(t, "DATABASE_URL="+url, "DEMO=true", "JWT_SECRET="+strings.Repeat("secret", 6),
		fmt.Sprint("DB_MAX_CONNS=", conns), "DB_ACQUIRE_TIMEOUT=5m", "REQUEST_TIMEOUT=5m", "RATE_LIMIT=0")}
	c.lock(t, url)
	for range conns - 1 {
		c.waiting.Go(func() {
			if refused := c.refusal(t, `{ posts(first: 10) { nodes { title author { username } } } }`); refused != "" {
				t.Errorf("a cheap query that waits is refused: %s", refused)
			}
		})
	}
	return c
}

// lock locks the posts until unlock is called.
func (c *crowding) lock(t *testing.T, url string) {
	t.Helper()
	db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 1})
	ctx, unlock := context.WithCancel(context.Background())
	locked, unlocked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(unlocked)
		_ = db.Transact(context.Background(), func(held context.Context) error {
			if _, err := db.Exec(held, "LOCK TABLE posts IN ACCESS EXCLUSIVE MODE"); err != nil {
				t.Error(err)
			}
			close(locked)
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	<-locked
	c.unlock = func() { unlock(); <-unlocked }
	t.Cleanup(c.unlock)
}

// refusal is why the request is refused, "" if it is answered.
func (c *crowding) refusal(t *testing.T, query string) string {
	answer, err := post(http.DefaultClient, c.url, query, nil)
	if err != nil {
		t.Error(err)
		return err.Error()
	}
	if !strings.Contains(answer.text, `"errors"`) {
		return ""
	}
	if answer.status != http.StatusServiceUnavailable || answer.header.Get("Retry-After") != "5" || strings.Contains(answer.text, `"data"`) {
		t.Error(answer)
	}
	return regexp.MustCompile(`"code":.*"reason":"[A-Z]*"`).FindString(answer.text)
}

// sheds tells whether a query that costs so many points is shed.
func (c *crowding) sheds(t *testing.T, points int) bool {
	t.Helper()
	first := min(points-1, 90)
	query := fmt.Sprintf("{ products(first: %d) { nodes { id } } }", first)
	if rows := (points - 1) / 90; rows > 1 { // each row costs as much
		query = fmt.Sprintf("{ products(first: 90) { nodes { id %s } } }", strings.Repeat(" category { id } ", rows-1))
	}
	switch refused := c.refusal(t, query); refused {
	case "":
		return false
	case `"code":"UNAVAILABLE","reason":"SHEDDING"`:
	default:
		t.Errorf("%d points: %s", points, refused)
	}
	return true
}

// metric is the value of one that has a line to itself.
func (c *crowding) metric(t *testing.T, name string) (value string) {
	t.Helper()
	_, text := get(t, c.url+"/metrics")
	for line := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(line, name+" "); found {
			value = strings.TrimSpace(rest)
		}
	}
	return value
}

// TestShedding: while the pool is crowded the dearest queries are refused first, cheap ones
// and mutations not at all; and when it no longer is, nothing is.
func TestShedding(t *testing.T) {
	t.Parallel()
	c := crowd(t)
	costs := []int{2701, 901, 271, 50} // the dearest first
	for i, points := range costs {
		for !c.sheds(t, points) {
			for _, dearer := range costs[:i] {
				if !c.sheds(t, dearer) {
					t.Fatalf("%d points are let in, and %d were not", dearer, costs[i-1])
				}
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	c.await(t, "dear queries are refused")
	c.unrefused(t)
	if level := c.metric(t, `stoa_shed_level{pool="primary"}`); level != "100" {
		t.Errorf("the level is %q", level)
	}
	c.unlock()
	c.waiting.Wait()
	for c.sheds(t, costs[0]) {
		time.Sleep(100 * time.Millisecond)
	}
	for c.metric(t, `stoa_shed_level{pool="primary"}`) != "0" {
		time.Sleep(100 * time.Millisecond)
	}
	c.await(t, "dear queries are let in again")
	if n := c.metric(t, `stoa_shed_total{pool="primary"}`); n == "" || n == "0" {
		t.Errorf("%q were counted", n)
	}
}

// unrefused fails if a cheap query or a mutation is refused.
func (c *crowding) unrefused(t *testing.T) {
	t.Helper()
	for range 20 {
		if c.sheds(t, 49) {
			t.Error("a cheap query is shed")
		}
	}
	const mutation = `mutation { signUp(input: {username: "crowd", email: "crowd@example.com", password: "correct horse"}) { user { id } } }`
	if refused := c.refusal(t, mutation); refused != "" {
		t.Errorf("a mutation: %s", refused)
	}
}
