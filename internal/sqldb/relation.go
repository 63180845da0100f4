package sqldb

import (
	"context"
	"errors"
	"slices"
	"strings"

	"stoa/internal/batch"
	"stoa/internal/fault"
	"stoa/internal/relay"
)

// relation is how rows know their parent: the column that holds its key, in
// the table itself or in one that is joined.
type relation struct {
	column string
	join   string
	id     string // the joined table's column that is the row's id
}

// keyed has the row's id read from the joined table, whose index is by it.
func (r relation) keyed(text string) string {
	if r.id == "" {
		return text
	}
	return strings.ReplaceAll(text, "t.id", r.id)
}

// One is a relation from a row to at most one other.
type One[P, C any] struct {
	from     *Table[P]
	to       *Table[C]
	key      func(*P) int64
	required bool
}

// ErrVanished is the cause of a fault where a row was read and then, before it
// could be too, the one that it refers to was deleted with it. Who asks again
// finds neither.
var ErrVanished = errors.New("deleted while it was being read")

// ToOne describes the relation to the row with the key, 0 for none. The database
// keeps it by the foreign key of that name; where clients choose the row, they
// do so by the input field.
func ToOne[P, C any](from *Table[P], foreignKey, field string, to *Table[C], key func(*P) int64) *One[P, C] {
	if field != "" {
		from.refersTo(&to.about, foreignKey, field, key)
	}
	return &One[P, C]{from: from, to: to, key: key}
}

// Required describes that there always is such a row.
func (o *One[P, C]) Required() *One[P, C] {
	o.required = true
	return o
}

// Of returns the related row, nil where there is none: with those of all rows
// of its level, in one statement.
func (o *One[P, C]) Of(ctx context.Context, db *DB, row *P) (*C, error) {
	found, err := batch.Load(ctx, o.from.base(row).level, o, o.key, row,
		func(ctx context.Context, wanted []int64) (map[int64]*C, error) {
			return o.to.find(ctx, db, wanted)
		})
	if found == nil && err == nil && o.required {
		err = fault.New(fault.Conflict, "It was deleted while it was being read; ask again.").From(ErrVanished)
	}
	return found, err
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
	return &Many[P, C]{from, to, relation{column: "m." + near, join: " JOIN " + table + " m ON m." + far + " = t.id", id: "m." + far}}
}

// asked tells apart what is asked for of a level's rows.
type asked struct {
	relation any
	place    any // in the document, or the key that a mark is about
}

// Page returns a page of the row's list: with those of all rows of its level,
// in one statement.
func (m *Many[P, C]) Page(ctx context.Context, db *DB, row *P, list List) (*relay.Connection[C], error) {
	return batch.Load(ctx, m.from.base(row).level, asked{m, list.Place}, m.from.keyOf, row,
		func(ctx context.Context, parents []int64) (map[int64]*relay.Connection[C], error) {
			l, err := m.to.listing(ctx, db, m.from.kind, m.relation, list)
			if err != nil {
				return nil, err
			}
			return m.to.pages(ctx, db, l, parents)
		})
}

// Mark is whether a third table pairs a row with another one.
type Mark[P any] struct {
	from             *Table[P]
	table, near, far string
}

// Marked describes the mark: near holds the row's key, far the other's.
func Marked[P any](from *Table[P], table, near, far string) *Mark[P] {
	return &Mark[P]{from, table, near, far}
}

// Of tells whether the row is paired with the one that has the key: with all
// rows of its level, and with all that the context names beside, in one
// statement.
func (m *Mark[P]) Of(ctx context.Context, db *DB, row *P, with int64) (bool, error) {
	others := besides(ctx)
	if !slices.Contains(others, with) {
		others = keys{with}
	}
	pairs, err := batch.Load(ctx, m.from.base(row).level, asked{m, others[0]}, m.from.keyOf, row,
		func(ctx context.Context, wanted []int64) (map[int64]map[int64]bool, error) {
			marked := make(map[int64]map[int64]bool, len(wanted))
			text := "SELECT " + m.near + ", " + m.far + " FROM " + m.table + " WHERE " + db.dialect.among(m.far) + " AND " + db.dialect.among(m.near)
			return marked, db.rows(ctx, text, []any{others, keys(wanted)}, func(got tuple) error {
				var near, far int64
				err := got.Scan(&near, &far)
				if marked[near] == nil {
					marked[near] = map[int64]bool{}
				}
				marked[near][far] = true
				return err
			})
		})
	return pairs[with], err
}

type besideKey struct{}

// Beside returns a context in which what is asked for one of the keys is soon
// asked for the others: they are loaded together.
func Beside(ctx context.Context, others []int64) context.Context {
	return context.WithValue(ctx, besideKey{}, keys(others))
}

func besides(ctx context.Context) keys {
	others, _ := ctx.Value(besideKey{}).(keys)
	return others
}
