package sqldb

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"stoa/internal/observe"
)

// patience is how long a query waits for a replica to come as far as it must.
const patience = 50 * time.Millisecond

// replicas are the databases that replay what the primary writes, and the primary
// itself. Those in use have come as far as the primary was some time ago.
type replicas struct {
	primary *source
	all     []*source
	maxLag  time.Duration

	turn  atomic.Uint64
	due   atomic.Int64 // the position that a replica in use has reached
	floor atomic.Int64 // and one that it must have reached in any case

	mu    sync.Mutex
	marks []mark // where the primary was

	end   context.CancelFunc
	ended sync.WaitGroup
}

// mark is where the primary was at an instant.
type mark struct {
	at       time.Time
	position Position
}

// follow begins to look after all of them.
func (r *replicas) follow() {
	ctx, end := context.WithCancel(context.Background())
	r.end = end
	r.due.Store(int64(unknown))
	r.primary.seen = func(p Position) { r.marked(time.Now(), p) }
	r.ended.Go(func() { r.primary.follow(ctx) })
	for _, s := range r.all {
		lags := false
		s.seen = func(Position) {
			switch {
			case !lags && !r.current(s):
				s.log.Warn("a replica lags too far behind", "host", s.name)
			case lags && r.current(s):
				s.log.Info("a replica has caught up", "host", s.name)
			}
			lags = !r.current(s)
		}
		r.ended.Go(func() { s.follow(ctx) })
	}
}

// marked notes where the primary is, and where a replica has to be that lags no
// longer than it may. Of a primary that has just become one, and is not where the
// last one was, nothing is known yet.
func (r *replicas) marked(now time.Time, p Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.marks); n > 0 && p < r.marks[n-1].position {
		r.marks = nil
	}
	r.marks = append(r.marks, mark{now, p})
	for len(r.marks) > 1 && now.Sub(r.marks[1].at) >= r.maxLag {
		r.marks = r.marks[1:]
	}
	r.due.Store(int64(r.marks[0].position))
}

// lag is for how long the source has lacked something that the primary had: of
// one that lacks more than is known of, that long at least.
func (r *replicas) lag(now time.Time, s *source) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.marks {
		if m.position > s.position() {
			return now.Sub(m.at)
		}
	}
	return 0
}

// fare tells of the replicas among the pools, which are the last of them.
func (r *replicas) fare(now time.Time, pools []observe.Pool) {
	if r == nil {
		return
	}
	first := len(pools) - len(r.all)
	for i, s := range r.all {
		pools[first+i].Replica = &observe.Replica{Read: s.answers() && r.current(s), Lag: r.lag(now, s)}
	}
}

// current tells whether the source lags no longer than it may.
func (r *replicas) current(s *source) bool {
	return s.reached.Load() >= max(r.due.Load(), r.floor.Load())
}

// choose returns the database that a query is read from, which must have reached
// the position: a replica in its turn, or the one that comes there soon, else the
// primary. While the primary does not answer, the replica that is furthest is
// better than nothing.
func (r *replicas) choose(ctx context.Context, after Position) *source {
	var furthest, lagging *source
	turn := r.turn.Add(1)
	for i := range r.all {
		s := r.all[(turn+uint64(i))%uint64(len(r.all))]
		switch {
		case !s.answers():
		case !r.current(s):
			lagging = s.further(lagging)
		case s.position() >= after:
			return s
		default:
			furthest = s.further(furthest)
		}
	}
	switch {
	case furthest != nil && furthest.awaits(ctx, after, patience):
		return furthest
	case r.primary.answers():
		return r.primary
	case furthest != nil:
		return furthest
	case lagging != nil:
		return lagging
	}
	return r.primary
}

// further is the one of the two, of which the other may be nil, that has come
// further.
func (s *source) further(other *source) *source {
	if other == nil || s.position() > other.position() {
		return s
	}
	return other
}

// close ends the looks, and the connections that are for them alone.
func (r *replicas) close() error {
	if r == nil {
		return nil
	}
	if r.end != nil {
		r.end()
		r.ended.Wait()
	}
	err := r.primary.eye.Close()
	for _, s := range r.all {
		err = join(err, s.eye.Close())
	}
	return err
}

type sourceKey struct{}

func sourceOf(ctx context.Context) *source {
	s, _ := ctx.Value(sourceKey{}).(*source)
	return s
}

// Replicated tells whether queries may be read from replicas.
func (db *DB) Replicated() bool { return db.replicas != nil }

// requireHere has no replica read that lacks what has been committed until now.
func (db *DB) requireHere(ctx context.Context) error {
	if db.replicas == nil {
		return nil
	}
	var p int64
	_, err := db.Alone(ctx, "SELECT "+Here, nil, &p)
	db.replicas.floor.Store(p)
	return err
}

// Spread returns a context whose statements that only read are read from one of
// the databases, and whether they may find an old state for want of the primary.
func (db *DB) Spread(ctx context.Context) (reading context.Context, stale bool) {
	if db.replicas == nil || txOf(ctx) != nil {
		return ctx, false
	}
	return db.from(ctx, db.replicas.choose(ctx, afterOf(ctx)))
}

// Foremost is Spread for what must be as new as can be: it is read from the
// primary as long as that answers.
func (db *DB) Foremost(ctx context.Context) (reading context.Context, stale bool) {
	if db.replicas == nil || txOf(ctx) != nil {
		return ctx, false
	}
	if db.replicas.primary.answers() {
		return db.from(ctx, db.replicas.primary)
	}
	return db.from(ctx, db.replicas.choose(ctx, 0))
}

func (db *DB) from(ctx context.Context, s *source) (reading context.Context, stale bool) {
	if db.replicas.primary.answers() {
		return context.WithValue(ctx, sourceKey{}, s), false
	}
	if s == db.replicas.primary { // which nobody stands in for
		return ctx, false
	}
	return context.WithValue(ctx, sourceKey{}, s), true
}
