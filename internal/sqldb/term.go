package sqldb

import "strings"

// Term is a piece of SQL and its arguments, one for each ? in it. An empty
// condition always holds.
type Term struct {
	SQL  string
	Args []any
}

// never is a condition that no row keeps.
var never = Term{SQL: "FALSE"}

// all is the condition that every term holds.
func all(terms ...Term) Term {
	var given []Term
	for _, t := range terms {
		if t.SQL != "" {
			given = append(given, t)
		}
	}
	if len(given) == 1 {
		return given[0]
	}
	return joinTerms(given, " AND ")
}

// one is the condition that at least one term holds.
func one(terms []Term) Term {
	if len(terms) == 0 {
		return never
	}
	for _, t := range terms {
		if t.SQL == "" {
			return Term{}
		}
	}
	return joinTerms(terms, ") OR (").in("((", "))")
}

// not is the condition that the term does not hold; of what is NULL it does not.
func not(t Term) Term {
	if t.SQL == "" {
		return never
	}
	return t.in("((", ") IS NOT TRUE)")
}

// in puts the term between two pieces of SQL.
func (t Term) in(before, after string) Term {
	t.SQL = before + t.SQL + after
	return t
}

// where is the condition as a clause, "" when it always holds.
func (t Term) where() Term {
	if t.SQL == "" {
		return t
	}
	return t.in(" WHERE ", "")
}

// joinTerms puts the terms in a row.
func joinTerms(terms []Term, between string) Term {
	length, count := 0, 0
	for _, t := range terms {
		length += len(between) + len(t.SQL)
		count += len(t.Args)
	}
	var b strings.Builder
	b.Grow(length)
	args := make([]any, 0, count)
	for i, t := range terms {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(t.SQL)
		args = append(args, t.Args...)
	}
	return Term{b.String(), args}
}
