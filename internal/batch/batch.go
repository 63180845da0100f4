// Package batch makes many reads one. The rows that one statement brought for
// one place in a query are a level: what the first of them asks for is loaded
// for all of them at once, and the others find it there. Nothing waits for a
// clock, so the number of statements depends on the query alone.
package batch

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"stoa/internal/observe"
)

// Level is the rows that one statement brought for one place in a query.
type Level[R any] struct {
	rows []R
	mu   sync.Mutex
	asks map[any]any // the values of each thing that has been asked for
}

// NewLevel returns the level of the rows.
func NewLevel[R any](rows []R) *Level[R] { return &Level[R]{rows: rows} }

// Fetch reads the values of the keys, of which there is at least one and none
// twice. A key without a value is left out.
type Fetch[V any] func(ctx context.Context, keys []int64) (map[int64]V, error)

// values are what was fetched for a level, once it is there.
type values[V any] = func() (map[int64]V, error)

// Load returns the value of one row's key, the zero value where there is none.
// The first row of the level to ask for what has fetch called for the keys of
// all rows; what tells apart the different things that are asked for. A key of
// 0 is no key.
func Load[R, V any](ctx context.Context, l *Level[R], what any, key func(R) int64, row R, fetch Fetch[V]) (V, error) {
	var none V
	own := key(row)
	if own == 0 {
		return none, nil
	}
	found, err := valuesOf(ctx, l, what, key, fetch)()
	if err != nil {
		return none, err
	}
	return found[own], nil
}

func valuesOf[R, V any](ctx context.Context, l *Level[R], what any, key func(R) int64, fetch Fetch[V]) values[V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.asks[what].(values[V]); ok {
		return known
	}
	if l.asks == nil {
		l.asks = map[any]any{}
	}
	fetched := load(ctx, distinct(l.rows, key), func(ctx context.Context, keys []int64) (found map[int64]V, err error) {
		ctx, ended := observe.Batch(ctx, len(keys))
		defer func() { ended(err) }()
		return guarded(ctx, keys, fetch)
	})
	l.asks[what] = fetched
	return fetched
}

type sideBySide struct{}

// SideBySide returns a context in which goroutines ask at the same time, as gqlgen's
// executor has them do. In any other, they may too: the first then reads for all.
func SideBySide(ctx context.Context) context.Context {
	return context.WithValue(ctx, sideBySide{}, true)
}

// load has what a whole level asks for under way: by a loader of one batch, if
// there is anything to batch and goroutines to wait for it. Where one goroutine
// asks for everything, it would wait for two more.
func load[V any](ctx context.Context, keys []int64, fetch Fetch[V]) values[V] {
	if len(keys) == 1 || ctx.Value(sideBySide{}) == nil {
		return sync.OnceValues(func() (map[int64]V, error) { return fetch(ctx, keys) })
	}
	type batch = map[int64]V
	return values[V](dataloader.NewBatchedLoader(
		func(ctx context.Context, _ []int) []*dataloader.Result[batch] {
			found, err := fetch(ctx, keys)
			return []*dataloader.Result[batch]{{Data: found, Error: err}}
		},
		dataloader.WithBatchCapacity[int, batch](1), // the capacity ends the batch
		dataloader.WithInputCapacity[int, batch](1),
		dataloader.WithWait[int, batch](time.Duration(math.MaxInt64)),
		dataloader.WithCache[int, batch](&dataloader.NoCache[int, batch]{}), // the level is it
	).Load(ctx, 0))
}

// guarded makes an error of a panic: nobody else could recover from it here.
func guarded[V any](ctx context.Context, keys []int64, fetch Fetch[V]) (found map[int64]V, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return fetch(ctx, keys)
}

// few is how many keys are told apart faster without a map.
const few = 32

// distinct are the rows' keys in the order of their first appearance.
func distinct[R any](rows []R, key func(R) int64) []int64 {
	keys := make([]int64, 0, len(rows))
	var seen map[int64]bool
	if len(rows) > few {
		seen = make(map[int64]bool, len(rows))
	}
	for _, row := range rows {
		k := key(row)
		if k == 0 || seen[k] || seen == nil && slices.Contains(keys, k) {
			continue
		}
		if seen != nil {
			seen[k] = true
		}
		keys = append(keys, k)
	}
	return keys
}
