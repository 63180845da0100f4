package sqldb

import (
	"strconv"
	"strings"

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

// Filter says which rows of a kind to keep: those for which every term holds,
// and what it is combined with. A kind's filter embeds Combined first.
type Filter interface {
	// Terms are those of the fields that are the kind's own.
	Terms(w *Where) []Term
	combined(w *Where) Term
}

// Combined is what every filter F has.
type Combined[F any] struct {
	Ids     []relay.ID
	And, Or []*F
	Not     *F
}

// Where makes the terms of a filter and gathers its faults. It knows where in
// the request the filter stands, and whose rows, called t, it is about.
type Where struct {
	dialect dialect
	table   *about
	path    string
	nested  int
	tests   bool // the terms are to test rows one by one
	binds   bool // every row keeps what stands here
	seen    *seen
}

// seen is what all parts of one filter share.
type seen struct {
	faults *fault.List
	fields int
	// searches is set by a search, and gathers by what no index can answer that
	// lies in the order of a list: a search, or what is asked of related rows.
	searches, gathers bool
	// tested is set where rows are tested one by one by other conditions.
	tested bool
	// varies is set by a value that a plan is made by.
	varies bool
	// bounds are the comparisons that all rows keep, relatives what they all keep
	// of related rows, and hits the words that all have.
	bounds          []Term
	relatives, hits keyed
}

// keyed is the condition that a row's column holds one of the keys.
type keyed struct {
	column          string
	keys, condition Term
}

// condition is the filter as one term.
func (w *Where) condition(f Filter) Term {
	if f == nil {
		return Term{}
	}
	return all(append(f.Terms(w), f.combined(w))...)
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
	bound := Is(w, comparison, v)
	if len(bound.Args) > 0 {
		w.seen.varies = true
		if w.binds {
			w.seen.bounds = append(w.seen.bounds, bound)
		}
	}
	return bound
}

// Is is Cmp where at most one row can have the value, by a unique index: a plan is
// right for any.
func Is[V any](w *Where, comparison string, v *V) Term {
	if v == nil {
		return Term{}
	}
	w.count()
	if text, ok := any(*v).(string); ok && strings.ContainsRune(text, 0) {
		return never // no row holds NUL, and PostgreSQL takes none
	}
	return Term{SQL: comparison, Args: []any{*v}}
}

// If is the condition, or with false its contrary, said so that an index can
// answer it.
func (w *Where) If(condition, contrary string, v *bool) Term {
	if v == nil {
		return Term{}
	}
	w.count()
	if !*v {
		condition = contrary
	}
	return Term{SQL: condition}
}

// Ref is the condition that the column holds the key of the id, which must be
// one of the table's.
func Ref[T any](w *Where, field, column string, to *Table[T], id *relay.ID) Term {
	if id == nil {
		return Term{}
	}
	w.count()
	w.seen.varies = true
	return Term{SQL: column + " = ?", Args: []any{w.key(field, &to.about, *id)}}
}

// Refs is the condition that the column holds the key of one of the ids, which
// must be the table's. A nil list is no condition; an empty one keeps nothing.
func Refs[T any](w *Where, field, column string, to *Table[T], ids []relay.ID) Term {
	return w.among(field, column, &to.about, ids)
}

func (w *Where) among(field, column string, to *about, ids []relay.ID) Term {
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
		wanted[i] = w.key(field+"."+strconv.Itoa(i), to, id)
	}
	return Term{SQL: w.dialect.among(column), Args: []any{wanted}}
}

// key is the key of an id of the kind; any other is refused.
func (w *Where) key(field string, of *about, id relay.ID) int64 {
	key, wrong := of.Key(field, id)
	if wrong != nil {
		w.Refuse(wrong)
	}
	return key
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
	w.seen.searches, w.seen.gathers = true, true
	matches := w.dialect.matches(w.table.name, words)
	if test := w.dialect.hasWords(words); test.SQL != "" {
		if w.tests {
			return test
		}
		w.seen.tested = true
	}
	if w.binds {
		w.seen.hits = keyed{"t.id", w.dialect.hits(w.table.name, words), matches}
	}
	return matches
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
	inner.table, inner.tests, inner.binds = &to.about, false, false
	w.seen.gathers = true
	kept := inner.condition(P(f)).where()
	related := w.dialect.related(column, to.name, kept)
	if w.binds {
		w.seen.relatives = keyed{column, kept.in("SELECT t.id FROM "+to.name+" t", ""), related}
	}
	return related
}

// combined is what the filter's ids, and, or and not keep.
func (c *Combined[F]) combined(w *Where) Term {
	terms := []Term{w.among("ids", "t.id", w.table, c.Ids)}
	if c.And == nil && c.Or == nil && c.Not == nil {
		return terms[0]
	}
	if w.nested == maxNested {
		w.seen.faults.Add(fault.Input(w.path, fault.TooLarge, "and, or and not nest at most %d deep.", maxNested).
			Bounded(strconv.Itoa(maxNested)))
		return never
	}
	if c.And != nil {
		terms = append(terms, all(each(w, "and", c.And)...))
	}
	loose := *w
	loose.binds = false
	if c.Or != nil {
		terms = append(terms, one(each(&loose, "or", c.Or)))
	}
	if c.Not != nil {
		terms = append(terms, not(deeper(&loose, "not", c.Not)))
	}
	return all(terms...)
}

func each[F any](w *Where, field string, filters []*F) []Term {
	terms := make([]Term, len(filters))
	for i, f := range filters {
		terms[i] = deeper(w, field+"."+strconv.Itoa(i), f)
	}
	return terms
}

// deeper is the condition of a filter inside this one.
func deeper[F any](w *Where, field string, f *F) Term {
	inner := w.below(field)
	inner.nested++
	filter, _ := any(f).(Filter) // what embeds Combined[F] is one
	return inner.condition(filter)
}

// below is the filter at the field of this one.
func (w *Where) below(field string) *Where {
	inner := *w
	inner.path += "." + field
	return &inner
}
