package model

import (
	"fmt"
	"slices"
)

// nesting makes documents whose connections lie in one another.
type nesting struct {
	Gen
	c       *Checker
	aliases int
}

// Document makes a document of one or two connections of the Query, with
// connections and links below their rows, at most depth deep. Cursors are those
// that the Checker has seen, of whatever parent.
func (g Gen) Document(c *Checker, depth int) Document {
	n := &nesting{Gen: g, c: c}
	doc := Document{Style: Style(g.IntN(int(styles))), Parts: Parts(g.IntN(int(parts)))}
	for range 1 + g.IntN(2) {
		doc.Lists = append(doc.Lists, n.list(RootField(pick(g, Kinds)), depth))
	}
	return doc
}

// Filters makes a document of many pages of one kind, each of another filter:
// half of them of a single term, which nothing else can hide.
func (g Gen) Filters(c *Checker, k Kind, many int) Document {
	n := &nesting{Gen: g, c: c}
	doc := Document{Style: Style(g.IntN(int(styles)))}
	for i := range many {
		l := List{Alias: n.alias(), Field: RootField(k), First: new(20), Nodes: true, Total: true, Row: Selection{Scalars: []string{"id"}}}
		l.Filter = g.Filter(c.Data, k, g.IntN(3))
		if i%2 == 0 {
			name := pick(g, terms[k])
			l.Filter = Filter{{name, g.arg(c.Data, k, name, 1)}}
		}
		doc.Lists = append(doc.Lists, l)
	}
	return doc
}

func (n *nesting) alias() string {
	n.aliases++
	return fmt.Sprintf("a%d", n.aliases)
}

func (n *nesting) list(f Field, depth int) List {
	l := n.shape(List{Alias: n.alias(), Field: f, Sort: n.Sort(f.Rows)}, false)
	if n.one(2) {
		n.bound(&l)
	}
	if n.one(2) {
		l.Filter = n.Filter(n.c.Data, f.Rows, 1)
	}
	count := n.IntN(2 + 2*depth)
	if n.one(3) {
		l.Last = &count
	} else {
		l.First = &count
	}
	l.Row = n.selection(f.Rows, depth-1)
	return l
}

// bound gives a list positions of its field that were seen before, and the sort
// to which they belong.
func (n *nesting) bound(l *List) {
	sorts := slices.DeleteFunc(n.c.lists(), func(k listKey) bool { return k.field != l.Field.String() })
	if len(sorts) == 0 {
		return
	}
	seen := n.c.seen[pick(n.Gen, sorts)]
	l.Sort = seen.sort
	for _, at := range []**Position{&l.After, &l.Before} {
		if n.one(3) {
			continue
		}
		if row := n.c.Data.Find(l.Field.Rows, pick(n.Gen, sortedKeys(seen.of))); row != nil {
			*at = n.c.position(l.Field, l.Sort, row)
		}
	}
}

func (n *nesting) selection(k Kind, depth int) Selection {
	s := n.scalars(k)
	s.Links = nil
	if depth <= 0 {
		return s
	}
	for _, f := range Fields {
		for n.one(2) && f.Of == k && len(s.Lists) < 2 {
			s.Lists = append(s.Lists, n.list(f, depth))
		}
	}
	for _, name := range sortedKeys(links[k]) {
		if !n.one(3) {
			to := links[k][name]
			s.Links = append(s.Links, Link{Alias: n.alias(), Name: name, To: to, Selection: n.selection(to, depth-1)})
		}
	}
	return s
}
