package sqldb

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"stoa/internal/fault"
)

// What shedding goes by.
const (
	shedAfter = 2 * time.Second // of a crowded pool
	calmAfter = 5 * time.Second // in which nobody was refused

	// cheap is the cost, in points, below which nobody is refused.
	cheap = 50
	// aim is the share of the pool that dear queries may have. There are four
	// connections for each processor, unless somebody has set it up otherwise, so
	// these leave half of the processors to what is cheap.
	aim = 0.125
)

// errShed is that the pool is crowded, and has no place for what is dear.
var errShed = errors.New("shed")

// shedder keeps dear queries from a crowded pool, the dearest first. What is let
// in to be at work at the same time is bounded by a level, in points: it falls
// while the pool is crowded, or more than some of it is out for dear queries, and
// else rises again. A query leaves as much room below the level as it takes, so that
// there is room for cheaper ones when there is none for it. A nil shedder lets
// everybody in.
type shedder struct {
	log *slog.Logger

	level   atomic.Int64 // 0: none
	working atomic.Int64 // points of those who were let in
	dearest atomic.Int64 // that was ever asked for
	shed    atomic.Int64 // how many were refused

	// The owner's.
	share float64   // of the pool that dear queries had lately
	last  int64     // how many had been refused at the last look
	since time.Time // when somebody was last refused
}

// guest is a dear query that was let in. Cheap ones, and whatever is no query, are
// nil.
type guest struct {
	cost    int
	served  atomic.Bool // it has had a place
	refused atomic.Bool
}

func (g *guest) price() int {
	if g == nil {
		return 0
	}
	return g.cost
}

type guestKey struct{}

func guestOf(ctx context.Context) *guest {
	g, _ := ctx.Value(guestKey{}).(*guest)
	return g
}

// Enter lets a query in that costs so many points, until left is called. The
// database from which it reads refuses it, with UNAVAILABLE, while it has too much
// to do for what is as dear.
func (db *DB) Enter(ctx context.Context, cost int) (entered context.Context, left func(), err error) {
	p := db.read
	if s := sourceOf(ctx); s != nil {
		p = s.pool
	}
	if cost < cheap || p == nil || p.shedder == nil { // the second where nothing is open
		return ctx, func() {}, nil
	}
	if !p.shedder.enter(int64(cost)) {
		return nil, nil, tooDear().From(errShed)
	}
	return context.WithValue(ctx, guestKey{}, &guest{cost: cost}), func() { p.shedder.working.Add(-int64(cost)) }, nil
}

// tooDear is the fault of what is shed.
func tooDear() *fault.Error {
	return fault.New(fault.Unavailable, "Too much is asked at once; ask for less, or try again later.").Because(fault.Shedding).After(calmAfter)
}

// enter tells whether a query is let in; if it is, it is at work.
func (s *shedder) enter(cost int64) bool {
	for was := s.dearest.Load(); was < cost && !s.dearest.CompareAndSwap(was, cost); was = s.dearest.Load() {
	}
	level, working := s.level.Load(), s.working.Add(cost)
	if level == 0 || working+cost < level {
		return true
	}
	s.working.Add(-cost)
	s.shed.Add(1)
	return false
}

// most is how many points may be at work at once, 0 for any number.
func (s *shedder) most() int64 {
	if s == nil {
		return 0
	}
	return s.level.Load()
}

// refused is how many queries were.
func (s *shedder) refused() int64 {
	if s == nil {
		return 0
	}
	return s.shed.Load()
}

// look has the level follow the pool, of which dear queries have such a share, and
// which has been crowded for so long; to be called often.
func (s *shedder) look(now time.Time, p *places, dear float64, crowded time.Duration) {
	s.share += (dear - s.share) / 4
	level := s.level.Load()
	switch {
	case level == 0 && crowded < shedAfter:
		return
	case level == 0:
		s.log.Warn("dear queries are refused", "crowded", crowded)
		level, s.since = 2*max(s.dearest.Load(), cheap), now
	case crowded == 0 && s.shed.Load() == s.last && now.Sub(s.since) >= calmAfter:
		s.log.Info("dear queries are let in again", "refused", s.last)
		level = 0
	default:
		level = s.moved(level, crowded > 0)
	}
	s.level.Store(level)
	if level > 0 {
		s.shed.Add(int64(p.refuse(s.working.Load() - level)))
	}
	if n := s.shed.Load(); n != s.last {
		s.last, s.since = n, now
	}
}

// moved is the next level. It does not fall before what is at work has come down to
// it: the last fall has not had its effect yet.
func (s *shedder) moved(level int64, crowded bool) int64 {
	step := (aim - s.share) / 2
	if crowded {
		step = min(step, -aim/2)
	}
	if step < 0 && s.working.Load() > level {
		return level
	}
	return max(level+int64(float64(level)*step), 2*cheap)
}
