package sqldb

import (
	"context"
	"sync/atomic"
	"time"
)

// Tally counts the statements of a request and the time that they take.
type Tally struct {
	statements, nanoseconds atomic.Int64
	around                  *Tally
}

// Statements is how many have been sent.
func (t *Tally) Statements() int { return int(t.statements.Load()) }

// Took is how long they have taken in all, those at the same time each for
// itself.
func (t *Tally) Took() time.Duration { return time.Duration(t.nanoseconds.Load()) }

type tallyKey struct{}

// WithTally returns a context whose statements are counted, also by the tally
// that the given context has.
func WithTally(ctx context.Context) (context.Context, *Tally) {
	t := new(Tally)
	t.around, _ = ctx.Value(tallyKey{}).(*Tally)
	return context.WithValue(ctx, tallyKey{}, t), t
}

// tallied counts a statement when it is done.
func tallied(ctx context.Context) (done func()) {
	t, ok := ctx.Value(tallyKey{}).(*Tally)
	if !ok {
		return func() {}
	}
	start := time.Now()
	return func() {
		took := int64(time.Since(start))
		for ; t != nil; t = t.around {
			t.statements.Add(1)
			t.nanoseconds.Add(took)
		}
	}
}
