package limit

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"stoa/internal/fault"
)

// TestLogins: an address has its tries and an account its own, wherever they
// are counted.
func TestLogins(t *testing.T) {
	for _, name := range []string{"memory", "shared"} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			l := NewLogins(budgets(10, c)[name])
			try := func(address, account string, wait time.Duration) {
				t.Helper()
				err := l.Try(WithAddress(t.Context(), address), account)
				var f *fault.Error
				if refused := errors.As(err, &f); refused != (wait > 0) || refused && (f.Code != fault.RateLimited || f.Wait != wait) {
					t.Errorf("%s for %.20s: %v, want to wait %v", address, account, err, wait)
				}
			}
			for n := range 10 {
				try("one", fmt.Sprint("account ", n), 0)
			}
			try("one", "account 11", 6*time.Second)
			try("two", "account 11", 0)
			for n := range 10 {
				try(fmt.Sprint("address ", n), "ann", 0)
			}
			try("three", "ann", 6*time.Second)
			try("three", "one", 0) // an account that is called as an address is
			c.pass(6 * time.Second)
			try("four", "ann", 0)
			try("four", "ann", 6*time.Second)
			try("one", strings.Repeat("\x00\xff", 1<<19), 0)
			try("one", "account 12", 6*time.Second)
		})
	}
}

// TestLoginsRemembers accounts of any length in few bytes.
func TestLoginsRemembers(t *testing.T) {
	l := NewLogins(NewBuckets(10, time.Now))
	before := heap()
	for n := range 200 {
		if err := l.Try(WithAddress(t.Context(), fmt.Sprint(n)), fmt.Sprint(n, strings.Repeat("x", 1<<19))); err != nil {
			t.Fatal(err)
		}
	}
	if grown := heap() - before; grown > 1<<20 {
		t.Errorf("%d bytes for 200 accounts", grown)
	}
	if err := l.Try(WithAddress(t.Context(), "0"), ""); err != nil {
		t.Error(err)
	}
}
