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
// A glance at the first of those walked fills the page where every second or
// third row is kept. Else, where few are kept, those are sorted; where many are, more
// are walked. If that does not fill the page either, all that are kept are sorted.
const (
	glance   = 20   // rows walked at first, beside two for each that is wanted
	few      = 1000 // rows kept that are not walked for
	farthest = 5000 // rows walked at most
	ahead    = 1000 // rows walked by SQLite
)

// gather reads every span, one after the other, in both ways.
func (l *listing) gather(own Term) Term {
	kept := all(own, l.filter).where().in(
		"WITH kept AS MATERIALIZED (SELECT "+l.selection.list+" FROM "+l.table.name+" t"+l.relation.join, ") ")
	var reads []Term
	for _, s := range l.spans() {
		reads = append(reads, l.gatherSpan(s, own))
	}
	return joinTerms([]Term{kept, joinTerms(reads, " UNION ALL ", "SELECT a.* FROM (", ") a")}, "", "", "")
}

// gatherSpan reads a span, where there is the expression kept.
func (l *listing) gatherSpan(s span, own Term) Term {
	columns := fmt.Sprintf("%d AS side, %s", s.side, l.selection.list)
	tested := l.tested.in(l.selection.list+", (", ") AS found")
	walked := l.read(s, tested.SQL, all(own, l.bounds), strconv.Itoa(farthest))
	walked.Args = append(tested.Args[:len(tested.Args):len(tested.Args)], walked.Args...)
	full := fmt.Sprintf("t.found OFFSET %d", s.limit-1)
	walks := fmt.Sprintf("CASE WHEN EXISTS (SELECT FROM (SELECT found FROM walked LIMIT %d) t WHERE %s) THEN TRUE"+
		" WHEN EXISTS (SELECT FROM kept OFFSET %d) THEN EXISTS (SELECT FROM walked t WHERE %s) ELSE FALSE END",
		glance+2*s.limit, full, few, full)
	sorted := all(s.within, Term{SQL: "NOT (SELECT walks FROM choice)"}).where().in(
		"SELECT "+columns+" FROM kept t", fmt.Sprintf(" ORDER BY %s LIMIT %d", l.order.by("t.", s.reversed), s.limit))
	return joinTerms([]Term{
		walked.in("WITH walked AS MATERIALIZED (", "), choice AS MATERIALIZED (SELECT "+walks+" AS walks)"),
		{SQL: fmt.Sprintf("(SELECT %s FROM walked t WHERE t.found AND (SELECT walks FROM choice) LIMIT %d) UNION ALL", columns, s.limit)},
		sorted.in("(", ")"),
	}, " ", "", "")
}

// walkFirst reads every span, one after the other: some rows in the list's
// order and, where those do not fill the page, all hits. SQLite has no expression
// that it reads a part of.
func (l *listing) walkFirst(own Term) Term {
	if l.tested.SQL == l.filter.SQL {
		return l.walk(own) // which no index would gather
	}
	var reads []Term
	for _, s := range l.spans() {
		reads = append(reads, l.walkSpanFirst(s, own))
	}
	return joinTerms(reads, " UNION ALL ", "SELECT a.* FROM (", ") a")
}

func (l *listing) walkSpanFirst(s span, own Term) Term {
	columns := fmt.Sprintf("%d AS side, %s", s.side, l.selection.list)
	full := fmt.Sprintf("(SELECT count(*) FROM walked) = %d", s.limit)
	return joinTerms([]Term{
		l.read(s, "t.*", all(own, l.bounds), strconv.Itoa(ahead)).in("WITH walked AS MATERIALIZED (SELECT "+l.selection.list+" FROM (", ") t"),
		l.tested.where(),
		{SQL: fmt.Sprintf("LIMIT %d) SELECT %s FROM walked t WHERE %s UNION ALL", s.limit, columns, full)},
		l.read(s, columns, all(own, l.filter), fmt.Sprintf("CASE WHEN %s THEN 0 ELSE %d END", full, s.limit)).in("SELECT a.* FROM (", ") a"),
	}, " ", "", "")
}
