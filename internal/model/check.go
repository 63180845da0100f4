package model

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// Checker compares what an Exec answers with what the model says.
type Checker struct {
	Data *Dataset
	Exec Exec

	ids  IDs
	seen map[listKey]*cursors
}

// listKey tells lists apart whose cursors are not each other's.
type listKey struct{ field, sort string }

// cursors are those that were seen of one field and sort, by the row's number.
type cursors struct {
	sort Sort
	of   map[int64]string
}

// Do runs a document, which must succeed, and compares all of its answer.
func (c *Checker) Do(ctx context.Context, doc Document) error {
	query, variables := c.Render(doc)
	response, err := c.Exec(ctx, query, variables)
	if err == nil {
		err = c.document(doc, response)
	}
	if err != nil {
		return fmt.Errorf("%w\nquery: %s\nvariables: %s\nresponse: %d %s", err, query, compact(variables), response.Status, clip(response.Raw))
	}
	return nil
}

// Render is the document as it is sent.
func (c *Checker) Render(doc Document) (query string, variables map[string]any) {
	return doc.Render(c.ids)
}

func (c *Checker) document(doc Document, response Response) error {
	if response.Status != 200 || len(response.Errors) > 0 {
		return fmt.Errorf("refused")
	}
	var data map[string]json.RawMessage
	if err := json.Unmarshal(response.Data, &data); err != nil {
		return err
	}
	for _, l := range doc.Lists {
		if err := c.list(l, nil, data[l.Alias]); err != nil {
			return fmt.Errorf("%s: %w", l.Alias, err)
		}
	}
	for _, r := range doc.Roots {
		if err := c.row(r.Selection, r.Row, data[r.Alias]); err != nil {
			return fmt.Errorf("%s: %w", r.Alias, err)
		}
	}
	return nil
}

// connection is a connection as it is answered.
type connection struct {
	Edges []struct {
		Cursor string
		Node   json.RawMessage
	}
	Nodes    []json.RawMessage
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	TotalCount *int64
	Stats      *struct {
		Count                                      int64
		PriceMin, PriceMax, PriceAvg, InventorySum *string
	}
}

func (c *Checker) list(l List, parent Row, raw json.RawMessage) error {
	var got connection
	if err := json.Unmarshal(raw, &got); err != nil {
		return fmt.Errorf("no connection: %w: %s", err, clip(raw))
	}
	whole, page := l.Page(c.Data, parent)
	if l.Edges {
		var nodes []json.RawMessage
		for _, e := range got.Edges {
			nodes = append(nodes, e.Node)
		}
		if err := c.rows(l, page.Rows, nodes); err != nil {
			return fmt.Errorf("edges: %w", err)
		}
	}
	if l.Nodes {
		if err := c.rows(l, page.Rows, got.Nodes); err != nil {
			return fmt.Errorf("nodes: %w", err)
		}
	}
	if err := c.pageInfo(l, page, got); err != nil {
		return fmt.Errorf("pageInfo: %w", err)
	}
	if l.Total && (got.TotalCount == nil || *got.TotalCount != int64(len(whole))) {
		return fmt.Errorf("totalCount is not %d", len(whole))
	}
	if l.Stats {
		return checkStats(StatsOf(whole), got)
	}
	return nil
}

func (c *Checker) rows(l List, want []Row, got []json.RawMessage) error {
	if len(want) != len(got) {
		return fmt.Errorf("%d rows, want %d: %v", len(got), len(want), numbers(want))
	}
	for i, row := range want {
		if err := c.row(l.Row, row, got[i]); err != nil {
			return fmt.Errorf("%d (rows %v): %w", i, numbers(want), err)
		}
	}
	return nil
}

func numbers(rows []Row) []int64 {
	var all []int64
	for _, r := range rows {
		all = append(all, r.Number())
	}
	return all
}

// pageInfo checks both flags and both cursors, and keeps the cursors.
func (c *Checker) pageInfo(l List, page Page, got connection) error {
	info := got.PageInfo
	if info.HasNextPage != page.HasNext || info.HasPreviousPage != page.HasPrevious {
		return fmt.Errorf("next %t, previous %t; want %t, %t", info.HasNextPage, info.HasPreviousPage, page.HasNext, page.HasPrevious)
	}
	if len(page.Rows) == 0 {
		if info.StartCursor != nil || info.EndCursor != nil {
			return fmt.Errorf("cursors of an empty page")
		}
		return nil
	}
	last := len(page.Rows) - 1
	if info.StartCursor == nil || info.EndCursor == nil {
		return fmt.Errorf("no cursors")
	}
	if l.Edges && (*info.StartCursor != got.Edges[0].Cursor || *info.EndCursor != got.Edges[last].Cursor) {
		return fmt.Errorf("not the cursors of the first and the last edge")
	}
	c.keep(l, page.Rows[0], *info.StartCursor)
	c.keep(l, page.Rows[last], *info.EndCursor)
	for i, e := range got.Edges {
		c.keep(l, page.Rows[i], e.Cursor)
	}
	return nil
}

func (c *Checker) keep(l List, row Row, cursor string) {
	key := listKey{l.Field.String(), l.Sort.String()}
	if c.seen[key] == nil {
		c.seen[key] = &cursors{sort: l.Sort, of: map[int64]string{}}
	}
	c.seen[key].of[row.Number()] = cursor
}

// position is a row with its cursor, once a page with it has been seen.
func (c *Checker) position(f Field, s Sort, row Row) *Position {
	seen := c.seen[listKey{f.String(), s.String()}]
	if seen == nil || seen.of[row.Number()] == "" {
		return nil
	}
	return &Position{row, seen.of[row.Number()]}
}

// lists are the fields and sorts of which a cursor was seen.
func (c *Checker) lists() []listKey {
	return slices.SortedFunc(maps.Keys(c.seen), func(a, b listKey) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.sort, b.sort))
	})
}

// row checks what was asked of a row.
func (c *Checker) row(s Selection, row Row, raw json.RawMessage) error {
	var got map[string]json.RawMessage
	if err := json.Unmarshal(raw, &got); err != nil || got == nil {
		return fmt.Errorf("no row: %s", clip(raw))
	}
	values := row.values()
	values["id"] = c.ids[row.Kind()][row.Number()]
	for _, name := range s.Scalars {
		if want := compact(values[name]); !sameScalar(want, got[name]) {
			return fmt.Errorf("row %d: %s is %s, want %s", row.Number(), name, got[name], want)
		}
	}
	for _, l := range s.Links {
		number, ok := row.link(l.Name)
		if !ok {
			if string(got[l.Alias]) != "null" {
				return fmt.Errorf("row %d: %s is %s, want null", row.Number(), l.Name, got[l.Alias])
			}
			continue
		}
		if err := c.row(l.Selection, c.Data.Find(l.To, number), got[l.Alias]); err != nil {
			return fmt.Errorf("row %d: %s: %w", row.Number(), l.Name, err)
		}
	}
	for _, l := range s.Lists {
		if err := c.list(l, row, got[l.Alias]); err != nil {
			return fmt.Errorf("row %d: %s: %w", row.Number(), l.Alias, err)
		}
	}
	return nil
}

// sameScalar compares JSON whose strings may be escaped in different ways.
func sameScalar(want string, got json.RawMessage) bool {
	if want == string(got) {
		return true
	}
	var a, b string
	return json.Unmarshal([]byte(want), &a) == nil && json.Unmarshal(got, &b) == nil &&
		strings.HasPrefix(want, `"`) && bytes.HasPrefix(got, []byte(`"`)) && a == b
}

func checkStats(want Stats, got connection) error {
	if got.Stats == nil {
		return fmt.Errorf("no stats")
	}
	s := got.Stats
	sum, ok := new(big.Rat).SetString(deref(s.InventorySum))
	if s.Count != want.Count || !ok || sum.Cmp(big.NewRat(want.InventorySum, 1)) != 0 {
		return fmt.Errorf("stats: count %d, inventorySum %s; want %d, %d", s.Count, deref(s.InventorySum), want.Count, want.InventorySum)
	}
	for name, pair := range map[string][2]string{
		"priceMin": {price(want.PriceMin), deref(s.PriceMin)},
		"priceMax": {price(want.PriceMax), deref(s.PriceMax)},
		"priceAvg": {price(want.PriceAvg), deref(s.PriceAvg)},
	} {
		if pair[0] != pair[1] {
			return fmt.Errorf("stats: %s is %s, want %s", name, pair[1], pair[0])
		}
	}
	return nil
}

func price(cents *int64) string {
	if cents == nil {
		return "null"
	}
	return money(*cents)
}

func deref(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

// ID is the id of a row, as it was learnt.
func (c *Checker) ID(k Kind, number int64) string { return c.ids[k][number] }
