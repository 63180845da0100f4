package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

type row struct{ key, other int64 }

func byKey(r *row) int64   { return r.key }
func byOther(r *row) int64 { return r.other }

// rowsOf are rows with the keys; other is ten times the key.
func rowsOf(keys ...int64) []*row {
	rows := make([]*row, len(keys))
	for i, key := range keys {
		rows[i] = &row{key, 10 * key}
	}
	return rows
}

// source gives each key its name, and remembers what it was asked.
type source struct {
	mu      sync.Mutex
	fetches [][]int64
}

func (s *source) fetch(_ context.Context, keys []int64) (map[int64]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetches = append(s.fetches, slices.Clone(keys))
	found := map[int64]string{}
	for _, key := range keys {
		found[key] = nameOf(key)
	}
	return found, nil
}

func nameOf(key int64) string { return fmt.Sprint("name of ", key) }

// timeless runs the test where time moves only when everything waits for it, and
// fails it if that was needed, or if a goroutine stays behind: with a loader, and
// without.
func timeless(t *testing.T, test func(t *testing.T, ctx context.Context)) {
	t.Helper()
	for _, in := range []func(context.Context) context.Context{SideBySide, func(ctx context.Context) context.Context { return ctx }} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			test(t, in(t.Context()))
			synctest.Wait()
			if waited := time.Since(start); waited > 0 {
				t.Errorf("somebody waited for the clock, %v", waited)
			}
		})
	}
}

func TestTheFirstToAskLoadsForAll(t *testing.T) {
	for first := range 4 {
		timeless(t, func(t *testing.T, ctx context.Context) {
			rows := rowsOf(3, 1, 3, 2)
			level := NewLevel(rows)
			var s source
			for i := range rows {
				r := rows[(first+i)%len(rows)]
				got, err := Load(ctx, level, "name", byKey, r, s.fetch)
				if err != nil || got != nameOf(r.key) {
					t.Errorf("the key %d got %q, %v", r.key, got, err)
				}
			}
			if want := [][]int64{{3, 1, 2}}; !slices.EqualFunc(s.fetches, want, slices.Equal) {
				t.Errorf("fetched %v, want %v", s.fetches, want)
			}
		})
	}
}

func TestARowThatAsksAgainFindsItThere(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		rows := rowsOf(1, 2)
		level := NewLevel(rows)
		var s source
		for range 3 {
			if got, err := Load(ctx, level, "name", byKey, rows[1], s.fetch); err != nil || got != nameOf(2) {
				t.Errorf("got %q, %v", got, err)
			}
		}
		if len(s.fetches) != 1 {
			t.Errorf("fetched %v", s.fetches)
		}
	})
}

func TestDifferentThingsAreFetchedApart(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		rows := rowsOf(1, 2)
		level := NewLevel(rows)
		var names, others, counts source
		type place struct{ field, alias string }
		for _, r := range rows {
			a, errA := Load(ctx, level, any(place{"name", "a"}), byKey, r, names.fetch)
			b, errB := Load(ctx, level, any(place{"name", "b"}), byOther, r, others.fetch)
			n, errN := Load(ctx, level, any("name"), byKey, r, func(ctx context.Context, keys []int64) (map[int64]int, error) {
				_, err := counts.fetch(ctx, keys)
				return map[int64]int{1: 11, 2: 22}, err
			})
			if err := errors.Join(errA, errB, errN); err != nil || a != nameOf(r.key) || b != nameOf(10*r.key) || n != 11*int(r.key) {
				t.Errorf("the key %d got %q, %q, %d, %v", r.key, a, b, n, err)
			}
		}
		if got := len(names.fetches) + len(others.fetches) + len(counts.fetches); got != 3 {
			t.Errorf("%d fetches for three things", got)
		}
	})
}

func TestLevelsAreFetchedApart(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		var s source
		for range 2 {
			rows := rowsOf(1, 2)
			if _, err := Load(ctx, NewLevel(rows), "name", byKey, rows[0], s.fetch); err != nil {
				t.Error(err)
			}
		}
		if len(s.fetches) != 2 {
			t.Errorf("fetched %v", s.fetches)
		}
	})
}

func TestNoKeyIsNeverAskedFor(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		rows := rowsOf(0, 5, 0)
		level := NewLevel(rows)
		var s source
		for _, r := range []*row{rows[0], rows[2], rows[1]} {
			got, err := Load(ctx, level, "name", byKey, r, s.fetch)
			if want := map[int64]string{0: "", 5: nameOf(5)}[r.key]; got != want || err != nil {
				t.Errorf("the key %d got %q, %v", r.key, got, err)
			}
		}
		if want := [][]int64{{5}}; !slices.EqualFunc(s.fetches, want, slices.Equal) {
			t.Errorf("fetched %v, want %v", s.fetches, want)
		}
		none := rowsOf(0, 0)
		if got, err := Load(ctx, NewLevel(none), "name", byKey, none[0], s.fetch); got != "" || err != nil || len(s.fetches) != 1 {
			t.Errorf("got %q, %v; fetched %v", got, err, s.fetches)
		}
	})
}

func TestAKeyWithoutAValueGetsNone(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		rows := rowsOf(1, 2)
		level := NewLevel(rows)
		for _, r := range rows {
			got, err := Load(ctx, level, "row", byKey, r, func(context.Context, []int64) (map[int64]*row, error) {
				return map[int64]*row{2: rows[0]}, nil
			})
			if err != nil || (got == nil) != (r.key == 1) {
				t.Errorf("the key %d got %v, %v", r.key, got, err)
			}
		}
	})
}

func TestAnErrorReachesEveryRow(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		away := errors.New("away")
		rows := rowsOf(1, 2, 1)
		level := NewLevel(rows)
		fetches := 0
		for _, r := range rows {
			_, err := Load(ctx, level, "name", byKey, r, func(context.Context, []int64) (map[int64]string, error) {
				fetches++
				return nil, away
			})
			if !errors.Is(err, away) {
				t.Errorf("the key %d got %v", r.key, err)
			}
		}
		if fetches != 1 {
			t.Errorf("%d fetches", fetches)
		}
	})
}

// A panic in a fetch is an error for every row, those that share a key included.
func TestAPanicReachesEveryRow(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		rows := rowsOf(1, 2, 1, 2)
		level := NewLevel(rows)
		for _, r := range rows {
			_, err := Load(ctx, level, "name", byKey, r, func(context.Context, []int64) (map[int64]string, error) {
				panic("a fault of ours")
			})
			if err == nil {
				t.Errorf("the key %d got no error", r.key)
			}
		}
	})
}

func TestAFetchRunsOnTheContextOfWhoAskedFirst(t *testing.T) {
	timeless(t, func(t *testing.T, ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		rows := rowsOf(1, 2)
		_, err := Load(ctx, NewLevel(rows), "name", byKey, rows[0], func(ctx context.Context, _ []int64) (map[int64]string, error) {
			return nil, ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// However many ask at once, on however many processors, each of three levels
// below each other is fetched once.
func TestALevelIsOneFetch(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint(procs, " processors"), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			timeless(t, func(t *testing.T, ctx context.Context) {
				for range 100 {
					tree := &tree{fetches: map[string]int{}}
					tree.walk(ctx, t, 3, rowsOf(1, 2, 3, 4, 5, 6, 7, 0, 1, 2))
					if want := map[string]int{"a3": 1, "b3": 1, "a2": 2, "b2": 2, "a1": 4, "b1": 4}; !maps.Equal(tree.fetches, want) {
						t.Fatalf("fetched %v, want %v", tree.fetches, want)
					}
				}
			})
		})
	}
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// tree walks rows as a query does: each row asks for two relations at once, and
// what a fetch brought is a level.
type tree struct {
	mu      sync.Mutex
	fetches map[string]int
}

func (w *tree) walk(ctx context.Context, t *testing.T, depth int, rows []*row) {
	level := NewLevel(rows)
	below := map[string]*sync.Map{"a": {}, "b": {}}
	var all sync.WaitGroup
	for _, i := range rand.Perm(len(rows)) {
		for _, relation := range []string{"a", "b"} {
			all.Go(func() {
				got, err := Load(ctx, level, relation, byKey, rows[i], w.fetch(fmt.Sprint(relation, depth)))
				if err != nil || (got == nil) != (rows[i].key == 0) || got != nil && got.key != rows[i].key {
					t.Errorf("the key %d got %v, %v", rows[i].key, got, err)
				}
				if got != nil {
					below[relation].Store(got, true)
				}
			})
		}
	}
	all.Wait()
	for _, found := range below {
		var next []*row
		found.Range(func(r, _ any) bool { next = append(next, r.(*row)); return true })
		if depth > 1 {
			w.walk(ctx, t, depth-1, next)
		}
	}
}

func (w *tree) fetch(what string) Fetch[*row] {
	return func(_ context.Context, keys []int64) (map[int64]*row, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fetches[what]++
		found := map[int64]*row{}
		for _, key := range keys {
			found[key] = &row{key: key}
		}
		return found, nil
	}
}
