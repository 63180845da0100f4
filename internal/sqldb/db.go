// Package sqldb says how SQL is spoken: pools, transactions and dialects;
// tables, lists, filters, sorts and cursors. It knows no kind of row.
package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"log/slog"
	"strings"
	"time"

	"stoa/internal/observe"
)

// Options tell which database to open, and how. Zero values mean what
// database/sql means by them.
type Options struct {
	// URL is sqlite:PATH or postgres://….
	URL string
	// Replicas are the URLs of databases that replay what that one writes; one
	// that lags more than MaxLag is not read from.
	Replicas []string
	MaxLag   time.Duration
	// Listen, unless empty, is the URL of a PostgreSQL server that tells of commits:
	// where a pooler stands before it, URL leads to that.
	Listen string
	// MaxConns bounds the connections of each pool, of which MinIdle are kept idle.
	MaxConns, MinIdle int
	// ConnLifetime and ConnIdle end connections older, or longer idle, than that.
	ConnLifetime, ConnIdle time.Duration
	// AcquireTimeout is how long a statement waits for a connection, 0 for ever.
	AcquireTimeout time.Duration
	// MaxCost is the dearest that PostgreSQL's planner may expect a statement to
	// be, 0 for no bound.
	MaxCost int
	// Sheds refuses dear queries while a pool is crowded.
	Sheds bool
	// Distributed is for one that speaks as PostgreSQL but lacks parts of it: there
	// is no lock while it migrates, no change is told of, and no table is unlogged.
	Distributed bool
	// Log, unless nil, is told when the database is away, and back.
	Log *slog.Logger
	// Wrap, unless nil, stands between the pools and the driver.
	Wrap func(driver.Connector) driver.Connector
}

func (o Options) log() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	read    *pool
	write   *pool // the same as read, but where the database has one writer
	commits commits

	replicas *replicas // nil: there are none
}

// Open connects to the database. It does not migrate it.
func Open(ctx context.Context, o Options) (*DB, error) {
	db, err := open(o)
	if err != nil {
		return nil, err
	}
	for _, p := range db.pools() {
		// A replica may be away.
		if err := p.warm(ctx, max(1, o.MinIdle)); err != nil && (p == db.read || p == db.write) {
			return nil, join(err, db.Close())
		}
		if o.Sheds && (p == db.read || p != db.write) { // where queries are read
			p.shedder = &shedder{log: o.log().With("pool", p.name)}
		}
		p.keep(o.MinIdle, o.log().With("pool", p.name))
	}
	if db.replicas != nil {
		db.replicas.follow()
	}
	return db, nil
}

func open(o Options) (*DB, error) {
	wrap := o.Wrap
	if wrap == nil {
		wrap = func(c driver.Connector) driver.Connector { return c }
	}
	if path, ok := strings.CutPrefix(o.URL, "sqlite:"); ok {
		return openSQLite(path, o, wrap)
	}
	return openPostgres(o, wrap)
}

// pools are the distinct pools.
func (db *DB) pools() []*pool {
	all := []*pool{db.read}
	if db.read != db.write {
		all = append(all, db.write)
	}
	if db.replicas != nil {
		for _, s := range db.replicas.all {
			all = append(all, s.pool)
		}
	}
	return all
}

// Close ends all connections, once their statements are done.
func (db *DB) Close() error {
	errs := []error{db.replicas.close()}
	for _, p := range db.pools() {
		errs = append(errs, p.close())
	}
	return join(errs...)
}

// Ping tells whether queries are answered: by the database or, while it is away,
// by a replica.
func (db *DB) Ping(ctx context.Context) error {
	ctx, _ = db.Foremost(ctx)
	p := db.read
	if s := sourceOf(ctx); s != nil {
		p = s.pool
	}
	if err := p.breaker.allow(); err != nil {
		return db.fault(ctx, err)
	}
	return db.fault(ctx, p.PingContext(ctx))
}

// InUse is how many connections are out of their pools.
func (db *DB) InUse() int {
	n := 0
	for _, p := range db.pools() {
		n += p.Stats().InUse
	}
	return n
}

// Pools tells how the pools of connections fare.
func (db *DB) Pools() []observe.Pool {
	var all []observe.Pool
	for _, p := range db.pools() {
		all = append(all, p.fares())
	}
	db.replicas.fare(time.Now(), all)
	return all
}

// Observer is told of each statement, before it is sent: its text, with a ? for
// each argument, and the arguments as the driver takes them.
type Observer func(text string, args []any)

type observer struct{}

// Observe returns a context whose statements the observer is told of.
func Observe(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observer{}, o)
}

// rows sends a statement that only reads and hands each of its rows to scan.
func (db *DB) rows(ctx context.Context, text string, args []any, scan func(tuple) error) error {
	args = db.observed(ctx, text, args)
	if t := txOf(ctx); t != nil {
		return t.send(ctx, text, args, false, scan)
	}
	defer tallied(ctx)()
	ctx, ended := observe.Statement(ctx, text)
	read := db.read.rows
	if s := sourceOf(ctx); s != nil {
		read = s.rows
	}
	err := db.fault(ctx, read(ctx, text, args, scan))
	ended(err)
	return err
}

// spare tells whether another statement may be sent beside the context's next: outside of a
// transaction, while less than half of the connections are taken.
func (db *DB) spare(ctx context.Context) bool {
	p := db.read
	if s := sourceOf(ctx); s != nil {
		p = s.pool
	}
	return txOf(ctx) == nil && p.places.spare()
}

// change sends a statement that writes or locks, in the context's transaction
// or in one of its own, and hands each of the rows that it returns to scan.
func (db *DB) change(ctx context.Context, text string, args []any, scan func(tuple) error) error {
	t := txOf(ctx)
	if t == nil {
		return db.Transact(ctx, func(ctx context.Context) error { return db.change(ctx, text, args, scan) })
	}
	args = db.observed(ctx, text, args)
	return t.send(ctx, text, args, true, scan)
}

// observed tells the context's observer, and returns the arguments as the
// driver takes them.
func (db *DB) observed(ctx context.Context, text string, args []any) []any {
	bound := make([]any, len(args))
	for i, arg := range args {
		bound[i] = db.dialect.bind(arg)
	}
	if observe, ok := ctx.Value(observer{}).(Observer); ok {
		observe(text, bound)
	}
	return bound
}

// readAll reads all rows of a result.
func readAll(rows *sql.Rows, err error) func(scan func(tuple) error) error {
	return func(scan func(tuple) error) error {
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
}
