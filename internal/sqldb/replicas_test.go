package sqldb

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"stoa/internal/observe"
)

// at is a source that answers, and has come to the position.
func at(name string, p Position) *source {
	s := &source{name: name, log: slog.New(slog.DiscardHandler), asked: make(chan struct{}, 1), news: make(chan struct{})}
	s.reached.Store(int64(p))
	s.rise()
	return s
}

// With a primary at 100, of which a replica must have reached 80.
func TestWhichDatabaseIsRead(t *testing.T) {
	for _, test := range []struct {
		name     string
		away     []string
		replicas []*source
		after    Position
		want     []string // in turn
	}{
		{"all in turn", nil, []*source{at("a", 90), at("b", 80), at("c", 100)}, 0, []string{"a", "b", "c"}},
		{"not those that lag", nil, []*source{at("a", 79), at("b", 80)}, 0, []string{"b"}},
		{"not those that are away", []string{"a"}, []*source{at("a", 90), at("b", 90)}, 0, []string{"b"}},
		{"only those that are far enough", nil, []*source{at("a", 90), at("b", 95), at("c", 96)}, 95, []string{"b", "c"}},
		{"else the primary", nil, []*source{at("a", 90), at("b", 95)}, 96, []string{"primary"}},
		{"the primary where all lag", nil, []*source{at("a", 9), at("b", 70)}, 0, []string{"primary"}},
		{"the furthest without the primary", []string{"primary"}, []*source{at("a", 90), at("b", 95), at("c", 10)}, 96, []string{"b"}},
		{"one that lags without the primary", []string{"primary", "b"}, []*source{at("a", 9), at("b", 95), at("c", 10)}, 96, []string{"c"}},
		{"nobody", []string{"primary", "a"}, []*source{at("a", 90)}, 0, []string{"primary"}},
	} {
		r := &replicas{primary: at("primary", 100), all: test.replicas}
		r.due.Store(80)
		for _, s := range append(r.all, r.primary) {
			if slices.Contains(test.away, s.name) {
				s.rest()
			}
		}
		var got []string
		for range 6 {
			got = append(got, r.choose(t.Context(), test.after).name)
		}
		slices.Sort(got)
		if got := slices.Compact(got); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// A query is read from a replica that comes far enough while it waits.
func TestAReplicaIsWaitedFor(t *testing.T) {
	s := at("a", 90)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	go func() {
		defer end()
		<-s.asked
		s.told(95)
		<-s.asked
		s.told(96)
	}()
	if !s.awaits(ctx, 96, time.Minute) {
		t.Error("it was not waited for")
	}
}

// A replica has to be where the primary was so long ago.
func TestHowFarAReplicaMustBe(t *testing.T) {
	r := &replicas{maxLag: 10 * time.Second}
	start := time.Now()
	for _, step := range []struct {
		second   int
		position Position
		due      int64
	}{
		{0, 100, 100}, {5, 200, 100}, {9, 300, 100}, {10, 400, 100}, {14, 500, 100}, {15, 600, 200}, {19, 700, 300}, {40, 800, 700},
		{41, 50, 50}, {60, 60, 50}, // another has become the primary
	} {
		r.marked(start.Add(time.Duration(step.second)*time.Second), step.position)
		if got := r.due.Load(); got != step.due {
			t.Errorf("second %d: got %d, want %d", step.second, got, step.due)
		}
	}
}

// A replica lags by the time for which it has lacked something, and is told to be
// read while that is not too long.
func TestHowReplicasFare(t *testing.T) {
	start := time.Now()
	r := &replicas{primary: at("primary", 300), maxLag: 10 * time.Second}
	for second, p := range []Position{100, 200, 300} {
		r.marked(start.Add(time.Duration(second)*time.Second), p)
	}
	r.due.Store(200)
	for _, test := range []struct {
		reached Position
		want    observe.Replica
	}{
		{300, observe.Replica{Read: true}}, {299, observe.Replica{Read: true, Lag: 3 * time.Second}},
		{200, observe.Replica{Read: true, Lag: 3 * time.Second}}, {199, observe.Replica{Lag: 4 * time.Second}}, {0, observe.Replica{Lag: 5 * time.Second}},
	} {
		r.all = []*source{at("a", test.reached)}
		pools := make([]observe.Pool, 2)
		r.fare(start.Add(5*time.Second), pools)
		if got := pools[1].Replica; pools[0].Replica != nil || *got != test.want {
			t.Errorf("at %d: got %+v, want %+v", test.reached, got, test.want)
		}
	}
	r.all[0].rest()
	pools := make([]observe.Pool, 1)
	if r.fare(start, pools); pools[0].Replica.Read {
		t.Error("one that does not answer is read")
	}
	(*replicas)(nil).fare(start, pools)
}

func TestPositionTokens(t *testing.T) {
	for _, p := range []Position{0, 1, 123456789012, unknown} {
		if got, ok := ParsePosition(p.Token()); !ok || got != p {
			t.Errorf("%d became %d, %v", p, got, ok)
		}
	}
	token := Position(5).Token()
	for _, other := range []string{"", "x", token + "A", token[1:], "A" + token[1:]} {
		if _, ok := ParsePosition(other); ok {
			t.Errorf("%q is taken", other)
		}
	}
}
