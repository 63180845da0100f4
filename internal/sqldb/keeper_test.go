package sqldb

import (
	"bytes"
	"context"
	"database/sql/driver"
	"log/slog"
	"path/filepath"
	"strings"
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
	p := &pool{places: places{most: 2}}
	for range 2 {
		if _, err := p.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.warm(context.Background(), 2); err != nil { // would panic: there is no database
		t.Error(err)
	}
	if n, _ := p.places.used(); n != 2 {
		t.Errorf("%d places are taken", n)
	}
}

func TestACrowdIsToldOfOnce(t *testing.T) {
	start := time.Now()
	var log bytes.Buffer
	p := &pool{places: places{most: 10}}
	k := &keeper{pool: p, log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, step := range []struct {
		second, out int
		told        bool
	}{
		{0, 9, false}, {29, 10, false}, {30, 9, true}, {31, 10, false}, {90, 10, false}, // once
		{91, 8, false}, {92, 9, false}, {121, 9, false}, {122, 9, true}, // from the last time that it was less
		{123, 0, false},
	} {
		p.places.out = step.out
		log.Reset()
		k.see(start.Add(time.Duration(step.second) * time.Second))
		if told := strings.Contains(log.String(), "the pool is nearly used up"); told != step.told {
			t.Errorf("second %d, %d of 10: told is %v", step.second, step.out, told)
		}
	}
}
