package sqldb

import (
	"context"
	"database/sql/driver"
	"path/filepath"
	"testing"
	"time"
)

// However connections are lost, those that are to be kept are opened again.
func TestIdleConnectionsAreKept(t *testing.T) {
	const kept, most = 2, 3
	db, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "kept.db"), MaxConns: most, MinIdle: kept})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if n := db.read.Stats().Idle; n != kept {
		t.Errorf("%d are idle at the start", n)
	}
	for range most {
		conn, err := db.read.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // it is thrown away
	}
	for deadline := time.Now().Add(time.Minute); db.read.Stats().Idle != kept; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d are idle", db.read.Stats().Idle)
		}
	}
}

// A pool that is used up is left to those who use it.
func TestAKeeperTakesNobodysPlace(t *testing.T) {
	p := &pool{places: make(chan struct{}, 2)}
	for range 2 {
		if err := p.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.warm(context.Background(), 2); err != nil { // would panic: there is no database
		t.Error(err)
	}
	if n := len(p.places); n != 2 {
		t.Errorf("%d places are taken", n)
	}
}

func TestACrowdIsToldOfOnce(t *testing.T) {
	start := time.Now()
	var c crowd
	for _, step := range []struct {
		second, out int
		want        bool
	}{
		{0, 9, false}, {29, 10, false}, {30, 9, true}, {31, 10, false}, {90, 10, false}, // once
		{91, 8, false}, {92, 9, false}, {121, 9, false}, {122, 9, true}, // from the last time that it was less
		{123, 0, false},
	} {
		if got := c.reaches(start.Add(time.Duration(step.second)*time.Second), step.out, 10); got != step.want {
			t.Errorf("second %d, %d of 10: got %v", step.second, step.out, got)
		}
	}
}
