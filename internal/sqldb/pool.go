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
	estimates *estimates    // nil: nothing is too dear
	places    chan struct{} // one for each connection that may be out; nil: no bound
	breaker   *breaker      // nil: the database cannot be away
	keeper    *keeper       // nil: nobody looks after it
	patience  time.Duration // for a place, 0 for ever

	waits, waited, exhausted atomic.Int64 // for a place; waited in nanoseconds
}

// newPool is the pool of a driver's connections, which keep what is queried
// prepared, or do not.
func newPool(c driver.Connector, name string, o Options, prepares bool) *pool {
	marks := sqlx.BindType(name)
	rebind := func(text string) string { return sqlx.Rebind(marks, text) }
	p := &pool{DB: sql.OpenDB(preparing{c, rebind, prepares}), patience: o.AcquireTimeout}
	if o.MaxConns > 0 {
		p.places = make(chan struct{}, o.MaxConns)
	}
	p.SetMaxOpenConns(o.MaxConns)
	p.SetMaxIdleConns(max(o.MaxConns, 2))
	p.SetConnMaxLifetime(o.ConnLifetime)
	p.SetConnMaxIdleTime(o.ConnIdle)
	return p
}

// errDrained is that every connection was out for too long.
var errDrained = errors.New("no connection was free in time")

// acquire takes a place among those that have a connection, to be given back by
// release. There is none while the database is away.
func (p *pool) acquire(ctx context.Context) error {
	if err := p.breaker.allow(); err != nil {
		return err
	}
	if p.vacant() {
		return nil
	}
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
	case p.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-late:
		p.exhausted.Add(1)
		return errDrained
	}
}

func (p *pool) release() {
	if p.places != nil {
		<-p.places
	}
}

// fares tells how the pool does.
func (p *pool) fares(name string) observe.Pool {
	stats := p.Stats()
	return observe.Pool{
		Name: name, Max: stats.MaxOpenConnections, InUse: stats.InUse, Idle: stats.Idle,
		Waits: p.waits.Load(), Exhausted: p.exhausted.Load(), Waited: time.Duration(p.waited.Load()),
	}
}

// rows sends a statement and hands each of its rows to scan.
func (p *pool) rows(ctx context.Context, text string, args []any, scan func(*sql.Rows) error) error {
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer p.release()
	if err := readAll(p.query(ctx, p, text, args))(scan); err != nil {
		return err
	}
	p.breaker.succeeded()
	return nil
}

func (p *pool) query(ctx context.Context, on querier, text string, args []any) (*sql.Rows, error) {
	if err := p.estimates.allow(ctx, on, text, args); err != nil {
		return nil, err
	}
	return on.QueryContext(unwatched{ctx}, text, args...)
}

func (p *pool) close() error {
	p.keeper.close()
	p.breaker.close()
	return p.Close()
}
