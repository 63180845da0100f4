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
	most := processorTime(t, hostiles[0].of(64), times)
	for _, h := range hostiles {
		for _, parts := range []int{16, 64} {
			text := h.of(parts)
			took := processorTime(t, text, 1)
			for tries := 0; tries < 3 && took > most; tries++ {
				took = min(took, processorTime(t, text, 1))
			}
			if took > most {
				t.Errorf("%s, %d/64 of what is allowed: %s, %d plain documents %s", h.name, parts, took, times, most)
			}
		}
	}
}

// processorTime is what the document takes, prepared so often. It is exact to a
// tick of the clock.
func processorTime(t *testing.T, text string, times int) time.Duration {
	t.Helper()
	start := threadTime(t)
	for range times {
		prepared(fresh(), Request{Query: text})
	}
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
