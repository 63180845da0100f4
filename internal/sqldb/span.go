package sqldb

import (
	"context"
	"strconv"
)

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
