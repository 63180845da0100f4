package main

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stoa/internal/dbtest/pgserver"
)

// TestFaults has clients read and write while this and that happens to
// PostgreSQL. What they are not answered they are refused, soon and in our own
// words; afterwards all goes on by itself, and nothing that was answered is lost.
func TestFaults(t *testing.T) {
	t.Parallel()
	l := newLoad(t)
	for _, f := range []struct {
		name  string
		begin func(t *testing.T) (end func() error) // what happens
		told  []string                              // of which it is not ended before clients are told often
	}{
		{"backends terminated", l.terminateBackends, nil},
		{"restarted", l.restart, nil},
		{"stopped", l.halt, []string{away}},
		{"frozen", l.freeze, []string{"TIMEOUT ", away}},
		{"a lock is held", l.lockProducts, []string{"TIMEOUT "}},
		{"connections used up", l.useUpConnections, []string{away}},
	} {
		t.Run(f.name, func(t *testing.T) {
			l.goesOn(t)
			l.forget()
			end := sync.OnceValue(f.begin(t))
			defer end()
			for _, said := range f.told {
				l.awaitTold(t, said, often)
			}
			if err := end(); err != nil {
				t.Fatal(err)
			}
			ended := time.Now()
			l.goesOn(t)
			t.Logf("all clients were served again after %s", time.Since(ended).Round(time.Millisecond))
			l.report(t)
			l.check(t)
		})
	}
	l.stop()
	t.Logf("%d of %d writes were answered, %d reads", len(l.answered), l.sent, l.reads.Load())
}

const (
	away  = "UNAVAILABLE DATABASE_DOWN"
	often = 5
	// inTime is the time of a request. Who is told that the database is away does
	// not wait for it to pass.
	inTime = 4 * time.Second
)

// load is clients that read and write until it is stopped, and the database
// server that they depend on.
type load struct {
	*books
	postgres *pgserver.Server
	other    *sql.DB // somebody else's connections
	stop     func()
	progress [2 * writers]atomic.Int64 // what each client was served
	reads    atomic.Int64
}

func newLoad(t *testing.T) *load {
	t.Helper()
	l := &load{books: new(books)}
	l.postgres, l.url = ownPostgres(t, "max_connections = 30")
	var err error
	if l.other, err = sql.Open("postgres", l.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.other.Close() })
	l.serve(t) // to log in, for which there is time
	l.end(t, syscall.SIGTERM)
	l.settings = []string{"REQUEST_TIMEOUT=" + inTime.String(), "SLOW_QUERY=1h"}
	l.serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	l.stop = func() { cancel(); all.Wait() }
	t.Cleanup(l.stop)
	for c := range l.progress {
		all.Go(func() { l.visit(ctx, t, c) })
	}
	return l
}

// visit is what a client does: half of them write.
func (l *load) visit(ctx context.Context, t *testing.T, client int) {
	do := l.write
	if client >= writers {
		do = l.read
	}
	for ctx.Err() == nil {
		if do(t, l.categories[client%writers]) == done {
			l.progress[client].Add(1)
			if client >= writers {
				l.reads.Add(1)
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// goesOn returns once every client has been served again.
func (l *load) goesOn(t *testing.T) {
	t.Helper()
	var before [len(l.progress)]int64
	for c := range l.progress {
		before[c] = l.progress[c].Load()
	}
	l.await(t, "clients are not served", func() bool {
		for c := range l.progress {
			if l.progress[c].Load() < before[c]+2 { // the first may have been under way
				return false
			}
		}
		return true
	})
}

// awaitTold returns once clients were told it so often since forget.
func (l *load) awaitTold(t *testing.T, said string, times int) {
	t.Helper()
	l.await(t, "clients are not told "+said, func() bool { return len(l.told(said)) >= times })
}

func (l *load) await(t *testing.T, otherwise string, come func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !come(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.report(t)
			t.Fatal(otherwise)
		}
	}
}

func (l *load) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = nil
}

// told is how long each took who was told so, in ascending order.
func (l *load) told(said string) (took []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.refused {
		if strings.Contains(r.said, said) {
			took = append(took, r.took)
		}
	}
	slices.Sort(took)
	return took
}

// report tells how long clients waited for what they were told.
func (l *load) report(t *testing.T) {
	t.Helper()
	for said := range refusals {
		took := l.told(said)
		if len(took) == 0 {
			continue
		}
		median := took[len(took)/2]
		t.Logf("%d times %s: half of them within %s, all within %s", len(took), said, median.Round(10*time.Microsecond), took[len(took)-1].Round(time.Millisecond))
		if said == away && median >= inTime {
			t.Errorf("who is told %s waits for it as long as a request may take", said)
		}
	}
}
