package sqldb

import (
	"log/slog"
	"testing"
	"time"
)

// clocked is a shedder above ten places, looked at by a clock of its own.
type clocked struct {
	*shedder
	t       *testing.T
	places  places
	crowded crowd
	now     time.Time
}

func newClocked(t *testing.T) *clocked {
	return &clocked{shedder: &shedder{log: slog.New(slog.DiscardHandler)}, t: t, places: places{most: 10}, now: time.Now()}
}

// pass has time pass, while so many connections are out, until done.
func (w *clocked) pass(out int, atMost time.Duration, done func() bool) time.Duration {
	w.t.Helper()
	w.places.out = out
	start := w.now
	for !done() {
		if w.now.Sub(start) > atMost {
			w.t.Fatalf("it does not come about within %v: the level is %d", atMost, w.most())
		}
		w.now = w.now.Add(crowdInterval)
		w.look(w.now, &w.places, 0, w.crowded.lasts(w.now, out, w.places.most))
	}
	return w.now.Sub(start)
}

// asks tells whether a query of the cost would be let in.
func (w *clocked) asks(cost int64) bool {
	in := w.enter(cost)
	if in {
		w.working.Add(-cost)
	}
	return in
}

func TestSheddingBeginsWhenThePoolIsCrowded(t *testing.T) {
	w := newClocked(t)
	w.asks(3000)
	shedding := func() bool { return w.most() > 0 }
	start := w.now
	w.pass(8, time.Hour, func() bool { return w.now.Sub(start) > time.Minute })
	if shedding() {
		t.Error("it begins while the pool is not crowded")
	}
	if took := w.pass(9, time.Hour, shedding); took < shedAfter || took > shedAfter+2*crowdInterval {
		t.Errorf("it begins after %v", took)
	}
	if w.asks(3000) || !w.asks(2999) {
		t.Error("it does not begin with the dearest")
	}
}

func TestTheDearestAreShedFirst(t *testing.T) {
	w := newClocked(t)
	w.asks(3000)
	for _, cost := range []int64{3000, 1000, 300, cheap} {
		w.pass(9, time.Minute, func() bool { return !w.asks(cost) })
		if cheaper := cost * 2 / 3; cost > cheap && !w.asks(cheaper) {
			t.Errorf("when %d points are too many, so are %d", cost, cheaper)
		}
	}
}

// While dear queries are at work up to the level, there is room for cheaper ones.
func TestThereIsRoomForTheCheaper(t *testing.T) {
	w := newClocked(t)
	w.level.Store(10_000)
	n := 0
	for w.enter(1000) {
		n++
	}
	if n != 8 || !w.asks(999) {
		t.Errorf("%d were let in", n)
	}
}

// The level rises when the pool is no longer crowded, and is lifted when nothing has
// had to be refused for a while.
func TestSheddingEnds(t *testing.T) {
	w := newClocked(t)
	w.asks(3000)
	w.pass(10, time.Minute, func() bool { return !w.asks(cheap) })
	w.pass(2, time.Minute, func() bool { return w.asks(3000) })
	if w.most() == 0 {
		t.Error("it ended while queries were refused")
	}
	w.pass(2, time.Minute, func() bool { return w.most() == 0 })
	if !w.asks(1_000_000) {
		t.Error("it has ended and refuses")
	}
}

// What works at its own pace neither swings between all and nothing nor fills the
// pool: an eighth of it is for dear queries, as long as others leave so much.
func TestTheLevelSettles(t *testing.T) {
	for others, want := range map[int][2]int{0: {1, 4}, 4: {1, 4}, 7: {0, 3}} {
		least, most := settles(t, others)
		if least < want[0] || most > want[1] || most == 0 {
			t.Errorf("beside %d others, from %d to %d of 10 are out", others, least, most)
		}
	}
}

// settles is how many places dear queries have in the end, at least and at most.
func settles(t *testing.T, others int) (least, most int) {
	w := newClocked(t)
	w.asks(1000)
	w.pass(10, time.Minute, func() bool { return w.most() > 0 })
	var ends []time.Time
	work := func() { // each query takes a place for a second, and there is always another
		for len(ends) > 0 && !ends[0].After(w.now) {
			ends = ends[1:]
			w.working.Add(-1000)
		}
		for w.enter(1000) {
			ends = append(ends, w.now.Add(time.Second))
		}
		w.places.out = others + len(ends)
	}
	least = 10
	for second := range 60 {
		for range int(time.Second / crowdInterval) {
			w.now = w.now.Add(crowdInterval)
			work()
			w.look(w.now, &w.places, float64(len(ends))/10, w.crowded.lasts(w.now, w.places.out, w.places.most))
			if second >= 20 {
				least, most = min(least, len(ends)), max(most, len(ends))
			}
		}
	}
	return least, most
}
