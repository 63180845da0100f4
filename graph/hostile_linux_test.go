package graph

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// What a document takes of a processor is compared with what a plain one of the
// most tokens takes (some 3 ms of a quiet core), both as the thread's own time,
// which does not pass while others have the processor.
func TestHostileDocumentsTakeNoProcessor(t *testing.T) {
	const times = 30
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	plain := processorTime(t, hostiles[0].of(64))
	for _, h := range hostiles {
		for _, parts := range []int{16, 64} {
			text := h.of(parts)
			took := processorTime(t, text)
			for range 3 {
				if took > times*plain {
					took = min(took, processorTime(t, text))
				}
			}
			if took > times*plain {
				t.Errorf("%s, %d/64 of what is allowed: %s, a plain document %s", h.name, parts, took, plain)
			}
		}
	}
}

func processorTime(t *testing.T, text string) time.Duration {
	t.Helper()
	a := fresh()
	start := threadTime(t)
	prepared(a, Request{Query: text})
	return threadTime(t) - start
}

func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const thread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
