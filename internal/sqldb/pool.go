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

// pool is some connections and the statements prepared on them.
type pool struct {
	*sqlx.DB
	statements *statements   // nil: nothing is prepared
	estimates  *estimates    // nil: nothing is too dear
	places     chan struct{} // one for each connection that may be out; nil: no bound
	breaker    *breaker      // nil: the database cannot be away
	keeper     *keeper       // nil: nobody looks after it
	patience   time.Duration // for a place, 0 for ever

	waits, waited, exhausted atomic.Int64 // for a place; waited in nanoseconds
}

func newPool(c driver.Connector, name string, o Options, prepares bool) *pool {
	p := &pool{DB: sqlx.NewDb(sql.OpenDB(c), name), patience: o.AcquireTimeout}
	if o.MaxConns > 0 {
		p.places = make(chan struct{}, o.MaxConns)
	}
	p.SetMaxOpenConns(o.MaxConns)
	p.SetMaxIdleConns(max(o.MaxConns, 2))
	p.SetConnMaxLifetime(o.ConnLifetime)
	p.SetConnMaxIdleTime(o.ConnIdle)
	if prepares {
		p.statements = newStatements()
	}
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
	if err := readAll(p.query(ctx, text, args))(scan); err != nil {
		return err
	}
	p.breaker.succeeded()
	return nil
}

func (p *pool) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := p.estimates.allow(ctx, p, text, args); err != nil {
		return nil, err
	}
	if p.statements == nil {
		return p.QueryContext(ctx, p.Rebind(text), args...)
	}
	statement, err := p.statements.prepare(ctx, p.DB, text)
	if err != nil {
		return nil, err
	}
	defer statement.release()
	return statement.QueryContext(ctx, args...)
}

// queryIn is query in a transaction. To prepare a statement takes a connection
// beside the transaction's, of which there may be none, so a new statement is
// sent as it is; prepared tells whether it was an old one.
func (p *pool) queryIn(ctx context.Context, on *sqlx.Tx, text string, args []any) (rows *sql.Rows, prepared bool, err error) {
	if err := p.estimates.allow(ctx, on, text, args); err != nil {
		return nil, false, err
	}
	if p.statements != nil {
		if statement, ok := p.statements.get(text); ok {
			defer statement.release()
			rows, err := on.StmtContext(ctx, statement.Stmt).QueryContext(ctx, args...)
			return rows, true, err
		}
	}
	rows, err = on.QueryContext(ctx, p.Rebind(text), args...)
	return rows, false, err
}

// prepare has the statement of the text prepared for the next time.
func (p *pool) prepare(ctx context.Context, text string) {
	if p.statements == nil {
		return
	}
	if statement, err := p.statements.prepare(ctx, p.DB, text); err == nil {
		statement.release()
	}
}

func (p *pool) close() error {
	p.keeper.close()
	if p.statements != nil {
		p.statements.close()
	}
	p.breaker.close()
	return p.Close()
}
