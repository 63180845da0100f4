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
	keepInterval  = time.Second
	crowdInterval = 100 * time.Millisecond
	crowdedFor    = 30 * time.Second // before the log is told
)

// keeper looks after a pool as long as it is open: it has some idle connections
// kept, and sees when nearly all are out.
type keeper struct {
	pool    *pool
	idle    int
	log     *slog.Logger
	crowded crowd
	told    bool // the log, of the crowd

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
	fill, crowd := time.NewTicker(keepInterval), time.NewTicker(crowdInterval)
	defer fill.Stop()
	defer crowd.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-fill.C:
			k.fill(ctx)
		case now := <-crowd.C:
			k.see(now)
		}
	}
}

// see tells the log of a pool that is crowded for long, and the shedder at once.
func (k *keeper) see(now time.Time) {
	out, dear := k.pool.places.used()
	most := k.pool.places.most
	lasting := k.crowded.lasts(now, out, most)
	if lasting >= crowdedFor && !k.told {
		k.log.Warn("the pool is nearly used up", "out", out, "of", most, "for", crowdedFor)
	}
	k.told = lasting >= crowdedFor
	if k.pool.shedder != nil {
		k.pool.shedder.look(now, &k.pool.places, float64(dear)/float64(most), lasting)
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
	for err == nil && len(conns) < n && p.places.vacant() {
		defer p.release(nil)
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

// crowd is since when nearly all connections of a pool have been out at every
// look, zero if they were not at the last.
type crowd struct{ since time.Time }

// lasts is how long that has been so.
func (c *crowd) lasts(now time.Time, out, most int) time.Duration {
	if most == 0 || 10*out <= 8*most {
		c.since = time.Time{}
		return 0
	}
	if c.since.IsZero() {
		c.since = now
	}
	return now.Sub(c.since)
}
