package sqldb

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// What the breaker goes by.
const (
	maxFailures   = 5                // to connect, in a row
	failureSpan   = 10 * time.Second // from the first of them to the last
	probeInterval = time.Second
)

// errOpen is that the database was away when it was last tried.
var errOpen = errors.New("the breaker is open")

// breaker keeps everybody from a database that is away, so that they need not
// wait to hear it. It opens after some failures to connect in a row; then it
// tries by itself, and closes when it succeeds. What goes wrong with a statement
// is no such failure. A nil breaker never opens.
type breaker struct {
	probe func(context.Context) error
	log   *slog.Logger

	failing  atomic.Bool // there are failures since the last success
	open     atomic.Bool
	mu       sync.Mutex
	failures []time.Time // the last ones in a row

	ctx     context.Context // ends with the pool
	end     context.CancelFunc
	probing sync.WaitGroup
}

func newBreaker(log *slog.Logger) *breaker {
	b := &breaker{log: log}
	b.ctx, b.end = context.WithCancel(context.Background())
	return b
}

// allow is errOpen while the breaker is open.
func (b *breaker) allow() error {
	if b != nil && b.open.Load() {
		return errOpen
	}
	return nil
}

// succeeded tells of something that the database has answered.
func (b *breaker) succeeded() {
	if b == nil || !b.failing.Load() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failing.Store(false)
	b.failures = nil
}

// failed tells of a failure to reach the database.
func (b *breaker) failed(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open.Load() || b.ctx.Err() != nil {
		return
	}
	b.failing.Store(true)
	b.failures = append(b.failures, time.Now())
	if len(b.failures) > maxFailures {
		b.failures = b.failures[1:]
	}
	if len(b.failures) == maxFailures && time.Since(b.failures[0]) <= failureSpan {
		b.log.Error("the database is away", "error", err)
		b.open.Store(true)
		b.probing.Go(b.untilItAnswers)
	}
}

// untilItAnswers closes the breaker when a probe succeeds.
func (b *breaker) untilItAnswers() {
	next := time.NewTicker(probeInterval)
	defer next.Stop()
	for b.ctx.Err() == nil {
		select {
		case <-b.ctx.Done():
		case <-next.C:
			if b.answers() {
				b.log.Info("the database is back")
				b.succeeded()
				b.open.Store(false)
				return
			}
		}
	}
}

func (b *breaker) answers() bool {
	ctx, cancel := context.WithTimeout(b.ctx, probeInterval)
	defer cancel()
	return b.probe(ctx) == nil
}

// close ends the probes.
func (b *breaker) close() {
	if b != nil {
		b.end()
		b.probing.Wait()
	}
}
