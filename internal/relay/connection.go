package relay

import "context"

// Connection is one page of a list of rows.
type Connection[T any] struct {
	// Rows are those of the page, in the order of the list.
	Rows []*T
	// HasNext and HasPrevious tell whether the list has a row on that side of
	// the page.
	HasNext, HasPrevious bool
	// Source is the list.
	Source Source[T]
}

// Source is the list that a page was cut from.
type Source[T any] interface {
	// Cursor is the place of a row in the list.
	Cursor(row *T) string
	// Count is the number of rows in the whole list.
	Count(ctx context.Context) (int, error)
}

// Edge is a row and its place in the list.
type Edge[T any] struct {
	Node   *T
	source Source[T]
}

// Cursor is where a page may begin after, or end before.
func (e Edge[T]) Cursor() string { return e.source.Cursor(e.Node) }

// Nodes are the rows.
func (c *Connection[T]) Nodes() []*T { return c.Rows }

// Edges are the rows with their places.
func (c *Connection[T]) Edges() []Edge[T] {
	edges := make([]Edge[T], len(c.Rows))
	for i, row := range c.Rows {
		edges[i] = Edge[T]{row, c.Source}
	}
	return edges
}

// TotalCount is the number of rows in the whole list. It asks the database.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) {
	return c.Source.Count(ctx)
}

// PageInfo tells where the page lies.
func (c *Connection[T]) PageInfo() PageInfo {
	info := PageInfo{HasNextPage: c.HasNext, HasPreviousPage: c.HasPrevious}
	if n := len(c.Rows); n > 0 {
		info.start = func() string { return c.Source.Cursor(c.Rows[0]) }
		info.end = func() string { return c.Source.Cursor(c.Rows[n-1]) }
	}
	return info
}

// PageInfo tells where a page lies in its list.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool

	start, end func() string // nil where there is no row
}

// StartCursor is the cursor of the first row, nil where there is none.
func (p PageInfo) StartCursor() *string { return evaluated(p.start) }

// EndCursor is the cursor of the last row, nil where there is none.
func (p PageInfo) EndCursor() *string { return evaluated(p.end) }

func evaluated(cursor func() string) *string {
	if cursor == nil {
		return nil
	}
	text := cursor()
	return &text
}
