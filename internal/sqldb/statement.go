package sqldb

import "strings"

// statement is SQL that is written from its beginning to its end, with the arguments of
// its ?: a long one is not copied again for each piece that is put around another.
type statement struct {
	sql  strings.Builder
	args []any
}

// add writes pieces that have no ?.
func (s *statement) add(pieces ...string) *statement {
	for _, piece := range pieces {
		s.sql.WriteString(piece)
	}
	return s
}

// between writes the piece before all but the first of several things.
func (s *statement) between(i int, piece string) *statement {
	if i > 0 {
		s.sql.WriteString(piece)
	}
	return s
}

// term writes the term.
func (s *statement) term(t Term) *statement {
	s.args = append(s.args, t.Args...)
	return s.add(t.SQL)
}

// where writes the clause that every condition holds, nothing where all are empty.
func (s *statement) where(conditions ...Term) *statement {
	before := " WHERE "
	for _, c := range conditions {
		if c.SQL != "" {
			s.add(before).term(c)
			before = " AND "
		}
	}
	return s
}

// whole is what has been written.
func (s *statement) whole() Term { return Term{s.sql.String(), s.args} }
