package limit

import (
	"log/slog"
	"runtime"
	"strconv"
	"testing"
	"time"

	"stoa/internal/scalar"
)

// budgets are one of so many points a minute of each sort, by their names.
func budgets(perMinute int, c *clock) map[string]Budget {
	return map[string]Budget{
		"memory": NewBuckets(perMinute, c.Now),
		"shared": newShared(&drawer{now: c.Now, buckets: map[string]*bucket{}}, perMinute, c.Now, slog.New(slog.DiscardHandler)),
	}
}

// TestABucket: one instance alone counts the same, wherever it keeps what it counts.
func TestABucket(t *testing.T) {
	const perMinute = 600 // ten a second
	type step struct {
		passed     time.Duration
		cost       int
		remaining  int
		full, wait time.Duration
		whoever    string
	}
	steps := []step{
		{cost: 0, remaining: 600},
		{cost: 1, remaining: 599, full: 100 * time.Millisecond},
		{passed: 5 * time.Second, cost: 0, remaining: 600}, // and no more
		{cost: 599, remaining: 1, full: 59900 * time.Millisecond},
		{cost: 1, remaining: 0, full: time.Minute},
		{cost: 6, remaining: 0, full: time.Minute, wait: 600 * time.Millisecond},
		{cost: 0, remaining: 0, full: time.Minute},
		{passed: 59 * time.Second, cost: 591, remaining: 590, full: time.Second, wait: 100 * time.Millisecond},
		{cost: 590, remaining: 0, full: time.Minute},
		{passed: 30 * time.Second, cost: 100, remaining: 200, full: 40 * time.Second},
		{cost: 300, remaining: 200, full: 40 * time.Second, wait: 10 * time.Second},
		{cost: 7, remaining: 193, full: 40700 * time.Millisecond}, // who may not have much may have little
		{cost: 1 << 50, remaining: 193, full: 40700 * time.Millisecond, wait: time.Minute},
		{whoever: "another", cost: 600, remaining: 0, full: time.Minute},
		{passed: 24 * time.Hour, cost: 601, remaining: 600, wait: 100 * time.Millisecond},
		{cost: 600, remaining: 0, full: time.Minute},
		{whoever: "another", cost: 10, remaining: 590, full: time.Second},
		{passed: -time.Hour, cost: 6, remaining: 0, full: time.Minute, wait: 600 * time.Millisecond}, // a clock set back
	}
	for _, name := range []string{"memory", "shared"} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			b := budgets(perMinute, c)[name]
			for n, s := range steps {
				c.pass(s.passed)
				got := b.Take(t.Context(), "client"+s.whoever, s.cost)
				want := Spent{
					Limit: perMinute, Cost: s.cost, Remaining: s.remaining,
					Full: s.full, ResetAt: scalar.TimeOf(c.Now().Add(s.full)), Wait: s.wait,
				}
				if got != want || got.OK() != (s.wait == 0) {
					t.Errorf("step %d: got  %+v\nwant %+v", n, got, want)
				}
			}
		})
	}
}

// TestAnyLimit: of a full bucket all points can be spent one by one, and no more.
func TestAnyLimit(t *testing.T) {
	for _, perMinute := range []int{1, 2, 3, 7, 10, 99, 100, 101, 333, 1000} {
		for name, b := range budgets(perMinute, newClock()) {
			for range perMinute {
				if s := b.Take(t.Context(), "client", 1); !s.OK() {
					t.Fatalf("%s of %d: %+v", name, perMinute, s)
				}
			}
			if s := b.Take(t.Context(), "client", 1); s.OK() || s.Remaining != 0 {
				t.Errorf("%s of %d: one more: %+v", name, perMinute, s)
			}
		}
	}
}

// TestManyClients: however many there are, what is remembered of them is bounded.
// A million would show no more than a few times as many as are remembered.
func TestManyClients(t *testing.T) {
	own := NewBuckets(600, time.Now)
	manyClients(t, own, 3*maxClients)
	shared := newShared(open{}, 600, time.Now, slog.New(slog.DiscardHandler))
	manyClients(t, shared, 2*maxClients)
	if own.byClient.Len() != maxClients || shared.byClient.Len() != maxClients {
		t.Errorf("%d and %d clients are remembered, want %d", own.byClient.Len(), shared.byClient.Len(), maxClients)
	}
}

func manyClients(t *testing.T, b Budget, clients int) {
	t.Helper()
	before := heap()
	for i := range clients {
		if s := b.Take(t.Context(), "2001:db8:"+strconv.FormatInt(int64(i), 16)+"::/64", 600); !s.OK() {
			t.Fatalf("the exhaustion of others refuses a client: %+v", s)
		}
	}
	const most = 64 << 20
	if grown := heap() - before; grown > most {
		t.Errorf("%d bytes for the clients, want %d at the most", grown, most)
	}
	runtime.KeepAlive(b)
}

// heap is how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestTakeAllocates nothing once the client is known.
func TestTakeAllocates(t *testing.T) {
	for name, b := range budgets(1_000_000, newClock()) {
		ctx := t.Context()
		b.Take(ctx, "client", 1)
		if n := testing.AllocsPerRun(1000, func() { b.Take(ctx, "client", 1) }); n >= 1 {
			t.Errorf("%s: %v allocations, want none", name, n)
		}
	}
}

func BenchmarkTake(b *testing.B) {
	for name, budget := range map[string]Budget{
		"memory": NewBuckets(1<<40, time.Now),
		"shared": newShared(open{}, 1<<40, time.Now, slog.New(slog.DiscardHandler)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					budget.Take(b.Context(), "client", 1)
				}
			})
		})
	}
}
