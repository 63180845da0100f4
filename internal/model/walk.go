package model

import (
	"context"
	"fmt"
	"slices"
)

// Case is one connection with its filter and sort, to be walked page by page.
type Case struct {
	Field    Field
	Parent   Row // nil for the Query's
	Filter   Filter
	Sort     Sort
	Size     int // of a page
	Backward bool
	Style    Style
	Via      string // the field that leads to the parent: node, or the kind's own
	Shape    List   // what is asked, its arguments aside
	Windows  []List // further pages: windows and sizes; their positions count
}

func (cs Case) String() string {
	return fmt.Sprintf("%s, sort %q, pages of %d, backward %t", cs.Field, cs.Sort, cs.Size, cs.Backward)
}

// Check walks the whole list, then looks at the windows.
func (c *Checker) Check(ctx context.Context, cs Case) error {
	if err := c.walk(ctx, cs); err != nil {
		return fmt.Errorf("walk: %w", err)
	}
	if len(cs.Windows) == 0 {
		return nil
	}
	if err := c.Harvest(ctx, cs); err != nil {
		return fmt.Errorf("harvest: %w", err)
	}
	for _, w := range cs.Windows {
		if err := c.window(ctx, cs, w); err != nil {
			return fmt.Errorf("window: %w", err)
		}
	}
	return nil
}

func (c *Checker) window(ctx context.Context, cs Case, w List) error {
	for _, at := range []**Position{&w.After, &w.Before} {
		if *at == nil {
			continue
		}
		*at = c.position(cs.Field, cs.Sort, (*at).Row)
		if *at == nil {
			return fmt.Errorf("no cursor of a row was seen")
		}
	}
	w.Filter, w.Sort = cs.Filter, cs.Sort
	return c.Do(ctx, cs.document(w))
}

// Harvest reads the whole list without its filter for the cursors of its rows.
func (c *Checker) Harvest(ctx context.Context, cs Case) error {
	cs.Filter, cs.Size, cs.Backward = nil, 100, false
	cs.Shape = List{Field: cs.Field, Edges: true, Row: Selection{Scalars: []string{"id"}}}
	return c.walk(ctx, cs)
}

// document asks for a list where the case has it.
func (cs Case) document(l List) Document {
	l.Alias = "list"
	doc := Document{Style: cs.Style}
	if cs.Parent == nil {
		doc.Lists = []List{l}
		return doc
	}
	doc.Roots = []Root{{Alias: "of", Name: cs.Via, Row: cs.Parent, Selection: Selection{Scalars: []string{"id"}, Lists: []List{l}}}}
	return doc
}

// walk follows the cursors from one end of the list to the other and compares
// the pages, each and all together, with the list.
func (c *Checker) walk(ctx context.Context, cs Case) error {
	var seen []int64
	var at *Position
	whole := c.Data.List(cs.Field, cs.Parent, cs.Filter, cs.Sort)
	for range len(whole)/cs.Size + 2 {
		l := cs.Shape
		l.Filter, l.Sort = cs.Filter, cs.Sort
		if cs.Backward {
			l.Last, l.Before = &cs.Size, at
		} else {
			l.First, l.After = &cs.Size, at
		}
		if err := c.Do(ctx, cs.document(l)); err != nil {
			return err
		}
		_, page := l.Page(c.Data, cs.Parent)
		rows := numbers(page.Rows)
		more, edge := page.HasNext, len(rows)-1
		if cs.Backward {
			slices.Reverse(rows)
			more, edge = page.HasPrevious, 0
		}
		seen = append(seen, rows...)
		if !more {
			break
		}
		at = c.position(cs.Field, cs.Sort, page.Rows[edge])
	}
	if cs.Backward {
		slices.Reverse(seen)
	}
	if !slices.Equal(seen, numbers(whole)) {
		return fmt.Errorf("the pages together are %v, the list is %v", seen, numbers(whole))
	}
	return nil
}
