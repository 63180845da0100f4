package limit

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"stoa/internal/dbtest"
)

// open is a bank that gives whatever is asked for, and remembers nothing.
type open struct{}

func (open) lease(_ context.Context, _ string, r rate, _, need, block float64) (took, left float64, err error) {
	return max(need, block), float64(r), nil
}

// drawer is a bank in memory.
type drawer struct {
	now     func() time.Time
	mu      sync.Mutex
	buckets map[string]*bucket
	asked   int
	closed  error
}

func (d *drawer) lease(ctx context.Context, client string, r rate, back, need, block float64) (took, left float64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	if err := errors.Join(d.closed, ctx.Err()); err != nil {
		return 0, 0, err
	}
	b, ok := d.buckets[client]
	if !ok {
		b = &bucket{points: float64(r), at: d.now()}
		d.buckets[client] = b
	}
	b.refill(r, float64(r), d.now())
	b.points = min(b.points+back, float64(r))
	if took = block; b.points >= need {
		took = max(need, block)
	}
	if b.points-took < block {
		took = b.points
	}
	b.points -= took
	return took, b.points, nil
}

// instances are several on one bank.
func instances(n, perMinute int) (*clock, *drawer, []*Shared) {
	c := newClock()
	d := &drawer{now: c.Now, buckets: map[string]*bucket{}}
	all := make([]*Shared, n)
	for i := range all {
		all[i] = newShared(d, perMinute, c.Now, slog.New(slog.DiscardHandler))
	}
	return c, d, all
}

// TestInstancesShare: whatever the costs and whichever instance is asked, all
// together grant what the bucket has, within 2 %, and ask the bank once for a
// block at the most.
func TestInstancesShare(t *testing.T) {
	const perMinute, block = 60_000, 600
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		c, bank, both := instances(2, perMinute)
		most, uneven := 1+random.IntN(500), random.IntN(10)
		granted, passed, requests := 0, time.Duration(0), 0
		for ; passed < 10*time.Second; requests++ {
			which := both[min(random.IntN(10)/(uneven+1), 1)]
			if cost := random.IntN(most); which.Take(t.Context(), "client", cost).OK() {
				granted += cost
			} else {
				c.pass(time.Millisecond)
				passed += time.Millisecond
			}
		}
		want := perMinute * (1 + passed.Minutes())
		if share := float64(granted) / want; share < 0.98 || share > 1.02 {
			t.Errorf("seed %d: granted %d of %.0f points", seed, granted, want)
		}
		// A lease is asked for when a block has been spent or, there being none,
		// has come back, by each of the two.
		if blocks := granted/(block-most) + 2*int(passed.Minutes()*leases); bank.asked > blocks+10 || bank.asked*3 > requests {
			t.Errorf("seed %d: %d statements for %d requests and %d blocks", seed, bank.asked, requests, blocks)
		}
	}
}

// TestAnIdleInstance keeps no more than a block from the others, and gives back
// what it has once it is asked again.
func TestAnIdleInstance(t *testing.T) {
	c, _, s := instances(2, 1000)
	s[0].Take(t.Context(), "client", 1)
	for range 990 {
		if got := s[1].Take(t.Context(), "client", 1); !got.OK() {
			t.Fatalf("%+v", got)
		}
	}
	if got := s[1].Take(t.Context(), "client", 1); got.OK() || got.Remaining != 0 {
		t.Errorf("a hundredth is held by the other: %+v", got)
	}
	if got := s[0].Take(t.Context(), "client", 9); !got.OK() {
		t.Errorf("the other has its block: %+v", got)
	}
	c.pass(time.Hour)
	s[0].Take(t.Context(), "client", 1)
	c.pass(leaseLife)
	if got := s[0].Take(t.Context(), "client", 999); !got.OK() || got.Remaining != 1 {
		t.Errorf("the lease came back: %+v", got)
	}
}

// TestWhatOthersSpend is known when a lease ends.
func TestWhatOthersSpend(t *testing.T) {
	c, _, s := instances(2, 60_000)
	s[0].Take(t.Context(), "client", 1)
	s[1].Take(t.Context(), "client", 59_400)
	if got := s[0].Take(t.Context(), "client", 1); got.Remaining != 59_998 {
		t.Errorf("within a lease: %+v", got)
	}
	c.pass(leaseLife)
	if got := s[0].Take(t.Context(), "client", 1); got.Remaining != 597+10_000 {
		t.Errorf("after a lease: %+v", got)
	}
}

// TestTheBanks keep the same rules.
func TestTheBanks(t *testing.T) {
	banks := map[string]bank{
		"memory": &drawer{now: newClock().Now, buckets: map[string]*bucket{}},
		"table":  &table{db: dbtest.Open(t, dbtest.Postgres)},
	}
	for name, b := range banks {
		for n, s := range []struct {
			client                 string
			back, need, took, left float64
		}{
			{client: "one", need: 5, took: 10, left: 90},
			{client: "one", back: 4, need: 30, took: 30, left: 64},
			{client: "one", need: 80, took: 10, left: 54}, // as long as there is not enough, a block
			{client: "one", back: 10, need: 50, took: 50, left: 14},
			{client: "one", back: 300, need: 101, took: 10, left: 90},
			{client: "two", need: 101, took: 10, left: 90},
			{client: "two", back: 10, need: 101, took: 10, left: 90},
			{client: "three", need: 91, took: 100}, // less than a block is not left alone
			{client: "three", back: 200, need: 91, took: 100},
		} {
			took, left, err := b.lease(t.Context(), s.client, 100, s.back, s.need, 10)
			const refilled = 20 // at the most, while the test runs
			if err != nil || took != s.took || left < s.left || left > s.left+refilled {
				t.Errorf("%s: step %d: took %v, left %v, %v; want %+v", name, n, took, left, err, s)
			}
		}
	}
}

// TestRefusalsAskNobody: a client who has nothing left costs no statements.
func TestRefusalsAskNobody(t *testing.T) {
	c, bank, s := instances(1, 1000)
	s[0].Take(t.Context(), "client", 1000)
	asked := bank.asked
	for range 100 {
		if s[0].Take(t.Context(), "client", 1).OK() {
			t.Fatal("there was a point left")
		}
	}
	if bank.asked != asked {
		t.Errorf("asked %d times", bank.asked-asked)
	}
	wait := s[0].Take(t.Context(), "client", 1).Wait
	c.pass(wait - time.Millisecond)
	if got := s[0].Take(t.Context(), "client", 1); got.OK() || got.Remaining != 0 {
		t.Errorf("before its time: %+v", got)
	}
	c.pass(time.Millisecond)
	if got := s[0].Take(t.Context(), "client", 1); !got.OK() {
		t.Errorf("refused although the wait is over: %+v", got)
	}
}

// TestRequestsTogether ask once: those who come meanwhile wait for the lease.
func TestRequestsTogether(t *testing.T) {
	_, bank, s := instances(1, 60_000)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if !s[0].Take(t.Context(), "client", 12).OK() {
				t.Error("refused")
			}
		})
	}
	all.Wait()
	if bank.asked != 1 {
		t.Errorf("asked %d times", bank.asked)
	}
}

// TestALeaseOutlivesItsRequest: others may wait for it.
func TestALeaseOutlivesItsRequest(t *testing.T) {
	_, bank, s := instances(1, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := s[0].Take(ctx, "client", 400); !got.OK() || bank.buckets["client"].points != 600 {
		t.Errorf("%+v", got)
	}
}

// TestWithoutTheBank each instance counts by itself, tries again now and then,
// and says so.
func TestWithoutTheBank(t *testing.T) {
	c, bank, s := instances(1, 1000)
	var log strings.Builder
	s[0].log = slog.New(slog.NewTextHandler(&log, nil))
	take := func(cost int, ok bool, asked int) {
		t.Helper()
		if got := s[0].Take(t.Context(), "client", cost); got.OK() != ok || bank.asked != asked {
			t.Errorf("%+v, asked %d times; want %v, %d", got, bank.asked, ok, asked)
		}
	}
	take(700, true, 1)
	bank.closed = errors.New("the database is away")
	take(301, false, 1) // as far as is known
	take(300, true, 2)
	take(300, true, 2)
	take(300, true, 2)
	take(200, false, 2)
	s[0].Take(t.Context(), "another", 1)
	c.pass(rest)
	take(1, true, 3) // refilled meanwhile
	bank.closed = nil
	take(1, true, 3)
	c.pass(rest)
	take(200, true, 4)
	take(200, false, 4)
	if n := strings.Count(log.String(), "level=WARN"); n != 2 || !strings.Contains(log.String(), "the database is away") {
		t.Errorf("logged %s", &log)
	}
}

// slow is a bank that does not answer.
type slow struct{}

func (slow) lease(ctx context.Context, _ string, _ rate, _, _, _ float64) (took, left float64, err error) {
	<-ctx.Done()
	return 0, 0, ctx.Err()
}

// TestASlowBank is waited for once, for a moment.
func TestASlowBank(t *testing.T) {
	s := newShared(slow{}, 1000, newClock().Now, slog.New(slog.DiscardHandler))
	s.patience = time.Millisecond
	for range 1000 {
		if got := s.Take(t.Context(), "client", 1); !got.OK() {
			t.Fatalf("%+v", got)
		}
	}
	if got := s.Take(t.Context(), "client", 1); got.OK() {
		t.Errorf("%+v", got)
	}
}
