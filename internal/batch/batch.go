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
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"
)

// Level is the rows that one statement brought for one place in a query.
type Level[R any] struct {
	rows    []R
	mu      sync.Mutex
	loaders map[any]any // the loader of each thing that has been asked for
}

// NewLevel returns the level of the rows.
func NewLevel[R any](rows []R) *Level[R] { return &Level[R]{rows: rows} }

// Fetch reads the values of the keys, of which there is at least one and none
// twice. A key without a value is left out.
type Fetch[V any] func(ctx context.Context, keys []int64) (map[int64]V, error)

// Load returns the value of one row's key, the zero value where there is none.
// The first row of the level to ask for what has fetch called for the keys of
// all rows; what tells apart the different things that are asked for. A key of
// 0 is no key.
func Load[R, V any](ctx context.Context, l *Level[R], what any, key func(R) int64, row R, fetch Fetch[V]) (V, error) {
	own := key(row)
	if own == 0 {
		var none V
		return none, nil
	}
	return loaderOf(ctx, l, what, key, fetch).Load(ctx, own)()
}

func loaderOf[R, V any](ctx context.Context, l *Level[R], what any, key func(R) int64, fetch Fetch[V]) *dataloader.Loader[int64, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.loaders[what].(*dataloader.Loader[int64, V]); ok {
		return known
	}
	loader := newLoader(ctx, distinct(l.rows, key), fetch)
	if l.loaders == nil {
		l.loaders = map[any]any{}
	}
	l.loaders[what] = loader
	return loader
}

// newLoader returns a loader whose one batch, of all the keys, is under way.
func newLoader[V any](ctx context.Context, keys []int64, fetch Fetch[V]) *dataloader.Loader[int64, V] {
	loader := dataloader.NewBatchedLoader(
		func(ctx context.Context, keys []int64) []*dataloader.Result[V] { return results(ctx, keys, fetch) },
		dataloader.WithBatchCapacity[int64, V](len(keys)),
		dataloader.WithInputCapacity[int64, V](len(keys)),
		dataloader.WithWait[int64, V](time.Duration(math.MaxInt64)), // the capacity ends the batch
	)
	for _, key := range keys {
		loader.Load(ctx, key)
	}
	return loader
}

func results[V any](ctx context.Context, keys []int64, fetch Fetch[V]) []*dataloader.Result[V] {
	values, err := guarded(ctx, keys, fetch)
	results := make([]*dataloader.Result[V], len(keys))
	for i, key := range keys {
		results[i] = &dataloader.Result[V]{Data: values[key], Error: err}
	}
	return results
}

// guarded makes an error of a panic: nobody else could recover from it here.
func guarded[V any](ctx context.Context, keys []int64, fetch Fetch[V]) (values map[int64]V, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return fetch(ctx, keys)
}

// distinct are the rows' keys in the order of their first appearance.
func distinct[R any](rows []R, key func(R) int64) []int64 {
	keys := make([]int64, 0, len(rows))
	seen := make(map[int64]bool, len(rows))
	for _, row := range rows {
		if k := key(row); k != 0 && !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	return keys
}
