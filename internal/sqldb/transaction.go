package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"stoa/internal/fault"
	"stoa/internal/observe"
	"stoa/internal/scalar"
)

// attempts is how often a transaction is begun that others keep from ending.
const attempts = 3

// ErrAborted is what a statement returns in a transaction in which an earlier
// one failed. It says nothing new.
var ErrAborted = errors.New("the transaction has failed before")

// Transact runs fn in a transaction that its context carries, and commits unless
// fn returns an error. After a serialisation failure or a deadlock fn runs once
// more from the start, twice at the most. The transaction begins with the first
// statement that writes or locks: what only reads, or fails before, holds
// nobody up.
func (db *DB) Transact(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.transact(ctx, false, fn)
}

// Rehearse is Transact up to the commit: what that would refuse is refused, and
// all is rolled back.
func (db *DB) Rehearse(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.transact(ctx, true, fn)
}

func (db *DB) transact(ctx context.Context, rehearsal bool, fn func(ctx context.Context) error) error {
	for attempt := 1; ; attempt++ {
		t := &tx{db: db, rehearsal: rehearsal}
		err := t.run(ctx, fn)
		if !t.crossed || attempt == attempts || ctx.Err() != nil {
			return err
		}
	}
}

// tx is a transaction on its way. Its statements take turns.
type tx struct {
	db  *DB
	mu  sync.Mutex
	on  *sql.Tx // nil until it has begun, and when it has ended
	now scalar.Time

	rehearsal bool // of which nothing is to be left

	failed  bool
	crossed bool // with another transaction: the whole may be tried again

	rolledBack []func(context.Context) error
}

type txKey struct{}

func txOf(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{}).(*tx)
	return t
}

// Rehearses tells whether nothing will be left of what is written in the context.
func Rehearses(ctx context.Context) bool {
	t := txOf(ctx)
	return t != nil && t.rehearsal
}

// AfterRollback has fn called once the transaction of the context has been
// rolled back, unless it was a rehearsal: for what must stand although the
// request fails.
func AfterRollback(ctx context.Context, fn func(context.Context) error) {
	t := txOf(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rolledBack = append(t.rolledBack, fn)
}

func (t *tx) run(ctx context.Context, fn func(context.Context) error) error {
	defer t.abandon()
	err := fn(context.WithValue(ctx, txKey{}, t))
	t.mu.Lock()
	defer t.mu.Unlock()
	err = t.end(ctx, err)
	if err != nil && !t.crossed && !t.rehearsal {
		err = join(err, t.undone(ctx))
	}
	return err
}

// undone runs what must stand although the request fails, and although the
// client may have gone.
func (t *tx) undone(ctx context.Context) (err error) {
	const long = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long)
	defer cancel()
	for _, after := range t.rolledBack {
		err = join(err, after(ctx))
	}
	return err
}

// end commits, or rolls back if there is an error.
func (t *tx) end(ctx context.Context, err error) error {
	if t.on == nil || err != nil {
		t.rollback()
		return err
	}
	if t.rehearsal {
		return t.rehearsed(ctx)
	}
	err = t.on.Commit()
	t.on = nil
	t.db.write.release(nil)
	if err != nil {
		return t.fault(ctx, err)
	}
	t.db.commits.done()
	return nil
}

// rehearsed has the database check what it would check at the commit, and rolls
// back.
func (t *tx) rehearsed(ctx context.Context) error {
	defer t.rollback()
	if check := t.db.dialect.deferred(); check != "" {
		if _, err := t.on.ExecContext(ctx, check); err != nil {
			return t.fault(ctx, err)
		}
	}
	return nil
}

// rollback rolls back if the transaction has begun and not ended. What the
// database says to it tells nothing: it forgets what is not committed in any
// case.
func (t *tx) rollback() {
	if t.on == nil {
		return
	}
	_ = t.on.Rollback()
	t.on = nil
	t.db.write.release(nil)
}

// abandon rolls back what a panic has left.
func (t *tx) abandon() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rollback()
}

// begin begins the transaction unless it has begun.
func (t *tx) begin(ctx context.Context) error {
	if t.on != nil {
		return nil
	}
	if _, err := t.db.write.acquire(ctx); err != nil { // of what writes there are no guests
		return err
	}
	on, err := t.db.write.BeginTx(ctx, nil)
	if err != nil {
		t.db.write.release(nil)
		return err
	}
	t.db.write.breaker.succeeded()
	t.on = on
	return nil
}

// send sends a statement in the transaction and hands each of its rows to scan.
func (t *tx) send(ctx context.Context, text string, args []any, writes bool, scan func(tuple) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed {
		return ErrAborted
	}
	defer tallied(ctx)()
	ctx, ended := observe.Statement(ctx, text)
	err := t.sent(ctx, text, args, writes, scan)
	ended(err)
	if err != nil {
		err = t.fault(ctx, err)
		t.failed = t.on != nil
	}
	return err
}

func (t *tx) sent(ctx context.Context, text string, args []any, writes bool, scan func(tuple) error) error {
	if writes {
		if err := t.begin(ctx); err != nil {
			return err
		}
	}
	if t.on == nil {
		return t.db.read.rows(ctx, text, args, scan)
	}
	if err := t.db.write.estimates.allow(ctx, t.on, text, args); err != nil {
		return err
	}
	return readAll(t.on.QueryContext(ctx, text, args...))(scan)
}

// fault is what an error in the transaction means for a client.
func (t *tx) fault(ctx context.Context, err error) error {
	if t.db.dialect.crossed(err) {
		t.crossed = true
		return fault.New(fault.Conflict, "Others were changing the same rows; try again.").From(err)
	}
	return t.db.fault(ctx, err)
}

// Now is the instant of the context's transaction: one for all that it changes.
func Now(ctx context.Context) scalar.Time {
	t := txOf(ctx)
	if t == nil {
		return scalar.TimeOf(time.Now())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == 0 {
		t.now = scalar.TimeOf(time.Now())
	}
	return t.now
}
