package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"stoa/graph"
	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/relay"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// shape is a document, its page sizes left open, and how many statements it
// takes. Its list "top" has $n rows; $ids are of all four types.
type shape struct {
	name       string
	document   string
	statements int
}

// What is written once and asked of the same rows is read once, through nodes
// and edges alike; what is written twice with arguments is read twice.
var shapes = []shape{
	{"two levels by nodes", `query($n: Int) {
		top: products(first: $n, sortBy: {field: PRICE}) { nodes { id name category { name } } }
	}`, 1 + 1}, // products, their categories

	{"two levels by edges", `query($n: Int) {
		top: posts(last: $n, sortBy: {field: TITLE}) {
			edges { cursor node { title author { username } category { name } } }
			pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
			nodes { id }
		}
	}`, 1 + 2}, // posts; their authors, their categories

	{"nodes and edges at once", `query($n: Int) {
		top: categories(first: $n) {
			nodes { id posts(first: 2) { nodes { author { username } } } }
			edges { node { posts(first: 2) { nodes { author { username } } } } }
		}
		products(first: $n) {
			nodes { category { name } }
			edges { node { category { description } } }
		}
	}`, 1 + 2*(1+1) + 1 + 1}, // categories, twice their posts and the authors; products, their categories

	{"three levels", `query($n: Int) {
		top: categories(first: $n, sortBy: {field: NAME, direction: DESC}) { nodes { id
			products(first: 2, sortBy: {field: NAME}) { nodes { name category { name } } }
			posts(last: 1, filter: {likesMin: 0}) { edges { node { author { username } } } }
		} }
	}`, 1 + (1 + 1) + (1 + 1)}, // categories; products, their categories; posts, their authors

	{"four levels", `query($n: Int) {
		top: users(first: $n) { nodes { id
			posts(first: 2, filter: {hasCategory: true}) { edges { node { title
				category { name products(first: 1) { nodes { name inventory } } }
			} } }
		} }
	}`, 1 + 1 + 1 + 1}, // users, their posts, the categories, the products in those

	{"aliases with different arguments", `query($n: Int) {
		top: categories(first: $n) { nodes { id
			cheap: products(first: 1, sortBy: {field: PRICE}) { nodes { name home: category { name } } }
			dear: products(last: 1, sortBy: {field: PRICE}) { nodes { name shelf: category { name } it: category { id } } }
			few: products(filter: {inventoryMax: 3}, first: 1) { totalCount }
		} }
		first: products(first: $n) { nodes { id } }
		last: products(last: $n) { nodes { id } }
	}`, 1 + (1 + 1) + (1 + 1) + (1 + 1) + 1 + 1}, // categories; cheap and dear with their categories, few with its count; first, last

	{"fragments shared by several places", `query($n: Int) {
		things: products(first: $n) { nodes { ...Thing category { ...Shelf } } }
		top: categories(first: $n) { nodes { id ...Shelf } edges { node { ...Shelf } } }
	}
	fragment Shelf on Category { name products(first: 1) { nodes { ...Thing } } }
	fragment Thing on Product { name category { name } }`,
		2*(1+1+1) + 1}, // both lists, each with a shelf's products and their categories; the things' own categories

	{"inline fragments on Node", `query($n: Int, $product: ID!) {
		top: products(first: $n) { nodes { id ... on Node { ... on Product {
			category { ... on Node { id ... on Category { posts(first: 1) { nodes { ... on Node { id } } } } } }
		} } } }
		node(id: $product) {
			... on Product { category { name } }
			... on Category { products(first: 1) { totalCount } }
			... on User { likedPosts(first: 1) { totalCount } }
		}
	}`, 1 + 1 + 1 + (1 + 1)}, // products, their categories, the posts there; the node, which is a product, and its category

	{"totalCount and stats", `query($n: Int) {
		all: products(first: 0) { totalCount stats { count priceMin priceMax priceAvg inventorySum } }
		top: categories(first: $n) { totalCount nodes { id
			products(first: 1) { totalCount stats { count priceAvg } nodes { name } }
			posts(first: 0) { totalCount }
		} }
	}`, 1 + 2 + (1 + 1) + (1 + 2) + (1 + 1)}, // products, count, stats; categories, count; theirs, counts, stats; posts, counts

	{"liked posts, node and nodes of several types", `query($n: Int, $ids: [ID!]!, $product: ID!) {
		top: users(first: $n) { nodes { id likedPosts(first: 2, sortBy: {field: LIKES, direction: DESC}) {
			totalCount nodes { author { username } category { name } }
		} } }
		nodes(ids: $ids) { id
			... on Product { category { name } }
			... on Category { products(first: 1) { nodes { name } } posts(first: 1) { nodes { title } } }
			... on User { likedPosts(first: 1) { nodes { title } } }
			... on Post { author { username } }
		}
		node(id: $product) { id }
		a: product(id: $product) { name } b: product(id: $product) { name category { name } }
	}`, (1 + 1 + 1 + 1 + 1) + 4 + (1 + 2 + 1 + 1) + 1 + 1 + (1 + 1)}, // users, liked posts, counts, authors, categories; four types, their five fields; node; a; b, its category

	{"trending posts and activity", `query($n: Int) {
		top: trendingPosts(days: 7, first: $n) { totalCount count: totalCount nodes { id author { username } } }
		trendingPosts { edges { cursor node { id } } }
		postActivity(from: "2024-01-01T00:00:00Z", to: "2024-12-01T00:00:00Z", interval: MONTH) { start posts likes }
	}`, (1 + 1 + 1) + 1 + 1}, // posts, their count, their authors; posts; activity
}

// sizes are the rows of the outer lists.
var sizes = []int{2, 50}

// runs of each shape, on each database and with each number of processors:
// both databases together make it 200.
const runs = 100

func TestStatementsDependOnTheDocumentAlone(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			c := newCounting(t, kind)
			for _, processors := range []int{1, 2, 8} {
				t.Run(fmt.Sprintf("processors=%d", processors), func(t *testing.T) {
					defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
					c.alone(t)
					c.underLoad(t)
				})
			}
		})
	}
}

// counting is a server above a database whose driver counts.
type counting struct {
	run     model.Exec
	counter *dbtest.Counter
}

func newCounting(t *testing.T, kind string) *counting {
	t.Helper()
	db, counter := dbtest.Counted(t, kind)
	shop := seed.Options{Products: 400, Categories: 60, Users: 60, Posts: 400, RandomSeed: 4}
	if err := seed.Fill(t.Context(), db, shop); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), "UPDATE post_likes SET created_at = ?", sqldb.Now(t.Context())); err != nil {
		t.Fatal(err)
	}
	return &counting{model.HTTP(web.New(web.Options{DB: db, Log: dbtest.Log(t, graph.MoreThanPlanned)})), counter}
}

// alone sends one request after the other; all that reaches the driver is its.
func (c *counting) alone(t *testing.T) {
	t.Helper()
	for _, s := range shapes {
		for _, n := range sizes {
			c.counter.Reset()
			if err := c.check(t.Context(), s, n); err != nil {
				t.Errorf("%s, %d rows: %v", s.name, n, err)
			}
			if got := c.counter.Statements(); len(got) != s.statements {
				t.Errorf("%s, %d rows: %d statements at the driver, want %d:\n%s",
					s.name, n, len(got), s.statements, strings.Join(got, "\n"))
			}
		}
	}
}

// underLoad sends all runs of every shape by a few clients at once, in a random
// order. What reaches the driver is all clients' together.
func (c *counting) underLoad(t *testing.T) {
	t.Helper()
	const clients = 4
	c.counter.Reset()
	order := rand.Perm(len(shapes) * runs)
	var next atomic.Int64
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(order); i = int(next.Add(1)) - 1 {
				s, n := shapes[order[i]/runs], sizeOf(order[i]%runs)
				if err := c.check(t.Context(), s, n); err != nil {
					t.Errorf("%s, %d rows, under load: %v", s.name, n, err)
				}
			}
		})
	}
	all.Wait()
	want := 0
	for _, s := range shapes {
		want += runs * s.statements
	}
	if got := len(c.counter.Statements()); got != want {
		t.Errorf("%d statements at the driver, want %d", got, want)
	}
}

// sizeOf makes one run in 50 a large one, which takes nearly as long as the rest.
func sizeOf(run int) int {
	if run%50 == 0 {
		return sizes[1]
	}
	return sizes[0]
}

// check sends the shape once and counts the statements of its own context.
func (c *counting) check(ctx context.Context, s shape, n int) error {
	var mu sync.Mutex
	var statements []string
	ctx = sqldb.Observe(ctx, func(text string, _ []any) {
		mu.Lock()
		defer mu.Unlock()
		statements = append(statements, text)
	})
	response, err := c.run(ctx, s.document, map[string]any{
		"n": n, "ids": someOfEach(n), "product": relay.NewID("Product", 1),
	})
	if err != nil {
		return err
	}
	if len(response.Errors) > 0 || response.Status != http.StatusOK {
		return fmt.Errorf("answered %d: %s", response.Status, response.Raw)
	}
	var data struct{ Top struct{ Nodes []any } }
	if err := json.Unmarshal(response.Data, &data); err != nil {
		return err
	}
	if got := len(data.Top.Nodes); got != n {
		return fmt.Errorf("%d rows at the top, want %d", got, n)
	}
	if len(statements) != s.statements {
		return fmt.Errorf("%d statements, want %d:\n%s", len(statements), s.statements, strings.Join(statements, "\n"))
	}
	return nil
}

// someOfEach are ids of all types, some of each and n in all but for rounding.
func someOfEach(n int) []relay.ID {
	var ids []relay.ID
	for key := range int64(max(1, n/4)) {
		for _, kind := range []string{"Product", "Category", "User", "Post"} {
			ids = append(ids, relay.NewID(kind, key+1))
		}
	}
	return ids
}
