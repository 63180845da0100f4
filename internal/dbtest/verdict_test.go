package dbtest_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"stoa/internal/dbtest"
)

// verdict is a test that only notes what becomes of it.
type verdict struct {
	testing.TB
	errors, skips []string
	cleanups      []func()
}

func (v *verdict) Errorf(format string, args ...any) {
	v.errors = append(v.errors, fmt.Sprintf(format, args...))
}

func (v *verdict) Fatalf(format string, args ...any) {
	v.Errorf(format, args...)
	runtime.Goexit()
}

func (v *verdict) Skip(args ...any) {
	v.skips = append(v.skips, fmt.Sprint(args...))
	runtime.Goexit()
}

func (v *verdict) Cleanup(f func()) { v.cleanups = append(v.cleanups, f) }

// end is what follows after a test.
func (v *verdict) end() {
	for i := len(v.cleanups) - 1; i >= 0; i-- {
		v.cleanups[i]()
	}
}

func TestKeptConnectionFailsTheTest(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test := &verdict{TB: t}
			db := dbtest.Open(test, kind)
			var loads sync.WaitGroup
			loading, release := make(chan bool), make(chan bool)
			loads.Go(func() {
				// Fails as its database goes away.
				_, _ = db.Load(t.Context(), "categories", columns, func(func([]any) bool) {
					close(loading)
					<-release
				})
			})
			<-loading
			test.end()
			close(release)
			loads.Wait()
			if len(test.errors) != 1 || !strings.Contains(test.errors[0], "1 connections did not go back") {
				t.Errorf("errors: %q", test.errors)
			}
		})
	}
}

func TestReturnedConnectionsDoNot(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		test := &verdict{TB: t}
		db := dbtest.Open(test, kind)
		addCategory(t, db)
		if test.end(); len(test.errors) != 0 {
			t.Errorf("%s: errors: %q", kind, test.errors)
		}
	}
}

func TestNeed(t *testing.T) {
	for _, c := range []struct {
		all           string
		errors, skips int
	}{{"", 0, 1}, {"1", 1, 0}} {
		t.Setenv("STOA_TEST_ALL", c.all)
		test := &verdict{TB: t}
		var run sync.WaitGroup
		run.Go(func() { dbtest.Need(test, "no such thing here") })
		run.Wait()
		if len(test.errors) != c.errors || len(test.skips) != c.skips {
			t.Errorf("STOA_TEST_ALL=%s: failed %q, skipped %q", c.all, test.errors, test.skips)
		}
		for _, said := range append(test.errors, test.skips...) {
			if !strings.HasPrefix(said, "no such thing here") {
				t.Errorf("the reason is lost: %q", said)
			}
		}
	}
}
