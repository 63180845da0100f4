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
func (l *listing) gather(own Term) Term {
	with := []Term{all(own, l.filter).where().in(
		"kept AS MATERIALIZED (SELECT "+l.selection.list+" FROM "+l.table.name+" t"+l.relation.join, ")")}
	way := l.gatherSpan
	if l.relatives.column != "" && own.SQL == "" {
		with = append(with, l.relatives.keys.in("relatives AS MATERIALIZED (", fmt.Sprintf(" LIMIT %d)", apart+1)))
		way = l.gatherByRelatives
	}
	var reads []Term
	for _, s := range l.spans() {
		reads = append(reads, way(s, own))
	}
	return joinTerms([]Term{
		joinTerms(with, ", ", "", "").in("WITH ", " "),
		joinTerms(reads, " UNION ALL ", "SELECT a.* FROM (", ") a"),
	}, "", "", "")
}

// gatherByRelatives reads a span, where there are the expressions kept and
// relatives: for each of these or, where they are many, as gatherSpan does.
func (l *listing) gatherByRelatives(s span, own Term) Term {
	many := fmt.Sprintf("EXISTS (SELECT FROM relatives OFFSET %d)", apart)
	below := l.read(s, l.selection.list, all(Term{SQL: l.relatives.column + " = k.id"}, l.bounds), strconv.Itoa(s.limit))
	return joinTerms([]Term{
		below.in(fmt.Sprintf("(SELECT %d AS side, t.* FROM relatives k CROSS JOIN LATERAL (", s.side),
			fmt.Sprintf(") t WHERE NOT %s ORDER BY %s LIMIT %d)", many, l.order.by("t.", s.reversed), s.limit)),
		l.gatherSpan(s, own).in("SELECT a.* FROM (", ") a WHERE "+many),
	}, " UNION ALL ", "", "")
}

// gatherSpan reads a span, where there is the expression kept.
func (l *listing) gatherSpan(s span, own Term) Term {
	columns := fmt.Sprintf("%d AS side, %s", s.side, l.selection.list)
	tested := l.tested.in(l.selection.list+", (", ") AS found")
	walked := l.read(s, tested.SQL, all(own, l.bounds), strconv.Itoa(farthest))
	walked.Args = append(tested.Args[:len(tested.Args):len(tested.Args)], walked.Args...)
	walks := fmt.Sprintf("CASE WHEN EXISTS (SELECT FROM (SELECT found FROM walked LIMIT %d) t WHERE t.found OFFSET %d) OR"+
		" EXISTS (SELECT FROM kept OFFSET %d) THEN EXISTS (SELECT FROM walked t WHERE t.found OFFSET %d) ELSE FALSE END",
		glance+2*s.limit, (s.limit-1)/hopeful, few, s.limit-1)
	sorted := all(s.within, Term{SQL: "NOT (SELECT walks FROM choice)"}).where().in(
		"SELECT "+columns+" FROM kept t", fmt.Sprintf(" ORDER BY %s LIMIT %d", l.order.by("t.", s.reversed), s.limit))
	return joinTerms([]Term{
		walked.in("WITH walked AS MATERIALIZED (", "), choice AS MATERIALIZED (SELECT "+walks+" AS walks)"),
		{SQL: fmt.Sprintf("(SELECT %s FROM walked t WHERE t.found AND (SELECT walks FROM choice) LIMIT %d) UNION ALL", columns, s.limit)},
		sorted.in("(", ")"),
	}, " ", "", "")
}

// walkFirst reads a span: rows in the list's order, unless those at its beginning
// let expect too few hits, and all hits where the rows do not fill the page. Of a
// small table it walks less: there the hits are soon gathered, even if they are many.
// SQLite has no expression that it reads a part of, so it begins anew.
func (l *listing) walkFirst(s span, columns string, own Term) Term {
	if l.unindexed() {
		return l.walk(s, columns, own)
	}
	promising := (s.limit*ahead + farthest - 1) / farthest
	begun := fmt.Sprintf("coalesce(min(%d, (SELECT max(id) FROM %s) / %d), 0)", ahead, l.table.name, aheadOf)
	walked := fmt.Sprintf("CASE WHEN (SELECT count(*) FROM begun) = %d THEN %d * %s ELSE 0 END", promising, farthest/ahead, begun)
	full := fmt.Sprintf("(SELECT count(*) FROM walked) = %d", s.limit)
	return joinTerms([]Term{
		l.met(s, own, begun, promising).in("WITH begun AS MATERIALIZED (", "),"),
		l.met(s, own, walked, s.limit).in("walked AS MATERIALIZED (", fmt.Sprintf(") SELECT %s FROM walked t WHERE %s UNION ALL", columns, full)),
		l.read(s, columns, all(own, l.filter), fmt.Sprintf("CASE WHEN %s THEN 0 ELSE %d END", full, s.limit)).in("SELECT a.* FROM (", ") a"),
	}, " ", "", "")
}

// walkEachFirst reads the ids of a span of the list of each key k.value, as
// walkFirst does; some of them twice. Neither a common table expression nor a LIMIT
// can see the key, so that the walk is said twice, and a page that is full has
// the hits looked for below no key.
func (l *listing) walkEachFirst(s span) Term {
	own := Term{SQL: l.relation.column + " = k.value"}
	if !l.gathers || l.unindexed() {
		return l.walk(s, "t.id", own)
	}
	met := l.met(s, own, strconv.Itoa(aheadEach*s.limit), s.limit)
	unless := met.in(l.relation.column+" = CASE WHEN (SELECT count(*) FROM (", fmt.Sprintf(")) < %d THEN k.value END", s.limit))
	return joinTerms([]Term{
		met.in("SELECT t.id FROM (", ") t"),
		l.read(s, "t.id", all(unless, l.filter), strconv.Itoa(s.limit)).in("SELECT a.* FROM (", ") a"),
	}, " UNION ALL ", "", "")
}

// unindexed: the filter has nothing that an index would gather.
func (l *listing) unindexed() bool { return l.tested.SQL == l.filter.SQL }

// met are the first rows of a span that are kept, among so many that are walked.
func (l *listing) met(s span, own Term, walked string, limit int) Term {
	return joinTerms([]Term{
		l.read(s, "t.*", all(own, l.bounds), walked).in("SELECT "+l.selection.list+" FROM (", ") t"),
		l.tested.where(),
		{SQL: "LIMIT " + strconv.Itoa(limit)},
	}, " ", "", "")
}
