package store_test

import (
	"context"
	"fmt"
	"strings"

	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// sorts: a page by any field, either way, from either end, after and before a
// row, and between two, is as many steps in one index as it has rows.
func (p *planning) sorts() {
	for _, c := range p.catalogues() {
		rows := asked * c.parents
		p.pages(c, nil, pages, want{name: c.index + " by id", index: c.byID, rows: rows})
		for _, field := range c.fields {
			for _, direction := range []relay.SortDirection{relay.Ascending, relay.Descending} {
				p.pages(c, &relay.Sort{Field: relay.SortField(field), Direction: direction}, pages, want{
					name:    fmt.Sprintf("%s by %s %s", c.index, field, direction),
					index:   c.index + "_" + strings.ToLower(field),
					entered: "(" + strings.ToLower(field) + ",rowid)",
					rows:    rows,
				})
			}
		}
	}
}

// pages are the kinds of page that there are.
var pages = []string{"first", "last", "first after", "last after", "first before", "last before", "first after before", "last after before"}

// pages checks a page of each of the kinds.
func (p *planning) pages(c catalogue, sort *relay.Sort, kinds []string, w want) {
	p.Helper()
	near, far := p.cursors(c, sort)
	n := size
	for _, kind := range kinds {
		var args relay.Args
		if strings.Contains(kind, "first") {
			args.First = &n
		} else {
			args.Last = &n
		}
		switch {
		case strings.Contains(kind, "after before"):
			args.After, args.Before = near, far
		case strings.Contains(kind, "after"):
			args.After = far
		case strings.Contains(kind, "before"):
			args.Before = far
		}
		w := w
		w.name += ", " + kind
		if args.After == nil && args.Before == nil {
			w.entered = ""
		}
		p.check(w, func(ctx context.Context) error {
			_, err := c.page(ctx, sqldb.List{Args: args, Sort: sort})
			return err
		})
	}
}

// cursors are of two rows of the first parent's list, the 50th and the 100th.
func (p *planning) cursors(c catalogue, sort *relay.Sort) (near, far *string) {
	p.Helper()
	some := 50
	for _, cursor := range []**string{&near, &far} {
		info, err := c.page(p.Context(), sqldb.List{Args: relay.Args{First: &some, After: near}, Sort: sort})
		if err != nil {
			p.Fatal(err)
		}
		if *cursor = info.EndCursor(); *cursor == nil {
			p.Fatalf("%s: the list is too short", c.index)
		}
	}
	return near, far
}

// secondKeys: a page by two fields is read by the index of the first; of the
// rows that tie in it, all at the page's place are read and sorted.
func (p *planning) secondKeys() {
	for _, c := range p.catalogues() {
		for i, field := range c.fields {
			if field == "LIKES" || field == "INVENTORY" {
				continue // of which a large part of all rows may tie
			}
			second := c.fields[(i+1)%len(c.fields)]
			for _, direction := range []relay.SortDirection{relay.Ascending, relay.Descending} {
				p.pages(c, &relay.Sort{
					Field: relay.SortField(field), Direction: relay.Ascending,
					ThenBy: &relay.Sort{Field: relay.SortField(second), Direction: direction},
				}, []string{"first", "last after", "first after before"}, want{
					name:  fmt.Sprintf("%s by %s, %s %s", c.index, field, second, direction),
					index: c.index + "_" + strings.ToLower(field),
					rows:  3 * (asked + ties) * c.parents,
				})
			}
		}
	}
}

// ties are more than any value but 0 likes and an inventory of 0 has rows.
const ties = 200
