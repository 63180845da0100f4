package sqldb

import (
	"strconv"

	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
)

// The bounds of a filter.
const (
	maxIDs    = 100
	maxNested = 5  // of and, or and not
	maxFields = 50 // in all
	maxWords  = 50 // in a search
)

// Filter says which rows of a kind to keep: all for which every term holds.
type Filter interface {
	Terms(w *Where) []Term
}

// Where makes the terms of a filter and gathers its faults. It knows where in
// the request the filter stands, and whose rows, called t, it is about.
type Where struct {
	dialect dialect
	table   string
	path    string
	nested  int
	seen    *seen
}

// seen is what all parts of one filter share.
type seen struct {
	faults *fault.List
	fields int
}

// condition is the filter as one term.
func (w *Where) condition(f Filter) Term {
	if f == nil {
		return Term{}
	}
	return all(f.Terms(w)...)
}

// Refuse adds a fault about the field.
func (w *Where) Refuse(e *fault.Error) {
	e.Field = w.path + "." + e.Field
	w.seen.faults.Add(e)
}

// count counts a field that is given, and refuses the first that is too many.
func (w *Where) count() {
	w.seen.fields++
	if w.seen.fields == maxFields+1 {
		w.seen.faults.Add(fault.Input("filter", fault.TooLarge, "A filter has at most %d fields.", maxFields).
			Bounded(strconv.Itoa(maxFields)))
	}
}

// Cmp is a comparison, as in "t.price >= ?", with a value that may be absent.
func Cmp[V any](w *Where, comparison string, v *V) Term {
	if v == nil {
		return Term{}
	}
	w.count()
	return Term{SQL: comparison, Args: []any{*v}}
}

// If is the condition, or with false its contrary.
func (w *Where) If(condition string, v *bool) Term {
	if v == nil {
		return Term{}
	}
	w.count()
	term := Term{SQL: condition}
	if !*v {
		return not(term)
	}
	return term
}

// Ref is the condition that the column holds the key of the id, which must be
// one of the table's.
func Ref[T any](w *Where, field, column string, to *Table[T], id *relay.ID) Term {
	if id == nil {
		return Term{}
	}
	w.count()
	key, ok := id.Key(to.kind)
	if !ok {
		w.Refuse(malformed(field, to.kind))
	}
	return Term{SQL: column + " = ?", Args: []any{key}}
}

// Refs is the condition that the column holds the key of one of the ids, which
// must be the table's. A nil list is no condition; an empty one keeps nothing.
func Refs[T any](w *Where, field, column string, to *Table[T], ids []relay.ID) Term {
	if ids == nil {
		return Term{}
	}
	w.count()
	if len(ids) > maxIDs {
		w.Refuse(fault.Input(field, fault.TooLong, "At most %d ids may be given.", maxIDs).Bounded(strconv.Itoa(maxIDs)))
		return never
	}
	wanted := make(keys, len(ids))
	for i, id := range ids {
		key, ok := id.Key(to.kind)
		if !ok {
			w.Refuse(malformed(field+"."+strconv.Itoa(i), to.kind))
		}
		wanted[i] = key
	}
	return Term{SQL: w.dialect.among(column), Args: []any{wanted}}
}

func malformed(field, kind string) *fault.Error {
	return fault.Input(field, fault.Malformed, "This is not the id of a %s.", kind)
}

// Words is the condition that every word of the text begins a word of the row.
// A text without words is no condition.
func (w *Where) Words(field string, text *string) Term {
	if text == nil {
		return Term{}
	}
	w.count()
	words := scalar.Words(*text)
	if len(words) > maxWords {
		w.Refuse(fault.Input(field, fault.TooLong, "A search has at most %d words.", maxWords).Bounded(strconv.Itoa(maxWords)))
		return never
	}
	if len(words) == 0 {
		return Term{}
	}
	return Term{SQL: w.dialect.matches(w.table), Args: []any{match(words)}}
}

// Related is the condition that the row of another table, whose key the column
// holds, is there and kept by the filter.
func Related[T, F any, P interface {
	*F
	Filter
}](w *Where, field, column string, to *Table[T], f *F) Term {
	if f == nil {
		return Term{}
	}
	inner := w.below(field)
	inner.table = to.name
	kept := inner.condition(P(f)).where()
	return kept.in(column+" IN (SELECT t.id FROM "+to.name+" t", ")")
}

// Logic is the filter's and, or and not.
func Logic[F any, P interface {
	*F
	Filter
}](w *Where, and, or []*F, negated *F) Term {
	if w.nested == maxNested && (and != nil || or != nil || negated != nil) {
		w.seen.faults.Add(fault.Input(w.path, fault.TooLarge, "and, or and not nest at most %d deep.", maxNested).
			Bounded(strconv.Itoa(maxNested)))
		return never
	}
	each := func(name string, filters []*F) []Term {
		terms := make([]Term, len(filters))
		for i, f := range filters {
			terms[i] = w.deeper(name + "." + strconv.Itoa(i)).condition(P(f))
		}
		return terms
	}
	var logic []Term
	if and != nil {
		logic = append(logic, all(each("and", and)...))
	}
	if or != nil {
		logic = append(logic, one(each("or", or)))
	}
	if negated != nil {
		logic = append(logic, not(w.deeper("not").condition(P(negated))))
	}
	return all(logic...)
}

// below is the filter at the field of this one.
func (w *Where) below(field string) *Where {
	inner := *w
	inner.path += "." + field
	return &inner
}

func (w *Where) deeper(field string) *Where {
	inner := w.below(field)
	inner.nested++
	return inner
}
