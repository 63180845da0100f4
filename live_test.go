package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
	"stoa/internal/sqldb"
)

// TestFollowing: who applies every event, and goes on from the last after each
// interruption, knows in the end what the database holds. Meanwhile Stoa is
// killed, and PostgreSQL.
func TestFollowing(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f := &following{books: new(books), known: map[string]string{}}
			if kind == dbtest.Postgres {
				_, f.url = ownPostgres(t)
			} else {
				f.url = dbtest.URL(t, kind)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			defer all.Wait()
			defer cancel()
			f.serve(t)
			all.Go(func() { f.follow(ctx, t) })
			writing, stop := context.WithCancel(ctx)
			var writes sync.WaitGroup
			for w := range writers {
				writes.Go(func() { f.write(writing, t, w) })
			}
			for range 4 {
				pass(f.written.Load()+40, &f.written)
				f.end(t, syscall.SIGKILL)
				f.serve(t)
				if kind == dbtest.Postgres {
					pass(f.written.Load()+20, &f.written)
					crash(t, f.url)
				}
			}
			pass(f.written.Load()+40, &f.written)
			stop()
			writes.Wait()
			f.compare(t)
			t.Logf("%d writes, %d events, %d streams", f.written.Load(), f.events.Load(), f.streams.Load())
		})
	}
}

// following is a client who follows a server that is killed now and then.
type following struct {
	*books
	written, events, streams atomic.Int64

	mu    sync.Mutex
	known map[string]string // products by their ids
}

// pass waits until the counter has reached n.
func pass(n int64, counter *atomic.Int64) {
	for counter.Load() < n {
		time.Sleep(time.Millisecond)
	}
}

// write changes products of its own, which come and go.
func (f *following) write(ctx context.Context, t *testing.T, w int) {
	for n := 0; ctx.Err() == nil; n++ {
		answer, err := f.send(fmt.Sprintf(
			`mutation { upsertProducts(input: [{sku: "%d-%d", name: "Cup", price: 1, inventory: %d, categoryId: %q}]) { id } }`, w, n%7, n, f.categories[w]))
		if err != nil || !strings.HasPrefix(answer.text, `{"data"`) {
			time.Sleep(20 * time.Millisecond) // nobody is there
			continue
		}
		var made struct {
			Data struct{ UpsertProducts []struct{ ID string } }
		}
		if err := json.Unmarshal([]byte(answer.text), &made); err != nil {
			t.Error(err)
		}
		if n%5 == 0 {
			_, _ = f.send(fmt.Sprintf(`mutation { deleteProduct(id: %q) }`, made.Data.UpsertProducts[0].ID))
		}
		f.written.Add(1)
		time.Sleep(10 * time.Millisecond) // a hundred a second, all writers together, are enough
	}
}

// follow applies the events of one stream after the other, each from where the
// last one ended.
func (f *following) follow(ctx context.Context, t *testing.T) {
	last := ""
	for ctx.Err() == nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.server.Load().url+"/graphql",
			strings.NewReader(`{"query": "subscription { productChanged { id product { sku inventory version } } }"}`))
		if err != nil {
			t.Error(err)
			return
		}
		r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}}
		if last != "" {
			r.Header.Set("Last-Event-ID", last)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil || response.StatusCode != http.StatusOK {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		f.streams.Add(1)
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				last = id
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: {"); ok {
				f.apply(t, "{"+data)
			}
		}
		response.Body.Close()
	}
}

func (f *following) apply(t *testing.T, data string) {
	var event struct {
		Data struct {
			ProductChanged struct {
				ID      string
				Product json.RawMessage
			}
		}
	}
	if err := json.Unmarshal([]byte(data), &event); err != nil || strings.Contains(data, `"errors"`) {
		t.Errorf("got %s: %v", data, err)
		return
	}
	f.events.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	id, product := event.Data.ProductChanged.ID, string(event.Data.ProductChanged.Product)
	if f.known[id] = product; product == "null" {
		delete(f.known, id)
	}
}

// compare waits until what is known is what is there.
func (f *following) compare(t *testing.T) {
	t.Helper()
	answer, err := f.send(`{ products(first: 100) { nodes { id sku inventory version } } }`)
	var all struct {
		Data struct {
			Products struct{ Nodes []json.RawMessage }
		}
	}
	if err := json.Unmarshal([]byte(answer.text), &all); err != nil {
		t.Fatal(err, answer.text)
	}
	there := map[string]string{}
	for _, node := range all.Data.Products.Nodes {
		var of struct{ ID string }
		if err := json.Unmarshal(node, &of); err != nil {
			t.Fatal(err)
		}
		there[of.ID] = strings.Replace(string(node), fmt.Sprintf(`"id":%q,`, of.ID), "", 1)
	}
	if err != nil || len(there) == 0 {
		t.Fatal(err, "nothing is there")
	}
	for n := 0; ; n++ {
		f.mu.Lock()
		known := maps.Clone(f.known)
		f.mu.Unlock()
		if maps.Equal(known, there) {
			return
		}
		if n == 1000 {
			t.Fatalf("known is %v, and there is %v", known, there)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// ownPostgres is a server that may crash, and the URL of an empty database there.
func ownPostgres(t *testing.T, settings ...string) (server *pgserver.Server, url string) {
	t.Helper()
	server, err := pgserver.Start(append(settings, "synchronous_commit = on")...) // what is told of is there for good
	if errors.Is(err, pgserver.ErrNotInstalled) {
		dbtest.Need(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: server.URL, MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Alone(t.Context(), "CREATE DATABASE shop", nil); err != nil {
		t.Fatal(err)
	}
	return server, strings.Replace(server.URL, "/postgres?", "/shop?", 1)
}

// crash kills a process of the database server, which then starts anew.
func crash(t *testing.T, url string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: url, MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var pid int
	if _, err := db.Read(t.Context(), "SELECT pg_backend_pid()", nil, &pid); err != nil {
		t.Fatal(err)
	}
	process, err := os.FindProcess(pid)
	if err == nil {
		err = process.Signal(syscall.SIGKILL)
	}
	if err != nil {
		t.Fatal(err)
	}
}
