package sqldb

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// tested is a breaker before a database that is up or away.
type tested struct {
	*breaker
	t      *testing.T
	up     atomic.Bool
	probes atomic.Int64
}

// testBreaker runs the test by a clock of its own.
func testBreaker(t *testing.T, test func(b *tested)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &tested{breaker: newBreaker(slog.New(slog.DiscardHandler)), t: t}
		b.probe = func(ctx context.Context) error {
			b.probes.Add(1)
			if b.up.Load() {
				return nil
			}
			<-ctx.Done() // as from a server that says nothing
			return ctx.Err()
		}
		defer b.close()
		test(b)
	})
}

// fail has n connections fail, each a while after the one before.
func (b *tested) fail(n int, apart time.Duration) {
	for i := range n {
		if i > 0 {
			time.Sleep(apart)
		}
		b.failed(errors.New("no answer"))
	}
}

func (b *tested) check(what string, open bool) {
	b.t.Helper()
	if got := b.allow() != nil; got != open {
		b.t.Errorf("%s: open is %v", what, got)
	}
}

func TestTheBreakerOpensAfterFiveFailuresInARow(t *testing.T) {
	testBreaker(t, func(b *tested) {
		b.check("at first", false)
		b.fail(4, 0)
		b.check("after four", false)
		b.succeeded()
		b.fail(4, 0)
		b.check("after four, a success, and four", false)
		b.fail(1, 0)
		b.check("after five", true)
	})
}

func TestOldFailuresAreForgotten(t *testing.T) {
	for apart, open := range map[time.Duration]bool{2500 * time.Millisecond: true, 2600 * time.Millisecond: false} {
		testBreaker(t, func(b *tested) {
			b.fail(5, apart)
			b.check(apart.String(), open)
		})
	}
}

func TestTheBreakerClosesWhenAProbeSucceeds(t *testing.T) {
	testBreaker(t, func(b *tested) {
		b.fail(5, 0)
		time.Sleep(5*probeInterval + probeInterval/2)
		if n := b.probes.Load(); n < 3 || n > 5 {
			t.Errorf("%d probes in five seconds", n)
		}
		b.succeeded() // of a statement that was on its way
		b.check("before a probe has succeeded", true)
		b.up.Store(true)
		time.Sleep(2 * probeInterval)
		b.check("after one has", false)
		n := b.probes.Load()
		b.fail(4, 0)
		b.check("after four failures more", false)
		time.Sleep(time.Minute)
		if b.probes.Load() > n {
			t.Error("it goes on probing")
		}
	})
}

func TestABreakerThatIsNoneIsNeverOpen(t *testing.T) {
	var none *breaker
	none.succeeded()
	if err := none.allow(); err != nil {
		t.Error(err)
	}
	none.close()
}
