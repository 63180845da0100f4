package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"stoa/internal/observe"
)

// pool is some connections.
type pool struct {
	*sql.DB
	name      string        // as metrics and the log have it
	estimates *estimates    // nil: nothing is too dear
	places    places        // for the connections that are out
	shedder   *shedder      // nil: it refuses nobody
	breaker   *breaker      // nil: the database cannot be away
	keeper    *keeper       // nil: nobody looks after it
	patience  time.Duration // for a place, 0 for ever

	waits, waited, exhausted atomic.Int64 // for a place; waited in nanoseconds
}

// newPool is the pool of a driver's connections, which keep what is queried
// prepared, or do not.
func newPool(c driver.Connector, driver, name string, o Options, prepares bool) *pool {
	marks := sqlx.BindType(driver)
	rebind := func(text string) string { return sqlx.Rebind(marks, text) }
	p := &pool{DB: sql.OpenDB(preparing{c, rebind, prepares}), name: name, patience: o.AcquireTimeout}
	p.places.most = o.MaxConns
	p.SetMaxOpenConns(o.MaxConns)
	p.SetMaxIdleConns(max(o.MaxConns, 2))
	p.SetConnMaxLifetime(o.ConnLifetime)
	p.SetConnMaxIdleTime(o.ConnIdle)
	return p
}

// errDrained is that every connection was out for too long.
var errDrained = errors.New("no connection was free in time")

// acquire takes a place among those that have a connection, for the context's guest
// if it has one, to be given back by release. There is none while the database is
// away.
func (p *pool) acquire(ctx context.Context) (*guest, error) {
	if err := p.breaker.allow(); err != nil {
		return nil, err
	}
	g := guestOf(ctx)
	if g != nil && g.refused.Load() {
		return nil, errShed
	}
	if w := p.places.await(g); w != nil {
		if err := p.await(ctx, w); err != nil {
			return nil, err
		}
	}
	if g != nil {
		g.served.Store(true)
	}
	return g, nil
}

// await waits for a place.
func (p *pool) await(ctx context.Context, w *waiter) (err error) {
	start := time.Now()
	p.waits.Add(1)
	defer func() { p.waited.Add(int64(time.Since(start))) }()
	var late <-chan time.Time
	if p.patience > 0 {
		timer := time.NewTimer(p.patience)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case err := <-w.told:
		return err
	case <-ctx.Done():
		err = ctx.Err()
	case <-late:
		err = errDrained
	}
	if !p.places.leave(w) { // at the last moment
		return <-w.told
	}
	if err == errDrained {
		p.exhausted.Add(1)
	}
	return err
}

func (p *pool) release(g *guest) { p.places.release(g) }

// fares tells how the pool does.
func (p *pool) fares() observe.Pool {
	stats := p.Stats()
	return observe.Pool{
		Name: p.name, Max: stats.MaxOpenConnections, InUse: stats.InUse, Idle: stats.Idle,
		Waits: p.waits.Load(), Exhausted: p.exhausted.Load(), Waited: time.Duration(p.waited.Load()),
		Away: p.breaker.allow() != nil, Level: p.shedder.most(), Shed: p.shedder.refused(),
	}
}

// rows sends a statement and hands each of its rows to scan.
func (p *pool) rows(ctx context.Context, text string, args []any, scan func(tuple) error) error {
	g, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer p.release(g)
	if err := p.estimates.allow(ctx, p, text, args); err != nil {
		return err
	}
	if err := p.read(ctx, text, args, scan); err != nil {
		return err
	}
	p.breaker.succeeded()
	return nil
}

func (p *pool) close() error {
	p.keeper.close()
	p.breaker.close()
	return p.Close()
}
