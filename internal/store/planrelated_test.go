package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// apart is how many related rows PostgreSQL reads the pages of one by one.
const apart = 20

// related: what is asked of few related rows is read in each one's own index, up
// to the page; of more, as a search is.
func (p *planning) related() {
	products, posts := top(p.db, store.Products), top(p.db, store.Posts)
	cheap, dear := scalar.Whole(10), scalar.Whole(90)
	for n, rows := range map[int]int{0: 0, 1: asked, apart: apart * asked, apart + 1: glance + 2*few} {
		category := &store.CategoryFilter{Combined: sqldb.Combined[store.CategoryFilter]{Ids: some("Category", n)}}
		author := &store.UserFilter{Combined: sqldb.Combined[store.UserFilter]{Ids: some("User", n)}}
		for _, c := range []struct {
			page   func(context.Context, sqldb.List) (relay.PageInfo, error)
			fields []string
			filter sqldb.Filter
		}{
			{products, append(productFields, ""), &store.ProductFilter{Category: category}},
			{products, []string{"PRICE"}, &store.ProductFilter{Category: category, PriceMin: &cheap, PriceMax: &dear}},
			{posts, append(postFields, ""), &store.PostFilter{Author: author}},
		} {
			for _, field := range c.fields {
				list := sqldb.List{Args: relay.Args{First: new(size)}, Filter: c.filter}
				if field != "" {
					list.Sort = &relay.Sort{Field: relay.SortField(field), Direction: relay.Descending}
				}
				p.check(want{name: "of related rows by " + field, rows: rows, sorts: true}, func(ctx context.Context) error {
					_, err := c.page(ctx, list)
					return err
				})
			}
		}
	}
}

// some are the ids of the first rows of the kind.
func some(kind string, n int) []relay.ID {
	ids := make([]relay.ID, n)
	for i := range ids {
		ids[i] = relay.NewID(kind, int64(i+1))
	}
	return ids
}

// relatedPages: however many related rows a filter keeps, and whichever way they
// are read, the pages hold the products that are theirs.
func (p *planning) relatedPages() {
	random := rand.New(rand.NewPCG(5, 6))
	for _, sort := range []*relay.Sort{
		nil,
		{Field: "PRICE"},
		{Field: "NAME", Direction: relay.Descending},
		{Field: "INVENTORY", ThenBy: &relay.Sort{Field: "PRICE", Direction: relay.Descending}},
	} {
		all := p.inOrder(sort)
		for range 60 {
			all.compareRelated(p, sort, random)
		}
	}
}

// compareRelated asks for some page of the products of some categories, often of
// those between two prices.
func (all ordered) compareRelated(p *planning, sort *relay.Sort, random *rand.Rand) {
	p.Helper()
	n := []int{0, 1, 3, apart, apart + 1, 60}[random.IntN(6)]
	filter := &store.ProductFilter{Category: &store.CategoryFilter{Combined: sqldb.Combined[store.CategoryFilter]{Ids: some("Category", n)}}}
	least, most := scalar.Cents(0), all.rows[random.IntN(len(all.rows))].Price
	if random.IntN(2) == 0 {
		least = all.rows[random.IntN(len(all.rows))].Price
		filter.PriceMin = decimal(p, least)
	}
	filter.PriceMax = decimal(p, most)
	if random.IntN(3) == 0 {
		filter = &store.ProductFilter{Combined: sqldb.Combined[store.ProductFilter]{And: []*store.ProductFilter{filter}}}
	}
	var hits []int
	for i, row := range all.rows {
		if row.CategoryKey <= int64(n) && least <= row.Price && row.Price <= most {
			hits = append(hits, i)
		}
	}
	all.comparePage(p, sort, random, filter, hits, fmt.Sprintf("in %d categories from %v to %v", n, least, most))
}

func decimal(p *planning, price scalar.Cents) *scalar.Decimal {
	p.Helper()
	d, err := scalar.ParseDecimal(price.String())
	if err != nil {
		p.Fatal(err)
	}
	return &d
}
