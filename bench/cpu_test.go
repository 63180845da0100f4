package main

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestCPUOfProcesses(t *testing.T) {
	self := os.Getpid()
	if _, ok := statOf(self); !ok {
		t.Skip("there is no /proc here")
	}
	before, tree := cpuOf(self), cpuOfTree(self)
	burn := exec.Command("sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done")
	if err := burn.Start(); err != nil {
		t.Fatal(err)
	}
	for cpuOfTree(self)-tree < 20*time.Millisecond {
		time.Sleep(time.Millisecond) // while it runs
	}
	if err := burn.Wait(); err != nil {
		t.Fatal(err)
	}
	took := burn.ProcessState.UserTime() + burn.ProcessState.SystemTime()
	if ended := cpuOf(self) - before; ended < took-2*tick {
		t.Errorf("%v when it has ended, %v at least wanted", ended, took)
	}
	for start := cpuOf(self); cpuOf(self) < start+5*tick; { // its own, of many threads
	}
	if memoryOf(self) < 1<<20 {
		t.Errorf("%d bytes", memoryOf(self))
	}
}
