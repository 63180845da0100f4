package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// However little is kept, the collector waits; where GOGC is set, as that says.
func TestTheCollectorWaits(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	t.Setenv("GOMEMLIMIT", "")
	t.Setenv("GOGC", "100")
	boundMemory()()
	if got := debug.SetGCPercent(100); got != 100 {
		t.Errorf("GOGC is 100, and the collector goes by %d", got)
	}
	t.Setenv("GOGC", "")
	release := boundMemory()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.NextGC < (100+garbagePercent)/100*ballast {
		t.Errorf("the next collection is at %d bytes, of %d that are kept", m.NextGC, m.HeapAlloc)
	}
	release()
	if got := debug.SetMemoryLimit(-1); got != garbageLimit {
		t.Errorf("memory is bounded by %d", got)
	}
}
