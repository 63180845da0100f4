package sqldb

import "strings"

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
// a list whose rows are not asked for that field does not read it.
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

// selected is the columns by which rows are read of which only the named fields
// are asked for and that lie in the order; all of them, unless shows is given.
func (a *about) selected(shows func(field string) bool, o order) selection {
	if shows == nil {
		return a.whole
	}
	wanted := make([]bool, len(a.names))
	for i := range a.names {
		wanted[i] = !a.shown[i] || shows(a.fields[i])
	}
	for _, k := range o {
		wanted[a.places[k.column]] = true
	}
	c := selection{chosen: make([]int, 0, len(wanted))}
	var list strings.Builder
	for i, ok := range wanted {
		if ok {
			if list.Len() > 0 {
				list.WriteString(", ")
			}
			list.WriteString("t.")
			list.WriteString(a.names[i])
			c.chosen = append(c.chosen, i)
		}
	}
	c.list = list.String()
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
