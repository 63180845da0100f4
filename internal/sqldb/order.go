package sqldb

import (
	"slices"
	"strconv"
	"strings"

	"stoa/internal/fault"
	"stoa/internal/relay"
)

// maxSorts is how many keys a sort has at most.
const maxSorts = 3

// order is a total order of rows: its last key is the id, in the direction of
// the last key asked for, so that a sort by one field is one index read one way.
type order []sortKey

type sortKey struct {
	column     string
	descending bool
}

// orderOf returns the order that a client asked for, by id if it asked for none.
func orderOf(s *relay.Sort, faults *fault.List) order {
	var o order
	last := false
	field := "sortBy"
	for depth := 0; s != nil; s = s.ThenBy {
		if depth++; depth > maxSorts {
			faults.Add(fault.Input(field, fault.TooLong, "A sort has at most %d keys.", maxSorts).Bounded(strconv.Itoa(maxSorts)))
			break
		}
		column := s.Field.Column()
		last = s.Direction == relay.Descending
		// A second key on a column has no ties left to break.
		if !slices.ContainsFunc(o, func(k sortKey) bool { return k.column == column }) {
			o = append(o, sortKey{column, last})
		}
		field += ".thenBy"
	}
	return append(o, sortKey{"id", last})
}

// name tells orders apart, as in "price desc, id desc".
func (o order) name() string { return o.by("", false) }

// by is the order as SQL, of columns after the prefix, from its other end when
// reversed.
func (o order) by(prefix string, reversed bool) string {
	keys := make([]string, len(o))
	for i, k := range o {
		keys[i] = prefix + k.column
		if k.descending != reversed {
			keys[i] += " DESC"
		}
	}
	return strings.Join(keys, ", ")
}

// beyond is the condition that a row comes after the place or, when reversed,
// before it; or that it is the place itself, where inclusive. The place has a
// value for each key, which mark writes.
func (o order) beyond(place []any, reversed, inclusive bool, mark func(v any) string) Term {
	if o.oneWay() {
		return o.rowBeyond(place, compare(o[0].descending != reversed, inclusive), mark)
	}
	var expanded Term
	for i := len(o) - 1; i >= 0; i-- {
		column, op, value := "t."+o[i].column, compare(o[i].descending != reversed, false), mark(place[i])
		if i == len(o)-1 {
			expanded = Term{column + " " + compare(o[i].descending != reversed, inclusive) + " " + value, []any{place[i]}}
			continue
		}
		args := append([]any{place[i], place[i]}, expanded.Args...)
		expanded = Term{"(" + column + " " + op + " " + value + " OR " + column + " = " + value + " AND " + expanded.SQL + ")", args}
	}
	// What follows from the rest, said once more: the bound by which the first
	// key's index is entered. Without it PostgreSQL reads the whole table.
	bound := Term{"t." + o[0].column + " " + compare(o[0].descending != reversed, true) + " " + mark(place[0]), []any{place[0]}}
	return all(bound, expanded)
}

// oneWay tells whether all keys have one direction.
func (o order) oneWay() bool {
	return !slices.ContainsFunc(o, func(k sortKey) bool { return k.descending != o[0].descending })
}

// rowBeyond compares whole rows, which one index answers.
func (o order) rowBeyond(place []any, op string, mark func(v any) string) Term {
	if len(o) == 1 {
		return Term{"t." + o[0].column + " " + op + " " + mark(place[0]), place}
	}
	columns, values := "(t."+o[0].column, "("+mark(place[0])
	for i, k := range o[1:] {
		columns += ", t." + k.column
		values += ", " + mark(place[i+1])
	}
	return Term{columns + ") " + op + " " + values + ")", place}
}

func compare(descending, inclusive bool) string {
	op := ">"
	if descending {
		op = "<"
	}
	if inclusive {
		op += "="
	}
	return op
}
