package store_test

import (
	"context"

	"stoa/internal/relay"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// The steps of a search on PostgreSQL: rows walked at first, hits that are
// sorted, rows walked at most.
const glance, few, farthest = 20 + 2*(size+1), 1000, 5000

// searches read, in any order, some rows more than the better of two ways: the
// hits, or in the list's order all rows up to the page's last.
func (p *planning) searches() {
	for _, sort := range []*relay.Sort{nil, {Field: "PRICE"}, {Field: "CREATED_AT", Direction: relay.Descending}} {
		for word, rows := range map[string]int{
			"none": glance,
			"oak":  glance + 2*few, // found in the index, and read
			"wool": glance + 2*few,
			"the":  glance,
			"a":    glance,
		} {
			p.check(want{name: "products with " + word, rows: rows, sorts: true}, func(ctx context.Context) error {
				_, err := store.Products.Page(ctx, p.db, sqldb.List{
					Args: relay.Args{First: new(size)}, Filter: &store.ProductFilter{Search: &word}, Sort: sort,
				})
				return err
			})
		}
	}
}
