package main

import (
	"os"
	"runtime/debug"
)

// What a request leaves behind is small beside what the process keeps, so the
// collector may wait until there is four times as much; unless that were a lot.
const (
	garbagePercent = 300
	garbageLimit   = 1 << 30 // bytes
)

// boundMemory sets the collector's goals, but for those that GOGC and GOMEMLIMIT
// set.
func boundMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(garbageLimit)
	}
}
