package sqldb

import (
	"fmt"
	"strconv"
)

// What a page of a filtered list costs depends on how many rows the filter
// keeps, which nobody knows. Many are soon met by walking the list in its order,
// testing each row; few are gathered by the filter's own indexes, and sorted.
// Each way reads whole tables where the other reads a page, so PostgreSQL goes
// some steps on both. It reads a common table expression no further than is
// asked for, and later goes on from there:
//
//	walked  the first rows in the list's order, and whether each is kept
//	kept    the rows that are kept, in no order
//
// A glance at the first of those walked tells whether the next ones may fill the
// page. Else, where few are kept, those are sorted; where many are, more are walked
// all the same. If that does not fill the page, all that are kept are sorted.
//
// Where the filter asks for nothing but related rows, and bounds of the order, what
// is kept below one of these lies together in an index in the list's order. Of few
// related rows the page is found among the pages of each, and neither way is gone:
//
//	relatives  the keys of the related rows, one more than few
const (
	glance   = 20   // rows walked at first, beside two for each that is wanted
	hopeful  = 7    // such a part of the page, when met at a glance, is worth walking on
	few      = 1000 // rows kept that are not walked for
	farthest = 5000 // rows walked at most
	apart    = 20   // related rows that are few

	ahead     = 1000 // rows that SQLite walks at first
	aheadOf   = 100  // or such a part of the table, if that is less
	aheadEach = 5    // those that it walks in a nested list, for each that is wanted
)

// gather reads every span, one after the other.
func (l *listing) gather(w *statement, own Term) {
	w.sql.Grow(2 << 10) // some are longer
	w.add("WITH kept AS MATERIALIZED (SELECT ", l.selection.list, " FROM ", l.table.name, " t", l.relation.join).
		where(own, l.filter).add(")")
	way := l.gatherSpan
	if l.relatives.column != "" && own.SQL == "" {
		w.add(", relatives AS MATERIALIZED (").term(l.relatives.keys).add(" LIMIT ", strconv.Itoa(apart+1), ")")
		way = l.gatherByRelatives
	}
	for i, s := range l.spans() {
		w.add(" ").between(i, "UNION ALL ").add("SELECT a.* FROM (")
		way(w, s, own)
		w.add(") a")
	}
}

// gatherByRelatives reads a span, where there are the expressions kept and
// relatives: for each of these or, where they are many, as gatherSpan does.
func (l *listing) gatherByRelatives(w *statement, s span, own Term) {
	many, limit := "EXISTS (SELECT FROM relatives OFFSET "+strconv.Itoa(apart)+")", strconv.Itoa(s.limit)
	w.add("(SELECT ", strconv.Itoa(s.side), " AS side, t.* FROM relatives k CROSS JOIN LATERAL (")
	l.read(w, s, Term{SQL: l.selection.list}, limit, Term{SQL: l.relatives.column + " = k.id"}, l.bounds)
	w.add(") t WHERE NOT ", many, " ORDER BY ", l.order.by("t.", s.reversed), " LIMIT ", limit, ") UNION ALL SELECT a.* FROM (")
	l.gatherSpan(w, s, own)
	w.add(") a WHERE ", many)
}

// gatherSpan reads a span, where there is the expression kept.
func (l *listing) gatherSpan(w *statement, s span, own Term) {
	columns, limit, last := l.columns(s), strconv.Itoa(s.limit), strconv.Itoa(s.limit-1)
	w.add("WITH walked AS MATERIALIZED (")
	l.read(w, s, l.tested.in(l.selection.list+", (", ") AS found"), strconv.Itoa(farthest), own, l.bounds)
	w.add("), choice AS MATERIALIZED (SELECT CASE WHEN EXISTS (SELECT FROM (SELECT found FROM walked LIMIT ",
		strconv.Itoa(glance+2*s.limit), ") t WHERE t.found OFFSET ", strconv.Itoa((s.limit-1)/hopeful),
		") OR EXISTS (SELECT FROM kept OFFSET ", strconv.Itoa(few),
		") THEN EXISTS (SELECT FROM walked t WHERE t.found OFFSET ", last, ") ELSE FALSE END AS walks)",
		" (SELECT ", columns, " FROM walked t WHERE t.found AND (SELECT walks FROM choice) LIMIT ", limit,
		") UNION ALL (SELECT ", columns, " FROM kept t").
		where(s.within, Term{SQL: "NOT (SELECT walks FROM choice)"}).
		add(" ORDER BY ", l.order.by("t.", s.reversed), " LIMIT ", limit, ")")
}

// walkFirst reads a span: rows in the list's order, unless those at its beginning
// let expect too few hits, and all hits where the rows do not fill the page. Of a
// small table it walks less: there the hits are soon gathered, even if they are many.
// SQLite has no expression that it reads a part of, so it begins anew.
func (l *listing) walkFirst(w *statement, s span, own Term) {
	if l.unindexed() {
		l.walk(w, s, own)
		return
	}
	columns := l.columns(s)
	promising := (s.limit*ahead + farthest - 1) / farthest
	begun := fmt.Sprintf("coalesce(min(%d, (SELECT max(id) FROM %s) / %d), 0)", ahead, l.table.name, aheadOf)
	walked := fmt.Sprintf("CASE WHEN (SELECT count(*) FROM begun) = %d THEN %d * %s ELSE 0 END", promising, farthest/ahead, begun)
	full := fmt.Sprintf("(SELECT count(*) FROM walked) = %d", s.limit)
	w.add("WITH begun AS MATERIALIZED (")
	l.met(w, s, own, begun, promising)
	w.add("), walked AS MATERIALIZED (")
	l.met(w, s, own, walked, s.limit)
	w.add(") SELECT ", columns, " FROM walked t WHERE ", full, " UNION ALL SELECT a.* FROM (")
	l.read(w, s, Term{SQL: columns}, fmt.Sprintf("CASE WHEN %s THEN 0 ELSE %d END", full, s.limit), own, l.filter)
	w.add(") a")
}

// walkEachFirst reads the ids of a span of the list of each key k.value, as
// walkFirst does; some of them twice. Neither a common table expression nor a LIMIT
// can see the key, so that the walk is said twice, and a page that is full has
// the hits looked for below no key.
func (l *listing) walkEachFirst(w *statement, s span) {
	own, id := Term{SQL: l.relation.column + " = k.value"}, Term{SQL: "t.id"}
	if !l.gathers || l.unindexed() {
		l.read(w, s, id, strconv.Itoa(s.limit), own, l.filter)
		return
	}
	var met statement
	l.met(&met, s, own, strconv.Itoa(aheadEach*s.limit), s.limit)
	unless := met.whole().in(l.relation.column+" = CASE WHEN (SELECT count(*) FROM (", fmt.Sprintf(")) < %d THEN k.value END", s.limit))
	w.add("SELECT t.id FROM (").term(met.whole()).add(") t UNION ALL SELECT a.* FROM (")
	l.read(w, s, id, strconv.Itoa(s.limit), unless, l.filter)
	w.add(") a")
}

// unindexed: the filter has nothing that an index would gather.
func (l *listing) unindexed() bool { return l.tested.SQL == l.filter.SQL }

// met are the first rows of a span that are kept, among so many that are walked.
func (l *listing) met(w *statement, s span, own Term, walked string, limit int) {
	w.add("SELECT ", l.selection.list, " FROM (")
	l.read(w, s, Term{SQL: "t.*"}, walked, own, l.bounds)
	w.add(") t").where(l.tested).add(" LIMIT ", strconv.Itoa(limit))
}
