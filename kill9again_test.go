package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// TestSentAgainAfterKill9: Stoa is killed when a mutation is committed and nobody
// has read the answer. Sent again, it is answered and has taken effect once.
func TestSentAgainAfterKill9(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := &books{url: dbtest.URL(t, kind)}
			db := dbtest.Connect(t, sqldb.Options{URL: b.url, MaxConns: 2})
			s := b.serve(t)
			for round := range 3 {
				title := fmt.Sprintf("round-%d", round)
				b.begin(t, s, title)
				for posts(t, db, title) == 0 {
					time.Sleep(100 * time.Microsecond)
				}
				if err := s.Process.Kill(); err != nil {
					t.Error(err)
				}
				s.end(t, -1)
				s = b.serve(t)
				if one, two := b.again(t, s, title), b.again(t, s, title); one != two || !strings.Contains(one, title) {
					t.Errorf("answered with %q and %q", one, two)
				}
				if n := posts(t, db, title); n != 1 {
					t.Errorf("%d posts", n)
				}
			}
		})
	}
}

// posts is how many of the title are committed, as others see it.
func posts(t *testing.T, db *sqldb.DB, title string) (n int) {
	t.Helper()
	if _, err := db.Read(t.Context(), "SELECT count(*) FROM posts WHERE title = ?", []any{title}, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// begin sends a request that makes a post, with the title as its key, by a
// connection of its own, from which nobody reads yet.
func (b *books) begin(t *testing.T, s *server, title string) net.Conn {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": fmt.Sprintf(`mutation { createPost(input: {title: %q, content: "Text"}) { id title createdAt } }`, title)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + b.token}, "Idempotency-Key": {title}}
	conn, err := net.Dial("tcp", r.URL.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := r.Write(conn); err != nil {
		t.Fatal(err)
	}
	return conn
}

// again is the answer to the request, which is not run again.
func (b *books) again(t *testing.T, s *server, title string) string {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(b.begin(t, s, title)), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%v %s %v", response.Header, body, err)
	}
	return string(body)
}
