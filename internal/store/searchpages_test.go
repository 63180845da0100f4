package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// searchPages: however many hits a search has, and whichever way it is read, its
// pages hold the products that have the words.
func (p *planning) searchPages() {
	random := rand.New(rand.NewPCG(3, 4))
	for _, sort := range []*relay.Sort{nil, {Field: "PRICE"}, {Field: "NAME", Direction: relay.Descending}} {
		all := p.inOrder(sort)
		for range 60 {
			all.compare(p, sort, random)
		}
		for range 20 {
			all.compareNested(p, sort, random)
		}
	}
}

// ordered are all products in an order, their words and their cursors.
type ordered struct {
	rows    []*store.Product
	words   [][]string
	cursors []string
}

func (p *planning) inOrder(sort *relay.Sort) (all ordered) {
	p.Helper()
	list := sqldb.List{Args: relay.Args{First: new(relay.MaxPage)}, Sort: sort}
	for more := true; more; {
		c, err := store.Products.Page(p.Context(), p.db, list)
		if err != nil {
			p.Fatal(err)
		}
		for _, edge := range c.Edges() {
			all.rows = append(all.rows, edge.Node)
			all.words = append(all.words, scalar.Words(edge.Node.Name, edge.Node.Description))
			all.cursors = append(all.cursors, edge.Cursor())
		}
		list.After, more = c.PageInfo().EndCursor(), c.HasNext
	}
	return all
}

// compare asks for some page of some search.
func (all ordered) compare(p *planning, sort *relay.Sort, random *rand.Rand) {
	p.Helper()
	words := all.words[random.IntN(len(all.rows))]
	filter, hits := all.search(words[random.IntN(len(words))], random)
	all.comparePage(p, sort, random, filter, hits, fmt.Sprintf("%q since %v", *filter.Search, filter.CreatedAfter))
}

// comparePage asks for some page of what the filter keeps: the rows at the places.
func (all ordered) comparePage(p *planning, sort *relay.Sort, random *rand.Rand, filter sqldb.Filter, hits []int, name string) {
	p.Helper()
	list := sqldb.List{Filter: filter, Sort: sort}
	// The page lies among all rows between two places.
	from, to := 0, len(all.rows)
	if random.IntN(2) == 0 {
		some := random.IntN(len(all.rows))
		from = some + 1
		list.After = &all.cursors[some]
	}
	if random.IntN(2) == 0 && from < to {
		to = from + random.IntN(to-from)
		list.Before = &all.cursors[to]
	}
	start, _ := slices.BinarySearch(hits, from)
	end, _ := slices.BinarySearch(hits, to)
	if n := size; random.IntN(2) == 0 {
		list.First, end = &n, min(end, start+n)
	} else {
		list.Last, start = &n, max(start, end-n)
	}
	c, err := store.Products.Page(p.Context(), p.db, list)
	if err != nil {
		p.Fatal(err)
	}
	same := slices.EqualFunc(c.Rows, hits[start:end], func(row *store.Product, hit int) bool { return row.Key == all.rows[hit].Key })
	n, err := c.TotalCount(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	if !same || n != len(hits) || c.HasPrevious != (start > 0) || c.HasNext != (end < len(hits)) {
		p.Errorf("%s by %v, after %d, before %d of %d: got %d of %d hits, previous %v, next %v; want those from %d to %d of %d",
			name, sort, from, to, len(all.rows), len(c.Rows), n, c.HasPrevious, c.HasNext, start, end, len(hits))
	}
}

// compareNested asks for the first page of some search below every category.
func (all ordered) compareNested(p *planning, sort *relay.Sort, random *rand.Rand) {
	p.Helper()
	words := all.words[random.IntN(len(all.words))]
	filter, hits := all.search(words[random.IntN(len(words))], random)
	list := sqldb.List{Args: relay.Args{First: new(size)}, Filter: filter, Sort: sort, Place: new(int)}
	for _, category := range p.categories {
		c, err := store.CategoryProducts.Page(p.Context(), p.db, category, list)
		if err != nil {
			p.Fatal(err)
		}
		below := slices.DeleteFunc(slices.Clone(hits), func(hit int) bool { return all.rows[hit].CategoryKey != category.Key })
		same := slices.EqualFunc(c.Rows, below[:min(size, len(below))],
			func(row *store.Product, hit int) bool { return row.Key == all.rows[hit].Key })
		if n, err := c.TotalCount(p.Context()); !same || err != nil || n != len(below) || c.HasNext != (n > size) {
			p.Errorf("%q since %v by %v below %s: got %d of %d hits, want %d; next %v, %v",
				*filter.Search, filter.CreatedAfter, sort, category.Name, len(c.Rows), n, len(below), c.HasNext, err)
		}
	}
}

// search is for what begins as the word does, and often for so many hits as a
// step of the search reads, or one more or less; and the places of the hits.
func (all ordered) search(word string, random *rand.Rand) (*store.ProductFilter, []int) {
	letters := []rune(word)
	word = string(letters[:1+random.IntN(len(letters))])
	filter := &store.ProductFilter{Search: &word}
	var hits []int
	var times []scalar.Time
	for i, words := range all.words {
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, word) }) {
			hits, times = append(hits, i), append(times, all.rows[i].CreatedAt)
		}
	}
	slices.Sort(times)
	most := []int{size, glance, few, farthest}[random.IntN(4)] + random.IntN(3) - 1
	if most > len(times) || random.IntN(4) == 0 {
		return filter, hits
	}
	// The newest: in the order of creation, they lie at the far end.
	first := times[len(times)-most]
	filter.CreatedAfter = &first
	return filter, slices.DeleteFunc(hits, func(i int) bool { return all.rows[i].CreatedAt < first })
}

// How far a list is walked may depend on how many rows there are, even if there
// are none.
func TestASearchOfNoRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		c, err := store.Products.Page(t.Context(), db, sqldb.List{Filter: &store.ProductFilter{Search: new("x")}})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Rows) > 0 || c.HasNext || c.HasPrevious {
			t.Errorf("got %+v", c)
		}
	})
}
