package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Without /proc, as on other systems than Linux, all of this is 0.

// tick is the unit of /proc/PID/stat: USER_HZ, which is 100 on every system of today.
const tick = 10 * time.Millisecond

// cpuOf is the CPU time of a process and of its children that have ended.
func cpuOf(pid int) time.Duration {
	s, ok := statOf(pid)
	if !ok {
		return 0
	}
	return s.own + s.ended
}

// cpuOfTree is that of a process and of all its children: PostgreSQL has one for
// each connection.
func cpuOfTree(parent int) time.Duration {
	for {
		before, _ := statOf(parent)
		total := before.own + before.ended
		files, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, file := range files {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if s, ok := statOf(pid); ok && s.parent == parent {
				total += s.own + s.ended
			}
		}
		// A child that ended meanwhile may have been counted twice, or not at all.
		if after, _ := statOf(parent); after.ended == before.ended {
			return total
		}
	}
}

type stat struct {
	parent     int
	own, ended time.Duration
}

// statOf reads what proc(5) says of a process.
func statOf(pid int) (stat, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, false
	}
	// The name, in parentheses, may hold anything; the state follows it.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 18 {
		return stat{}, false
	}
	number := func(i int) time.Duration { return nanoseconds(fields[i]) }
	s := stat{int(number(1)), (number(11) + number(12)) * tick, (number(13) + number(14)) * tick}
	if threads := number(17); threads == 1 {
		// Of a single thread the scheduler tells it to the nanosecond, which counts
		// where the times of many processes are added.
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
		if fields := bytes.Fields(text); len(fields) > 0 {
			s.own = nanoseconds(fields[0])
		}
	}
	return s, true
}

func nanoseconds(text []byte) time.Duration {
	n, _ := strconv.ParseInt(string(text), 10, 64) // the kernel writes numbers
	return time.Duration(n)
}

// memoryOf is what a process keeps of the machine's memory now, in bytes.
func memoryOf(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
