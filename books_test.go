package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stoa/internal/sqldb"
)

const writers = 4

// books are what the clients of one database sent and were told, through all
// lives of its server, to be compared with what is there.
type books struct {
	url        string      // of the database
	settings   []string    // of the server
	client     http.Client // of all clients
	server     atomic.Pointer[server]
	token      string
	categories [writers]string // one for each writer, so that they do not wait for each other

	mu       sync.Mutex
	sent     int
	answered []string // the names of those writes
	refused  []refusal
}

// refusal is an answer that says that nothing was done, or not in time.
type refusal struct {
	said string // the codes and reasons
	took time.Duration
}

// serve starts the server, and the first time logs in and makes the categories.
func (b *books) serve(t *testing.T) *server {
	t.Helper()
	s := serve(t, append([]string{"DATABASE_URL=" + b.url, "DEMO=false", "JWT_SECRET=" + strings.Repeat("secret", 6),
		"ADMIN_EMAIL=root@example.com", "ADMIN_PASSWORD=correct horse", "RATE_LIMIT=0", "REQUEST_TIMEOUT=1m"}, b.settings...)...)
	b.server.Store(s)
	if b.token == "" {
		b.open(t)
	}
	return s
}

func (b *books) open(t *testing.T) {
	t.Helper()
	var data struct {
		LogIn   struct{ Token string }
		A, B, C struct{ ID string }
		D       struct{ ID string }
	}
	b.must(t, `mutation { logIn(input: {email: "root@example.com", password: "correct horse"}) { token } }`, &data)
	b.token = data.LogIn.Token
	b.must(t, `mutation { a: createCategory(input: {name: "A"}) { id } b: createCategory(input: {name: "B"}) { id }
		c: createCategory(input: {name: "C"}) { id } d: createCategory(input: {name: "D"}) { id } }`, &data)
	b.categories = [writers]string{data.A.ID, data.B.ID, data.C.ID, data.D.ID}
}

func (b *books) must(t *testing.T, query string, into any) {
	t.Helper()
	answer, err := b.send(query)
	if err != nil || strings.Contains(answer.text, `"errors"`) {
		t.Fatalf("%s: %s %v", query, answer.text, err)
	}
	if err := json.Unmarshal([]byte(answer.text), &struct{ Data any }{into}); err != nil {
		t.Fatal(err)
	}
}

// send returns the answer, or that none came.
func (b *books) send(query string) (answer, error) {
	header := http.Header{}
	if b.token != "" {
		header.Set("Authorization", "Bearer "+b.token)
	}
	return post(&b.client, b.server.Load().url, query, header)
}

// outcome is what becomes of a request.
type outcome int

const (
	done    outcome = iota
	refused         // in whole
	gone            // there was no answer
)

// write makes three things of one name in one request.
func (b *books) write(t *testing.T, category string) outcome {
	b.mu.Lock()
	b.sent++
	name := fmt.Sprintf("n%d", b.sent)
	b.mu.Unlock()
	o := b.ask(t, fmt.Sprintf(`mutation {
		first: createProduct(input: {sku: "%[1]s-first", name: "Cup", price: 1, categoryId: %[2]q}) { id }
		post: createPost(input: {title: %[1]q, content: "Text"}) { id }
		second: upsertProducts(input: [{sku: "%[1]s-second", name: "Cup", price: 1, categoryId: %[2]q}]) { id }
	}`, name, category), `{"data":{"first"`)
	if o == done {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.answered = append(b.answered, name)
	}
	return o
}

// read asks for what is written, with what it refers to.
func (b *books) read(t *testing.T, category string) outcome {
	return b.ask(t, fmt.Sprintf(`{ category(id: %q) { products(last: 5) { nodes { sku category { name } } } } posts(last: 5) { nodes { title author { username } } } }`, category),
		`{"data":{"category":{"products":{"nodes":[`)
}

// ask sends the query. Its answer begins so, or is a refusal as clients may be
// told it.
func (b *books) ask(t *testing.T, query, begins string) outcome {
	start := time.Now()
	answer, err := b.send(query)
	switch {
	case err != nil:
		return gone
	case strings.HasPrefix(answer.text, begins) && !strings.Contains(answer.text, `"errors"`):
		return done
	}
	said, ok := reading(answer.text)
	if !ok || answer.status != http.StatusOK && answer.status != http.StatusServiceUnavailable {
		t.Errorf("answered with %d %s", answer.status, answer.text)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = append(b.refused, refusal{said, time.Since(start)})
	return refused
}

// refusals are all that clients are told while there is something wrong with the
// database.
var refusals = map[string]string{
	"UNAVAILABLE DATABASE_DOWN":  "The database cannot be reached.",
	"UNAVAILABLE POOL_EXHAUSTED": "Too much is asked at once; try again.",
	"TIMEOUT ":                   "The request took too long.",
}

// reading is what a refusal says; false if that is anything else.
func reading(text string) (said string, ok bool) {
	var told struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, Reason string }
		}
	}
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return "", false
	}
	var all []string
	for _, e := range told.Errors {
		one := e.Extensions.Code + " " + e.Extensions.Reason
		if refusals[one] != e.Message {
			return "", false
		}
		all = append(all, one)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", "), len(all) > 0
}

// check compares what is there with what was answered, and counts the writes that
// are there and were not.
func (b *books) check(t *testing.T) (untold int) {
	t.Helper()
	b.mu.Lock() // what is answered from now on may not be read yet
	answered := map[string]bool{}
	for _, name := range b.answered {
		answered[name] = true
	}
	b.mu.Unlock()
	parts := b.parts(t)
	for name, n := range parts {
		if n != 3 {
			t.Errorf("%s is there with %d of its three parts", name, n)
		}
		if !answered[name] {
			untold++
		}
	}
	for name := range answered {
		if parts[name] == 0 {
			t.Errorf("%s was answered and is lost", name)
		}
	}
	return untold
}

// parts counts what is there of each name.
func (b *books) parts(t *testing.T) map[string]int {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: b.url, MaxConns: 2})
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
	return parts
}
