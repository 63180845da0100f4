package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// kills is how often each database's server is killed.
const kills = 20

// TestKill9 kills Stoa while it writes and starts it again, over and over:
// whatever it had answered is there, and nothing is half there.
func TestKill9(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			k := &killing{url: dbtest.URL(t, kind)}
			for range kills {
				s := k.serve(t)
				k.check(t)
				k.killWhileWriting(t, s)
			}
			k.serve(t)
			k.check(t)
			t.Logf("%d of %d writes were answered", len(k.answered), k.sent)
		})
	}
}

const writers = 4

// killing is what the server of one database has been sent.
type killing struct {
	url        string
	token      string
	categories [writers]string // one for each writer, so that they do not wait for each other

	mu       sync.Mutex
	sent     int
	answered []string
}

func (k *killing) serve(t *testing.T) *server {
	t.Helper()
	s := serve(t, "DATABASE_URL="+k.url, "DEMO=false", "JWT_SECRET="+strings.Repeat("secret", 6),
		"ADMIN_EMAIL=root@example.com", "ADMIN_PASSWORD=correct horse")
	if k.token == "" {
		k.prepare(t, s)
	}
	return s
}

// prepare logs in, for all the lives of the server, and makes the categories.
func (k *killing) prepare(t *testing.T, s *server) {
	t.Helper()
	var data struct {
		LogIn   struct{ Token string }
		A, B, C struct{ ID string }
		D       struct{ ID string }
	}
	k.must(t, s, `mutation { logIn(input: {email: "root@example.com", password: "correct horse"}) { token } }`, &data)
	k.token = data.LogIn.Token
	k.must(t, s, `mutation { a: createCategory(input: {name: "A"}) { id } b: createCategory(input: {name: "B"}) { id }
		c: createCategory(input: {name: "C"}) { id } d: createCategory(input: {name: "D"}) { id } }`, &data)
	k.categories = [writers]string{data.A.ID, data.B.ID, data.C.ID, data.D.ID}
}

func (k *killing) must(t *testing.T, s *server, query string, into any) {
	t.Helper()
	answer, err := k.send(s, query)
	if err != nil || strings.Contains(string(answer), `"errors"`) {
		t.Fatalf("%s: %s %v", query, answer, err)
	}
	if err := json.Unmarshal(answer, &struct{ Data any }{into}); err != nil {
		t.Fatal(err)
	}
}

// send returns the answer, or that none came.
func (k *killing) send(s *server, query string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if k.token != "" {
		request.Header.Set("Authorization", "Bearer "+k.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

// killWhileWriting has the writers write until the server, which is killed once
// it has answered some, is gone.
func (k *killing) killWhileWriting(t *testing.T, s *server) {
	t.Helper()
	some := make(chan struct{}, 1000)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for k.write(t, s, k.categories[w]) {
				some <- struct{}{}
			}
		})
	}
	for range 1 + rand.IntN(4*writers) {
		<-some
	}
	if err := s.Process.Kill(); err != nil {
		t.Error(err)
	}
	s.end(t, -1)
	all.Wait()
}

// write makes three things of one name in one request; false if the server is
// gone.
func (k *killing) write(t *testing.T, s *server, category string) bool {
	k.mu.Lock()
	k.sent++
	name := fmt.Sprintf("n%d", k.sent)
	k.mu.Unlock()
	answer, err := k.send(s, fmt.Sprintf(`mutation {
		first: createProduct(input: {sku: "%[1]s-first", name: "Cup", price: 1, categoryId: %[2]q}) { id }
		post: createPost(input: {title: %[1]q, content: "Text"}) { id }
		second: upsertProducts(input: [{sku: "%[1]s-second", name: "Cup", price: 1, categoryId: %[2]q}]) { id }
	}`, name, category))
	if err != nil {
		return false
	}
	if !strings.HasPrefix(string(answer), `{"data":{"first"`) {
		t.Errorf("answered with %s", answer)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answered = append(k.answered, name)
	return true
}

// check compares what is there with what was answered.
func (k *killing) check(t *testing.T) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: k.url, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var text string
	_, err = db.Read(t.Context(), `SELECT coalesce(string_agg(n, ' '), '') FROM (
		SELECT replace(replace(sku, '-first', ''), '-second', '') AS n FROM products UNION ALL SELECT title FROM posts) AS made`, nil, &text)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]int{}
	for _, name := range strings.Fields(text) {
		parts[name]++
	}
	for name, n := range parts {
		if n != 3 {
			t.Errorf("%s is there with %d of its three parts", name, n)
		}
	}
	for _, name := range k.answered {
		if parts[name] == 0 {
			t.Errorf("%s was answered and is lost", name)
		}
	}
}
