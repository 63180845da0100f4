package config

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestPresetsAndWhatGoesBeforeThem(t *testing.T) {
	few := min(2*runtime.NumCPU(), 10)
	for args, want := range map[string]Pool{
		"--pool-preset=serverless": {2, 0, 5 * time.Second, 5 * time.Minute, 30 * time.Second},
		"--pool-preset=BATCH":      {few, 1, 30 * time.Second, time.Hour, 10 * time.Minute},
		"--pool-preset=serverless --db-max-conns=9 --db-conn-idle=0":   {9, 0, 5 * time.Second, 5 * time.Minute, 0},
		"--pool-preset=batch --db-min-idle=0 --db-acquire-timeout=1ms": {few, 0, time.Millisecond, time.Hour, 10 * time.Minute},
		"--db-max-conns=1 --db-conn-lifetime=0":                        {1, 1, 2 * time.Second, 0, 5 * time.Minute},
	} {
		c := mustParse(t, map[string]string{"DB_CONN_LIFETIME": ""}, strings.Fields(args)...)
		if err := c.Check(); err != nil || c.Pool() != want {
			t.Errorf("%s: got %+v, %v, want %+v", args, c.Pool(), err, want)
		}
	}
	c := mustParse(t, map[string]string{"POOL_PRESET": "batch", "DB_ACQUIRE_TIMEOUT": "3s"})
	if got := c.Pool(); got.AcquireTimeout != 3*time.Second || got.ConnLifetime != time.Hour {
		t.Errorf("by the environment: %+v", got)
	}
}

func TestWhoSheds(t *testing.T) {
	for args, want := range map[string]bool{
		"": true, "--pool-preset=serverless": true, "--pool-preset=batch": false,
		"--no-shedding": false, "--pool-preset=batch --shedding": true,
	} {
		if got := mustParse(t, nil, strings.Fields(args)...).Sheds(); got != want {
			t.Errorf("%q: got %v", args, got)
		}
	}
}
