package sqldb

import (
	"context"
	"slices"
	"strings"

	"stoa/internal/batch"
	"stoa/internal/fault"
	"stoa/internal/relay"
)

// List is what a connection field was asked for.
type List struct {
	relay.Args
	Filter Filter // nil keeps everything
	Sort   *relay.Sort
	// Place is the field's place in the query: siblings that ask from the same
	// place are answered together, so they must ask for the same.
	Place any
	// Counted is that the number of the list's rows will be asked for, too.
	Counted bool
}

// listing is a list as it is read: of all rows of a table or, where relation is
// set, of those of each parent.
type listing struct {
	dialect       dialect
	with          Term // WITH …, where the table is made for the statement
	table         *about
	relation      relation
	selection     selection
	filter        Term
	tested        Term  // the filter, to test rows one by one
	searches      bool  // the filter has words
	gathers       bool  // the filter is one that no index in the order answers
	bounds        Term  // those of the filter that an index in the order is entered by
	relatives     keyed // those that the filter asks for, where it asks for nothing but them and the bounds
	hits          Term  // selects the ids of the rows kept, where the filter has nothing but words
	order         order
	window        relay.Window
	after, before []any   // nil where open
	unasked       [3]bool // of each side of a page, whether nobody asks what is there
	counted       bool    // the rows will be counted
	name          string
}

// listing checks what was asked for; its faults come all at once.
func (t *Table[T]) listing(ctx context.Context, db *DB, owner string, r relation, asked List) (*listing, error) {
	var faults fault.List
	l := &listing{
		dialect:  db.dialect,
		table:    &t.about,
		relation: r,
		window:   asked.Window(&faults),
		order:    orderOf(asked.Sort, &faults),
		unasked:  unasked(ctx),
		counted:  asked.Counted,
	}
	l.selection = t.selected(ctx, l.order)
	l.name = owner + "." + t.name + " " + r.column + " by " + l.order.name()
	read := func(place []byte) ([]any, bool) { return t.valuesOf(place, l.order) }
	l.after = l.open("after", asked.After, read, &faults)
	l.before = l.open("before", asked.Before, read, &faults)
	where := Where{dialect: db.dialect, table: &t.about, path: "filter", binds: true, seen: &seen{faults: &faults}}
	l.filter = where.condition(asked.Filter)
	l.gathers, l.tested = where.seen.gathers && l.filter.SQL != "", l.filter
	if where.seen.tested {
		testing := where
		testing.tests, testing.seen = true, &seen{faults: new(fault.List)}
		l.tested = testing.condition(asked.Filter)
	}
	for _, bound := range where.seen.bounds {
		if strings.HasPrefix(bound.SQL, "t."+l.order[0].column+" ") {
			l.bounds = all(l.bounds, bound)
		}
	}
	if kin := where.seen.relatives; l.filter.SQL == all(kin.condition, l.bounds).SQL {
		l.relatives = kin
	}
	if hits := where.seen.hits; l.filter.SQL == hits.condition.SQL {
		l.hits = hits.keys
	}
	l.searches = where.seen.searches
	if where.seen.varies && !l.searches {
		l.filter = all(l.filter, db.dialect.varied())
	}
	return l, faults.Err()
}

// open reads a cursor, and the place in it by read.
func (l *listing) open(field string, cursor *string, read func(place []byte) ([]any, bool), faults *fault.List) []any {
	if cursor == nil {
		return nil
	}
	if place, ok := relay.DecodeCursor(l.name, *cursor); ok {
		if values, ok := read(place); ok {
			return values
		}
	}
	faults.Add(fault.Input(field, fault.Malformed, "This is not a cursor of this list in this order."))
	return nil
}

// found is what a page's spans brought.
type found[T any] struct {
	rows  []*T
	sides [3]int
}

func (f *found[T]) add(side int, row *T) {
	f.sides[side]++
	if side == inside {
		f.rows = append(f.rows, row)
	}
}

// page makes the connection of what was found.
func (f *found[T]) page(l *listing, source relay.Source[T]) *relay.Connection[T] {
	more := len(f.rows) > l.window.Size
	if more {
		f.rows = f.rows[:l.window.Size]
	}
	c := &relay.Connection[T]{
		Rows:        f.rows,
		HasPrevious: f.sides[previous] > 0,
		HasNext:     f.sides[next] > 0,
		Source:      source,
	}
	if l.window.Backward {
		slices.Reverse(c.Rows)
		c.HasPrevious = c.HasPrevious || more
	} else {
		c.HasNext = c.HasNext || more
	}
	return c
}

// Page returns a page of all rows.
func (t *Table[T]) Page(ctx context.Context, db *DB, asked List) (_ *relay.Connection[T], err error) {
	l, err := t.listing(ctx, db, "all", relation{}, asked)
	if err != nil {
		return nil, err
	}
	list := alone(t, db, l)
	counted := list.counting(ctx)
	defer func() { counted(err) }()
	var read statement
	l.eachSpan(&read, Term{})
	var f found[T]
	var side int
	err = t.scan(ctx, db.rows, read.whole(), []any{&side}, l.selection, func(row *T) { f.add(side, row) })
	if err != nil {
		return nil, err
	}
	page := f.page(l, list)
	t.settle(page.Rows)
	return page, nil
}

// pages returns a page for each of the parents' keys.
func (t *Table[T]) pages(ctx context.Context, db *DB, l *listing, parents keys) (_ map[int64]*relay.Connection[T], err error) {
	byParent := make(map[int64]*found[T], len(parents))
	family := make([]*scope[T], len(parents))
	for i, key := range parents {
		byParent[key] = &found[T]{}
		family[i] = &scope[T]{table: t, db: db, listing: l, key: key}
	}
	together(family)
	counted := family[0].counting(ctx)
	defer func() { counted(err) }()
	var side int
	var parent int64
	err = t.scan(ctx, db.rows, db.dialect.perKey(l, parents), []any{&parent, &side}, l.selection, func(row *T) {
		byParent[parent].add(side, row)
	})
	if err != nil {
		return nil, err
	}
	pages := make(map[int64]*relay.Connection[T], len(parents))
	var rows []*T
	for i, key := range parents {
		pages[key] = byParent[key].page(l, family[i])
		rows = append(rows, pages[key].Rows...)
	}
	t.settle(rows)
	return pages, nil
}

// together makes the lists a level: from now on they are summarised together.
func together[T any](family []*scope[T]) {
	level := batch.NewLevel(family)
	for _, s := range family {
		s.family = level
	}
}

// alone is the scope of a list that has no siblings.
func alone[T any](t *Table[T], db *DB, l *listing) *scope[T] {
	s := &scope[T]{table: t, db: db, listing: l, key: 1}
	together([]*scope[T]{s})
	return s
}
