package sqldb

import (
	"context"
	"sync"

	"stoa/internal/batch"
	"stoa/internal/relay"
)

// scope is a whole list, of which connections show pages.
type scope[T any] struct {
	table   *Table[T]
	db      *DB
	listing *listing
	key     int64 // the parent's; 1 where there is none
	family  *batch.Level[*scope[T]]
}

// Cursor is the place of a row in the list.
func (s *scope[T]) Cursor(row *T) string {
	var room [128]byte // enough for most
	return relay.EncodeCursor(s.listing.name, s.table.appendPlace(room[:0], row, s.listing.order))
}

// Count is the number of rows in the list.
func (s *scope[T]) Count(ctx context.Context) (int, error) { return summarise(ctx, s, rowCount) }

// counting has the lists of the family counted while their pages are read, where they will
// be and connections are to spare; done returns when they are, at once where there is no
// page to count beside. Who asks then finds the number there, or the error.
func (s *scope[T]) counting(ctx context.Context) (done func(failed error)) {
	if !s.listing.counted || !s.db.spare(ctx) {
		return func(error) {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var counted sync.WaitGroup
	counted.Go(func() { _, _ = s.Count(ctx) })
	return func(failed error) {
		if failed != nil {
			cancel()
		}
		counted.Wait()
		cancel()
	}
}

var rowCount = NewSummary("count(*)", func(n *int) []any { return []any{n} })

// Summary describes what can be said of a whole list by one aggregation.
type Summary[S any] struct {
	expressions string
	scan        func(*S) []any
}

// NewSummary describes the aggregates, SQL over the row t, and where each of
// them goes. Of a list without rows the summary is the zero S.
func NewSummary[S any](expressions string, scan func(*S) []any) *Summary[S] {
	return &Summary[S]{expressions, scan}
}

// Of returns the summary of the whole list that the connection shows a page of.
func Of[T, S any](ctx context.Context, summary *Summary[S], c *relay.Connection[T]) (S, error) {
	list, ok := c.Source.(*scope[T])
	if !ok { // a connection that no table made
		var none S
		return none, nil
	}
	return summarise(ctx, list, summary)
}

func summarise[T, S any](ctx context.Context, list *scope[T], summary *Summary[S]) (S, error) {
	return batch.Load(ctx, list.family, summary, func(s *scope[T]) int64 { return s.key }, list,
		func(ctx context.Context, parents []int64) (map[int64]S, error) {
			return readSummaries(ctx, list.db, list.listing, summary, parents)
		})
}

func readSummaries[S any](ctx context.Context, db *DB, l *listing, summary *Summary[S], parents keys) (map[int64]S, error) {
	key, own, group := "1", Term{}, ""
	if column := l.relation.column; column != "" {
		tested := column
		if l.searches {
			tested = db.dialect.aside(column)
		}
		key, own, group = column, db.AmongKeys(tested, parents), " GROUP BY "+column
	}
	from := all(own, l.filter).where().in(l.table.name+" t"+l.relation.join, group)
	if l.hits.SQL != "" && own.SQL == "" && summary.expressions == rowCount.expressions {
		from = l.hits.in("(", ")") // counted in the index, where their rows need not be found
	}
	statement := joinTerms([]Term{l.with, from.in("SELECT "+key+", "+summary.expressions+" FROM ", "")}, "")
	summaries := make(map[int64]S, len(parents))
	return summaries, db.rows(ctx, statement.SQL, statement.Args, func(got tuple) error {
		var parent int64
		var s S
		err := got.Scan(append([]any{&parent}, summary.scan(&s)...)...)
		summaries[parent] = s
		return err
	})
}
