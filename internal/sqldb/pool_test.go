package sqldb

import (
	"path/filepath"
	"testing"
	"time"

	"stoa/internal/observe"
)

func TestPoolsTellHowTheyFare(t *testing.T) {
	db, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "stoa.db"), MaxConns: 2, AcquireTimeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for range 2 {
		if _, err := db.read.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Read(t.Context(), "SELECT 1", nil, new(int)); err == nil {
		t.Error("a statement was sent without a connection")
	}
	pools := db.Pools()
	read, write := pools[0], pools[1]
	if read.Waited < time.Millisecond {
		t.Errorf("waited %v", read.Waited)
	}
	read.Waited = 0
	if want := (observe.Pool{Name: "read", Max: 2, Idle: 1, Waits: 1, Exhausted: 1}); read != want {
		t.Errorf("got  %+v\nwant %+v", read, want)
	}
	if want := (observe.Pool{Name: "write", Max: 1, Idle: 1}); write != want {
		t.Errorf("got  %+v\nwant %+v", write, want)
	}
}

// Connections that are too old, or idle for too long, are closed, and others take
// their place.
func TestConnectionsAreRecycled(t *testing.T) {
	for name, o := range map[string]Options{"age": {ConnLifetime: time.Millisecond}, "idleness": {ConnIdle: time.Millisecond}} {
		o.URL, o.MaxConns, o.MinIdle = "sqlite:"+filepath.Join(t.TempDir(), "stoa.db"), 2, 1
		db, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		closed := func() int64 {
			stats := db.read.Stats()
			return map[string]int64{"age": stats.MaxLifetimeClosed, "idleness": stats.MaxIdleTimeClosed}[name]
		}
		for deadline := time.Now().Add(time.Minute); closed() == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("none is closed for its %s", name)
			}
		}
		if found, err := db.Read(t.Context(), "SELECT 1", nil, new(int)); err != nil || !found {
			t.Errorf("%s: %v", name, err)
		}
	}
}
