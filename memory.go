package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// What a request leaves behind is small beside what may be kept, so the collector may wait
// until there is four times as much; unless that were a lot. It counts some bytes more than
// there are: a process that keeps little would else be collected all the time.
const (
	garbagePercent = 300
	garbageLimit   = 1 << 30  // bytes
	ballast        = 12 << 20 // bytes, which nobody touches, so that they take no memory
)

// boundMemory sets the collector's goals, but for those that GOGC and GOMEMLIMIT
// set, until release is called.
func boundMemory() (release func()) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(garbageLimit)
	}
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	debug.SetGCPercent(garbagePercent)
	untouched := make([]byte, ballast)
	return func() { runtime.KeepAlive(untouched) }
}
