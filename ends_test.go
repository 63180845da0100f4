package main

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"testing"

	"stoa/internal/dbtest"
)

// TestKill9 kills Stoa while it writes and starts it again, over and over:
// whatever it had answered is there, and nothing is half there.
func TestKill9(t *testing.T) {
	t.Parallel()
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := &books{url: dbtest.URL(t, kind)}
			for range 20 {
				b.serve(t)
				b.check(t)
				b.endUnderLoad(t, syscall.SIGKILL)
			}
			b.serve(t)
			b.check(t)
			t.Logf("%d of %d writes were answered", len(b.answered), b.sent)
		})
	}
}

// TestSIGTERMUnderLoad: what Stoa has begun when it is asked to end it does, and
// answers; what it does not answer it has not begun.
func TestSIGTERMUnderLoad(t *testing.T) {
	t.Parallel()
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			// On a connection that is kept a request may cross with its end.
			b := &books{url: dbtest.URL(t, kind), client: http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
			for range 4 {
				b.serve(t)
				lines := b.endUnderLoad(t, syscall.SIGTERM)
				if slices.Contains(lines, "requests were cut off") {
					t.Error("requests were cut off")
				}
				if n := b.check(t); n > 0 {
					t.Errorf("%d writes that were not answered are there", n)
				}
			}
			t.Logf("%d of %d writes were answered", len(b.answered), b.sent)
		})
	}
}

// endUnderLoad has clients write and read until the server, which is sent the
// signal once it has answered some, is gone, and returns the end of its log.
func (b *books) endUnderLoad(t *testing.T, signal syscall.Signal) (lines []string) {
	t.Helper()
	some := make(chan struct{}, 1000)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for b.write(t, b.categories[w]) == done && b.read(t, b.categories[w]) == done {
				some <- struct{}{}
			}
		})
	}
	for range 1 + rand.IntN(4*writers) {
		<-some
	}
	lines = b.end(t, signal)
	all.Wait()
	if len(b.refused) > 0 {
		t.Errorf("refused: %v", b.refused)
	}
	return lines
}

// end sends the server the signal, waits for its end and returns the end of its
// log.
func (b *books) end(t *testing.T, signal syscall.Signal) (lines []string) {
	t.Helper()
	s := b.server.Load()
	if err := s.Process.Signal(signal); err != nil {
		t.Error(err)
	}
	lines = s.rest()
	s.end(t, map[syscall.Signal]int{syscall.SIGKILL: -1, syscall.SIGTERM: 0}[signal])
	return lines
}
