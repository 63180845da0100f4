package sqldb

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"
)

// What a keeper goes by.
const (
	keepInterval = time.Second
	crowdedFor   = 30 * time.Second // before the log is told
)

// keeper looks after a pool as long as it is open: it has some idle connections
// kept, and warns of a pool whose connections are nearly all out for long.
type keeper struct {
	pool    *pool
	idle    int
	log     *slog.Logger
	crowded crowd

	end   context.CancelFunc
	ended sync.WaitGroup
}

// keep begins to look after the pool.
func (p *pool) keep(idle int, log *slog.Logger) {
	ctx, end := context.WithCancel(context.Background())
	p.keeper = &keeper{pool: p, idle: idle, log: log, end: end}
	p.keeper.ended.Go(func() { p.keeper.look(ctx) })
}

func (k *keeper) look(ctx context.Context) {
	next := time.NewTicker(keepInterval)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-next.C:
			out, most := len(k.pool.places), cap(k.pool.places)
			if k.crowded.reaches(now, out, most) {
				k.log.Warn("the pool is nearly used up", "out", out, "of", most, "for", crowdedFor)
			}
			k.fill(ctx)
		}
	}
}

// fill opens connections if fewer are idle than are kept. What keeps it from
// that is told to whoever needs one.
func (k *keeper) fill(ctx context.Context) {
	if k.pool.Stats().Idle >= k.idle || k.pool.breaker.allow() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	_ = k.pool.warm(ctx, k.idle)
}

// close ends the looks. A pool that nobody has looked after has no keeper.
func (k *keeper) close() {
	if k != nil {
		k.end()
		k.ended.Wait()
	}
}

// warm has n connections idle at once, as far as there are places for them.
func (p *pool) warm(ctx context.Context, n int) error {
	var conns []*sql.Conn
	var err error
	for err == nil && len(conns) < n && p.vacant() {
		defer p.release()
		var conn *sql.Conn
		if conn, err = p.Conn(ctx); err == nil {
			conns = append(conns, conn)
		}
	}
	for _, conn := range conns {
		err = join(err, conn.Close())
	}
	return err
}

// vacant takes a place, to be given back by release, if there is one.
func (p *pool) vacant() bool {
	if p.places == nil {
		return true
	}
	select {
	case p.places <- struct{}{}:
		return true
	default:
		return false
	}
}

// crowd is since when nearly all connections of a pool have been out at every
// look.
type crowd struct {
	since time.Time
	told  bool
}

// reaches is true once, when that has lasted for long.
func (c *crowd) reaches(now time.Time, out, most int) bool {
	if 10*out <= 8*most {
		*c = crowd{}
		return false
	}
	if c.since.IsZero() {
		c.since = now
	}
	if c.told || now.Sub(c.since) < crowdedFor {
		return false
	}
	c.told = true
	return true
}
