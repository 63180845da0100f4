package model

import (
	"maps"
	"slices"
)

// Sort makes a sort of up to three keys; none is the default order.
func (g Gen) Sort(k Kind) Sort {
	var s Sort
	for range g.IntN(4) {
		s = append(s, SortKey{Field: pick(g, sortFields[k]), Desc: g.one(2), Bare: g.one(5)})
	}
	return s
}

// shape decides what is asked of a list and how.
func (g Gen) shape(l List, full bool) List {
	l.Missing = Missing(g.IntN(int(missings)))
	l.Edges = g.one(2)
	l.Nodes = !l.Edges || g.one(4)
	l.Total = g.one(3)
	l.Stats = l.Field.Rows == KindProduct && g.one(3)
	l.Row.Scalars = []string{"id"}
	if full {
		l.Row = g.scalars(l.Field.Rows)
	}
	return l
}

// scalars asks for some of a row's plain fields and links.
func (g Gen) scalars(k Kind) Selection {
	s := everything(k)
	s.Scalars = slices.DeleteFunc(s.Scalars, func(name string) bool { return name != "id" && g.one(3) })
	s.Links = slices.DeleteFunc(s.Links, func(Link) bool { return g.one(3) })
	return s
}

// everything asks for all of a row's plain fields, and for the ids of its links.
func everything(k Kind) Selection {
	example := map[Kind]Row{KindProduct: &Product{}, KindCategory: &Category{}, KindUser: &User{}, KindPost: &Post{}}[k]
	s := Selection{Scalars: append([]string{"id"}, sortedKeys(example.values())...)}
	for _, name := range sortedKeys(links[k]) {
		s.Links = append(s.Links, Link{Alias: name, Name: name, To: links[k][name], Selection: Selection{Scalars: []string{"id"}}})
	}
	return s
}

// links are the to-one fields of a kind.
var links = map[Kind]map[string]Kind{
	KindProduct: {"category": KindCategory},
	KindPost:    {"category": KindCategory, "author": KindUser},
}

// Case makes a case of a field; false when the field has no parent to be asked of.
func (g Gen) Case(c *Checker, f Field) (Case, bool) {
	cs := Case{Field: f, Sort: g.Sort(f.Rows), Size: pick(g, []int{1, 2, 3, 7, 10, 100}), Backward: g.one(2), Style: Style(g.IntN(int(styles)))}
	if f.Of != "" {
		rows := c.Data.Rows(f.Of)
		if len(rows) == 0 {
			return cs, false
		}
		cs.Parent = pick(g, rows[:g.skewed(len(rows))])
		cs.Via = pick(g, []string{"node", rootNames[f.Of]})
	}
	if !g.one(4) {
		cs.Filter = g.Filter(c.Data, f.Rows, 3)
	}
	cs.Shape = g.shape(List{Field: f}, g.one(3))
	for range 4 {
		cs.Windows = append(cs.Windows, g.window(c, cs))
	}
	return cs, true
}

// rootNames are the fields of the Query that lead to a row by its id.
var rootNames = map[Kind]string{KindProduct: "product", KindCategory: "category", KindUser: "user", KindPost: "post"}

// window makes a page of a case between random positions, those of rows
// included that the filter does not keep. Their cursors are filled in later.
func (g Gen) window(c *Checker, cs Case) List {
	w := g.shape(List{Field: cs.Field}, false)
	rows := c.Data.Connection(cs.Field, cs.Parent)
	if len(rows) > 0 && !g.one(3) {
		w.After = &Position{Row: pick(g, rows)}
	}
	if len(rows) > 0 && !g.one(3) {
		w.Before = &Position{Row: pick(g, rows)}
	}
	count := pick(g, []int{0, 0, 1, 2, 3, 10, 99, 100})
	switch g.IntN(5) {
	case 0:
	case 1, 2:
		w.Last = &count
	default:
		w.First = &count
	}
	return w
}

func sortedKeys[K interface{ ~int64 | ~string }, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
