package sqldb

import (
	"context"
	"slices"
	"strings"
)

// Fields are columns and where their values are, in the row at hand.
type Fields struct {
	names []string
	ptrs  []any
	shown []bool
}

// Add adds a column and a pointer to its value: a *int, *int64, *string,
// *scalar.Time, *scalar.Cents or, where NULL may stand, a pointer to such.
func (f *Fields) Add(name string, ptr any) { f.add(name, ptr, false) }

// Show adds a column of which nothing but the GraphQL field of its name is made:
// where that is not shown, it is not read.
func (f *Fields) Show(name string, ptr any) { f.add(name, ptr, true) }

func (f *Fields) add(name string, ptr any, shown bool) {
	f.names = append(f.names, name)
	f.ptrs = append(f.ptrs, ptr)
	f.shown = append(f.shown, shown)
}

// clear forgets the row, but not the room that its fields took.
func (f *Fields) clear() {
	clear(f.ptrs)
	f.names, f.ptrs, f.shown = f.names[:0], f.ptrs[:0], f.shown[:0]
}

// selection is the columns of a table that a statement selects, in the table's
// order.
type selection struct {
	list   string // as SQL, of the row t
	chosen []int  // their places among all of the table's
}

// Shows tells of each kind which of its GraphQL fields are shown.
type Shows func(kind, field string) bool

type showsKey struct{}

// Showing returns a context in which rows are read for no more than is shown of them.
func Showing(ctx context.Context, shows Shows) context.Context {
	return context.WithValue(ctx, showsKey{}, shows)
}

// shown tells whether the field of the kind is shown; so it is where the context does
// not say.
func shown(ctx context.Context, kind, field string) bool {
	shows, ok := ctx.Value(showsKey{}).(Shows)
	return !ok || shows(kind, field)
}

// selected is the columns by which rows are read of which only what is shown is asked
// for, and that lie in the order; all of them, where the context does not say.
func (a *about) selected(ctx context.Context, o order) selection {
	shows, ok := ctx.Value(showsKey{}).(Shows)
	if !ok {
		return a.whole
	}
	ordered := func(column string) bool {
		return slices.ContainsFunc(o, func(k sortKey) bool { return k.column == column })
	}
	var chosen columns
	for i, name := range a.names {
		if !a.shown[i] || shows(a.kind, a.fields[i]) || ordered(name) {
			chosen |= 1 << i
		}
	}
	return a.chosen(chosen)
}

// columns are some of a table's: a bit for the place of each.
type columns uint64

// chosen is the selection of the columns, of which a table has few sets.
func (a *about) chosen(some columns) selection {
	if known, ok := a.selections.Load(some); ok {
		return known.(selection)
	}
	var c selection
	var list []string
	for i, name := range a.names {
		if some&(1<<i) != 0 {
			list = append(list, "t."+name)
			c.chosen = append(c.chosen, i)
		}
	}
	c.list = strings.Join(list, ", ")
	a.selections.Store(some, c)
	return c
}

// fieldOf is the GraphQL field of a column's name: createdAt of created_at.
func fieldOf(column string) string {
	words := strings.Split(column, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
