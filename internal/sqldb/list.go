package sqldb

import (
	"context"
	"slices"
	"strconv"
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

// The sides of a page: its own rows, and the nearest one before and after it.
const (
	inside = iota
	previous
	next
)

// span is a run of rows of the list, from one place on in one direction.
type span struct {
	side     int
	within   Term
	reversed bool
	limit    int
}

// unasked tells of the sides before and after a page whether no pageInfo of the
// context's document says if there are rows.
func unasked(ctx context.Context) [3]bool {
	return [3]bool{previous: !shown(ctx, "PageInfo", "hasPreviousPage"), next: !shown(ctx, "PageInfo", "hasNextPage")}
}

// spans are those that a page takes: its rows and one more in its direction,
// and beyond each cursor whether there is a row, where anybody asks for that.
func (l *listing) spans() []span {
	afterStart, beforeEnd := l.beyond(l.after, false, false), l.beyond(l.before, true, false)
	further, limit := next, l.window.Size
	if l.window.Backward {
		further = previous
	}
	if !l.unasked[further] || limit == 0 {
		limit++
	}
	spans := []span{{inside, all(afterStart, beforeEnd), l.window.Backward, limit}}
	if l.after != nil && !l.unasked[previous] {
		within := l.beyond(l.after, true, true)
		if l.window.Backward {
			within = all(within, beforeEnd)
		}
		spans = append(spans, span{previous, within, true, 1})
	}
	if l.before != nil && !l.unasked[next] {
		within := l.beyond(l.before, false, true)
		if !l.window.Backward {
			within = all(within, afterStart)
		}
		spans = append(spans, span{next, within, false, 1})
	}
	return spans
}

func (l *listing) beyond(place []any, reversed, inclusive bool) Term {
	if place == nil {
		return Term{}
	}
	return l.order.beyond(place, reversed, inclusive, l.dialect.place)
}

// read selects the columns of the span's rows that keep the conditions, in the
// list's order, and of those the first, up to the limit.
func (l *listing) read(w *statement, s span, columns Term, limit string, conditions ...Term) {
	within := s.within
	within.SQL = l.relation.keyed(within.SQL)
	order := l.order
	if within.SQL == "" && len(order) > 2 {
		within.SQL = l.dialect.entering("t." + order[0].column)
	}
	if s.side != inside {
		order = order[:1] // any row will do, so ties need no order
	}
	w.add("SELECT ").term(columns).add(" FROM ", l.table.name, " t", l.relation.join)
	w.where(append(conditions, within)...)
	w.add(" ORDER BY ", l.relation.keyed(order.by("t.", s.reversed)), " LIMIT ", limit)
}

// eachSpan reads every span of the list, one after the other.
func (l *listing) eachSpan(w *statement, own Term) {
	if l.gathers {
		l.dialect.gather(w, l, own)
		return
	}
	l.each(w, l.walk, own)
}

// each reads every span in the way that is given.
func (l *listing) each(w *statement, way func(w *statement, s span, own Term), own Term) {
	spans := l.spans()
	if len(spans) == 1 {
		way(w, spans[0], own)
		return
	}
	for i, s := range spans {
		w.between(i, " UNION ALL ").add("SELECT a.* FROM (")
		way(w, s, own)
		w.add(") a")
	}
}

// columns are those of a span's rows, the side first.
func (l *listing) columns(s span) string {
	return strconv.Itoa(s.side) + " AS side, " + l.selection.list
}

// walk reads a span in the order of the list, testing each row.
func (l *listing) walk(w *statement, s span, own Term) {
	l.read(w, s, Term{SQL: l.columns(s)}, strconv.Itoa(s.limit), own, l.filter)
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
func (t *Table[T]) Page(ctx context.Context, db *DB, asked List) (*relay.Connection[T], error) {
	l, err := t.listing(ctx, db, "all", relation{}, asked)
	if err != nil {
		return nil, err
	}
	list := alone(t, db, l)
	defer list.counting(ctx)()
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
func (t *Table[T]) pages(ctx context.Context, db *DB, l *listing, parents keys) (map[int64]*relay.Connection[T], error) {
	byParent := make(map[int64]*found[T], len(parents))
	family := make([]*scope[T], len(parents))
	for i, key := range parents {
		byParent[key] = &found[T]{}
		family[i] = &scope[T]{table: t, db: db, listing: l, key: key}
	}
	together(family)
	defer family[0].counting(ctx)()
	var side int
	var parent int64
	err := t.scan(ctx, db.rows, db.dialect.perKey(l, parents), []any{&parent, &side}, l.selection, func(row *T) {
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
