package model

// Document is a query: the roots side by side.
type Document struct {
	Lists []List
	Roots []Root
	Style Style
	Parts Parts
}

// Parts is how selections are written.
type Parts int

// The ways to write selections: as they are; those of rows as named fragments;
// in inline fragments with directives, and some fields twice.
const (
	Whole Parts = iota
	Named
	Inline
	parts
)

// Style is how arguments are written.
type Style int

// The styles: all in the document; one variable for each argument; variables
// inside of inputs; the same with their values as the variables' defaults.
const (
	Literals Style = iota
	Variables
	Leaves
	Defaults
	styles
)

// Missing is how an argument without a value is written: not at all, as null,
// or as a variable that is not sent.
type Missing int

// The ways to write nothing.
const (
	Absent Missing = iota
	Nulled
	Unsent
	missings
)

// Root is a field of the Query that leads to one row: Name is node, or the
// kind's own (product, …).
type Root struct {
	Alias, Name string
	Row         Row
	Selection   Selection
}

// Selection is what is asked of a row.
type Selection struct {
	Scalars []string // "id" and any of Row's values
	Links   []Link
	Lists   []List
}

// Link is a to-one field.
type Link struct {
	Alias, Name string
	To          Kind
	Selection   Selection
}

// Position is a row in a list and the cursor that stands for it.
type Position struct {
	Row    Row
	Cursor string
}

// List is a connection field, its arguments and what is asked of it.
type List struct {
	Alias         string
	Field         Field
	First, Last   *int
	After, Before *Position
	Filter        Filter // nil: none is given
	Sort          Sort
	Missing       Missing

	Edges, Nodes, Total, Stats bool
	Row                        Selection
}

// Page is what the model answers below a parent.
func (l List) Page(d *Dataset, parent Row) (whole []Row, page Page) {
	whole = d.List(l.Field, parent, l.Filter, l.Sort)
	w := Window{First: l.First, Last: l.Last}
	if l.After != nil {
		w.After = l.After.Row
	}
	if l.Before != nil {
		w.Before = l.Before.Row
	}
	return whole, Paginate(whole, l.Sort, w)
}
