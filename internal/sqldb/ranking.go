package sqldb

import (
	"context"
	"fmt"
	"strconv"

	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
)

// maxDays is how far a ranking looks back at most.
const maxDays = 90

// Ranking is a list of rows by how many rows of another table have referred to
// them lately: most first, of those with as many the newest first. Rows without
// any are not in it.
type Ranking[T any] struct {
	table          *Table[T]
	counted, refer string
}

// Ranked describes the ranking by the rows of the other table, whose column
// refer holds the key of a row, by the time of their creation.
func Ranked[T any](t *Table[T], counted, refer string) *Ranking[T] {
	return &Ranking[T]{t, counted, refer}
}

// byScore is the order of a ranking; a place in it is a score and a key.
var byScore = order{{"score", true}, {"id", true}}

// Page returns a page of the ranking by the last days, 1 to 90. A cursor is good
// for as many days only. There is neither a filter nor another order.
func (r *Ranking[T]) Page(ctx context.Context, db *DB, days int, asked List) (*relay.Connection[T], error) {
	l, err := r.listing(ctx, db, days, asked)
	if err != nil {
		return nil, err
	}
	s := standing[T]{alone(r.table, db, l), map[*T]int{}}
	columns := r.table.selected(ctx, nil)
	read := new(statement).term(l.with).add("SELECT a.side, a.score, ", columns.list, " FROM (")
	l.eachSpan(read, Term{})
	read.add(") a CROSS JOIN ", r.table.name, " t WHERE t.id = a.id ORDER BY a.side, a.score DESC, a.id DESC")
	var f found[T]
	var side, score int
	err = r.table.scan(ctx, db.rows, read.whole(), []any{&side, &score}, columns, func(row *T) {
		f.add(side, row)
		s.scores[row] = score
	})
	if err != nil {
		return nil, err
	}
	page := f.page(l, s)
	r.table.settle(page.Rows)
	return page, nil
}

// listing checks what was asked for; its faults come all at once.
func (r *Ranking[T]) listing(ctx context.Context, db *DB, days int, asked List) (*listing, error) {
	var faults fault.List
	switch {
	case days < 1:
		faults.Add(fault.Input("days", fault.TooSmall, "At least the last day is looked at.").Bounded("1"))
	case days > maxDays:
		faults.Add(fault.Input("days", fault.TooLarge, "At most the last %d days are looked at.", maxDays).Bounded(strconv.Itoa(maxDays)))
	}
	const day = 24 * 60 * 60 * 1_000_000
	l := &listing{
		dialect: db.dialect,
		// The sign keeps SQLite from reading all rows, in the order of the column,
		// rather than to sort those of the last days.
		with: all(Term{"m.created_at >= ?", []any{Now(ctx) - scalar.Time(days)*day}}, db.dialect.varied()).in(
			"WITH scores AS (SELECT +m."+r.refer+" AS id, count(*) AS score FROM "+r.counted+" m WHERE ", " GROUP BY 1) "),
		table:     &about{name: "scores"},
		selection: selection{list: "t.id, t.score"},
		order:     byScore,
		window:    asked.Window(&faults),
		unasked:   unasked(ctx),
		name:      fmt.Sprintf("all.%s by %s of %d days", r.table.name, r.counted, days),
	}
	l.after = l.open("after", asked.After, func(place []byte) ([]any, bool) {
		return readValues(place, []any{new(int), new(int64)})
	}, &faults)
	return l, faults.Err()
}

// standing is a whole ranking, of which a connection shows a page.
type standing[T any] struct {
	*scope[T]
	scores map[*T]int
}

// Cursor is the place of a row in the ranking.
func (s standing[T]) Cursor(row *T) string {
	score, key := s.scores[row], s.table.keyOf(row)
	return relay.EncodeCursor(s.listing.name, appendValue(appendValue(nil, &score), &key))
}
