package sqldb

import (
	"context"

	"stoa/internal/batch"
	"stoa/internal/relay"
)

// relation is how rows know their parent: the column that holds its key, in
// the table itself or in one that is joined.
type relation struct {
	column string
	join   string
}

// One is a relation from a row to at most one other.
type One[P, C any] struct {
	from *Table[P]
	to   *Table[C]
	key  func(*P) int64
}

// ToOne describes the relation to the row with the key, 0 for none.
func ToOne[P, C any](from *Table[P], to *Table[C], key func(*P) int64) *One[P, C] {
	return &One[P, C]{from, to, key}
}

// Of returns the related row, nil where there is none: with those of all rows
// of its level, in one statement.
func (o *One[P, C]) Of(ctx context.Context, db *DB, row *P) (*C, error) {
	return batch.Load(ctx, o.from.base(row).level, o, o.key, row,
		func(ctx context.Context, wanted []int64) (map[int64]*C, error) {
			return o.to.find(ctx, db, wanted)
		})
}

// Many is a relation from a row to a list of others.
type Many[P, C any] struct {
	from *Table[P]
	to   *Table[C]
	relation
}

// ToMany describes the relation to the rows whose column holds the parent's key.
func ToMany[P, C any](from *Table[P], to *Table[C], column string) *Many[P, C] {
	return &Many[P, C]{from, to, relation{column: "t." + column}}
}

// Through describes the relation by a third table, in which near holds the
// parent's key and far the key of the row.
func Through[P, C any](from *Table[P], to *Table[C], table, near, far string) *Many[P, C] {
	return &Many[P, C]{from, to, relation{column: "m." + near, join: " JOIN " + table + " m ON m." + far + " = t.id"}}
}

// asked tells apart what is asked for of a level's rows.
type asked struct {
	relation any
	place    any
}

// Page returns a page of the row's list: with those of all rows of its level,
// in one statement.
func (m *Many[P, C]) Page(ctx context.Context, db *DB, row *P, list List) (*relay.Connection[C], error) {
	key := func(row *P) int64 { return m.from.base(row).Key }
	return batch.Load(ctx, m.from.base(row).level, asked{m, list.Place}, key, row,
		func(ctx context.Context, parents []int64) (map[int64]*relay.Connection[C], error) {
			l, err := m.to.listing(db, m.from.kind, m.relation, list)
			if err != nil {
				return nil, err
			}
			return m.to.pages(ctx, db, l, parents)
		})
}
