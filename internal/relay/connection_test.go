package relay

import (
	"context"
	"errors"
	"testing"
)

type letter string

// alphabet counts what it is asked.
type alphabet struct{ cursors, counts int }

func (a *alphabet) Cursor(row *letter) string {
	a.cursors++
	return "at " + string(*row)
}

func (a *alphabet) Count(context.Context) (int, error) {
	a.counts++
	return 26, nil
}

func page(source Source[letter], letters ...letter) *Connection[letter] {
	c := &Connection[letter]{HasNext: true, Source: source}
	for _, l := range letters {
		c.Rows = append(c.Rows, &l)
	}
	return c
}

func TestEdgesAreTheRowsWithTheirPlaces(t *testing.T) {
	source := &alphabet{}
	c := page(source, "m", "n", "o")
	edges := c.Edges()
	if len(edges) != 3 || len(c.Nodes()) != 3 {
		t.Fatalf("got %d edges and %d nodes", len(edges), len(c.Nodes()))
	}
	for i, edge := range edges {
		if edge.Node != c.Nodes()[i] || edge.Cursor() != "at "+string(*edge.Node) {
			t.Errorf("the edge %d is %s at %q", i, *edge.Node, edge.Cursor())
		}
	}
}

func TestPageInfoTellsWhereThePageLies(t *testing.T) {
	info := page(&alphabet{}, "m", "n", "o").PageInfo()
	if !info.HasNextPage || info.HasPreviousPage {
		t.Errorf("got next %v, previous %v", info.HasNextPage, info.HasPreviousPage)
	}
	if got, want := *info.StartCursor(), "at m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := *info.EndCursor(), "at o"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnEmptyPageHasNoCursors(t *testing.T) {
	c := page(&alphabet{})
	if info := c.PageInfo(); info.StartCursor() != nil || info.EndCursor() != nil || !info.HasNextPage {
		t.Errorf("got %+v", info)
	}
	if edges := c.Edges(); edges == nil || len(edges) != 0 {
		t.Errorf("the edges are %v, want an empty list", edges)
	}
}

func TestNothingIsComputedThatIsNotAskedFor(t *testing.T) {
	source := &alphabet{}
	c := page(source, "m", "n", "o")
	c.Edges()
	c.Nodes()
	c.PageInfo()
	if source.cursors+source.counts > 0 {
		t.Errorf("%d cursors and %d counts for nobody", source.cursors, source.counts)
	}
	if n, err := c.TotalCount(t.Context()); n != 26 || err != nil || source.counts != 1 {
		t.Errorf("got %d, %v by %d counts", n, err, source.counts)
	}
}

type broken struct{ alphabet }

var errBroken = errors.New("away")

func (*broken) Count(context.Context) (int, error) { return 0, errBroken }

func TestTotalCountPassesErrorsOn(t *testing.T) {
	if _, err := page(&broken{}, "m").TotalCount(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}
