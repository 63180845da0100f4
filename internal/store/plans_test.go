package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// shops are what plans are made for: with PostgreSQL large enough for a wrong one
// to show; with SQLite so small that it would rather scan the tables, if it knew.
var shops = map[string]seed.Options{
	dbtest.SQLite:   {Products: 2_500, Categories: 2, Users: 2, Posts: 250, RandomSeed: 11},
	dbtest.Postgres: {Products: 20_000, Categories: 200, Users: 2_000, Posts: 20_000, RandomSeed: 11},
}

// TestPlans asks both databases how they answer what Stoa asks them: by the
// index that is meant for it, and reading what is asked for and no more.
func TestPlans(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			url := dbtest.URL(t, kind)
			if err := seed.Fill(t.Context(), open(t, url), shops[kind]); err != nil {
				t.Fatal(err)
			}
			// SQLite looks at its statistics when a database is opened.
			p := &planning{T: t, explainer: explainer{kind, open(t, url)}}
			p.parents()
			t.Run("sorts", func(t *testing.T) { p.on(t).sorts() })
			t.Run("second keys", func(t *testing.T) { p.on(t).secondKeys() })
			t.Run("filters", func(t *testing.T) { p.on(t).filters() })
			t.Run("searches", func(t *testing.T) { p.on(t).searches() })
			t.Run("search pages", func(t *testing.T) { p.on(t).searchPages() })
			t.Run("related rows", func(t *testing.T) { p.on(t).related() })
			t.Run("related pages", func(t *testing.T) { p.on(t).relatedPages() })
			t.Run("relations", func(t *testing.T) { p.on(t).relations() })
			t.Run("activity", func(t *testing.T) { p.on(t).activity() })
		})
	}
}

func open(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	return dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 2})
}

type planning struct {
	*testing.T
	explainer
	categories []*store.Category
	users      []*store.User
}

// on is the same for a part of the test.
func (p planning) on(t *testing.T) *planning { p.T = t; return &p }

// parents are ten of each kind, those with the longest lists first.
func (p *planning) parents() {
	p.Helper()
	p.categories = longest(p, store.Categories, store.CategoryProducts)
	p.users = longest(p, store.Users, store.UserPosts)
}

func longest[P, C any](p *planning, table *sqldb.Table[P], many *sqldb.Many[P, C]) []*P {
	p.Helper()
	c, err := table.Page(p.Context(), p.db, sqldb.List{})
	if err != nil {
		p.Fatal(err)
	}
	place := new(int)
	length := func(row *P) int {
		page, err := many.Page(p.Context(), p.db, row, sqldb.List{Place: place})
		if err != nil {
			p.Fatal(err)
		}
		n, err := page.TotalCount(p.Context())
		if err != nil {
			p.Fatal(err)
		}
		return n
	}
	slices.SortFunc(c.Rows, func(a, b *P) int { return length(b) - length(a) })
	return c.Rows
}

// catalogue is a list and the indexes that its orders are read by: the index
// and the column, or byID.
type catalogue struct {
	index, byID string
	fields      []string
	parents     int
	page        func(ctx context.Context, l sqldb.List) (relay.PageInfo, error)
}

var (
	productFields = []string{"CREATED_AT", "UPDATED_AT", "PRICE", "NAME", "INVENTORY"}
	postFields    = []string{"CREATED_AT", "UPDATED_AT", "LIKES", "TITLE"}
)

// catalogues are all lists of products and posts, likedPosts aside.
func (p *planning) catalogues() []catalogue {
	return []catalogue{
		{"products", "products_pkey", productFields, 1, top(p.db, store.Products)},
		{"products_category", "products_category", productFields, 10, below(p.db, store.CategoryProducts, p.categories[0])},
		{"posts", "posts_pkey", postFields, 1, top(p.db, store.Posts)},
		{"posts_category", "posts_category", postFields, 10, below(p.db, store.CategoryPosts, p.categories[0])},
		{"posts_user", "posts_user", postFields, 10, below(p.db, store.UserPosts, p.users[0])},
	}
}

func top[T any](db *sqldb.DB, table *sqldb.Table[T]) func(context.Context, sqldb.List) (relay.PageInfo, error) {
	return func(ctx context.Context, l sqldb.List) (relay.PageInfo, error) {
		return infoOf(table.Page(ctx, db, l))
	}
}

// below is the parent's list; those of all its siblings are read with it.
func below[P, C any](db *sqldb.DB, many *sqldb.Many[P, C], parent *P) func(context.Context, sqldb.List) (relay.PageInfo, error) {
	return func(ctx context.Context, l sqldb.List) (relay.PageInfo, error) {
		l.Place = new(int) // another for each, that nothing is remembered
		return infoOf(many.Page(ctx, db, parent, l))
	}
}

func infoOf[T any](c *relay.Connection[T], err error) (relay.PageInfo, error) {
	if err != nil {
		return relay.PageInfo{}, err
	}
	return c.PageInfo(), nil
}

const size = 20

// asked is how many rows of each parent a page may read: itself, one more, and
// one beyond each cursor.
const asked = size + 3

// want is what a plan has to keep.
type want struct {
	name    string
	index   string // the only ones to read by; "" for any
	entered string // SQLite: the columns at which the index is entered
	sorts   bool   // SQLite: what is found is sorted
	rows    int    // PostgreSQL: to read at most
}

func (p *planning) check(w want, run func(ctx context.Context) error) {
	p.Helper()
	for _, s := range sent(p.T, run) {
		plan := p.plan(p.T, s)
		for _, index := range plan.indexes {
			if !p.reads(index, w) {
				p.Errorf("%s: reads by %q, not by %q, entered at %q: %s", w.name, index, w.index, w.entered, plan.text)
			}
		}
		if plan.sorted && !w.sorts {
			p.Errorf("%s: sorts more than a page: %s", w.name, plan.text)
		}
		if plan.rows > w.rows {
			p.Errorf("%s: reads %d rows, at most %d are asked for: %s", w.name, plan.rows, w.rows, plan.text)
		}
	}
}

// reads tells whether the index read is one that is wanted. SQLite tells how it
// is entered, too, and its tables are their own indexes by key.
func (p *planning) reads(index string, w want) bool {
	name, how, _ := strings.Cut(index, " ")
	wanted := w.index
	if p.kind == dbtest.SQLite {
		wanted = pkey.ReplaceAllString(wanted, "rowid")
		if !strings.Contains(how, w.entered) {
			return false
		}
	}
	return name != "" && (wanted == "" || slices.Contains(strings.Fields(wanted), name))
}

var pkey = regexp.MustCompile(`\w+_pkey`)
