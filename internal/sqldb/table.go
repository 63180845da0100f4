package sqldb

import (
	"context"
	"reflect"
	"sync"

	"stoa/internal/batch"
	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
)

// Row is what every row has. A kind embeds it first: type Product struct {
// Row[Product]; … }.
type Row[T any] struct {
	Key       int64
	Version   int
	CreatedAt scalar.Time
	UpdatedAt scalar.Time

	table *Table[T]
	level *batch.Level[*T]
}

// ID is the row's global id.
func (r *Row[T]) ID() relay.ID { return relay.NewID(r.table.kind, r.Key) }

// IsNode marks the row as one that can be fetched by its id.
func (*Row[T]) IsNode() {}

func (r *Row[T]) base() *Row[T] { return r }

// Record is a kind of row: a struct that embeds Row and names its other columns.
type Record[T any] interface {
	*T
	base() *Row[T]
	// Fields adds each column of the kind's own, always in the same order.
	Fields(f *Fields)
}

// Table describes the table of a kind. It holds no connection.
type Table[T any] struct {
	about
	base       func(*T) *Row[T]
	own        func(*T, *Fields)
	references []promise[T]
	uniques    []promise[T]
	spare      sync.Pool // of *Fields
}

// about is what can be said of a table without its type of row.
type about struct {
	kind   string // as the schema names it
	name   string
	names  []string       // of all columns
	fields []string       // the GraphQL field of each column's name
	shown  []bool         // whether that is all that it is for
	places map[string]int // of each column among them
	whole  selection

	selections sync.Map // by columns
}

// NewTable describes the table in which the rows of T are kept. Its rows can be
// fetched by Nodes from then on, so a table is described once, at start.
func NewTable[T any, P Record[T]](name string) *Table[T] {
	t := &Table[T]{
		about: about{kind: reflect.TypeFor[T]().Name(), name: name, places: map[string]int{}},
		base:  func(row *T) *Row[T] { return P(row).base() },
		own:   func(row *T, f *Fields) { P(row).Fields(f) },
	}
	var f Fields
	t.all(new(T), &f)
	t.names, t.shown = f.names, f.shown
	for i, column := range f.names {
		t.places[column] = i
		t.fields = append(t.fields, fieldOf(column))
	}
	t.whole = t.chosen(1<<len(f.names) - 1)
	kinds[t.kind] = t
	return t
}

// all adds all columns of the row.
func (t *Table[T]) all(row *T, f *Fields) {
	base := t.base(row)
	f.Add("id", &base.Key)
	f.Show("version", &base.Version)
	f.Show("created_at", &base.CreatedAt)
	f.Show("updated_at", &base.UpdatedAt)
	t.own(row, f)
}

// Kind is the kind of the rows, as the schema names it.
func (a *about) Kind() string { return a.kind }

func (a *about) tableName() string { return a.name }

func (t *Table[T]) keyOf(row *T) int64 { return t.base(row).Key }

// Get returns the row with the id, nil where there is none.
func (t *Table[T]) Get(ctx context.Context, db *DB, id relay.ID) (*T, error) {
	key, wrong := t.Key("id", id)
	if wrong != nil {
		return nil, wrong
	}
	rows, err := t.find(ctx, db, keys{key})
	return rows[key], err
}

// Key is the key of an id of the kind, or what is wrong with the id at the field.
func (a *about) Key(field string, id relay.ID) (int64, *fault.Error) {
	key, ok := id.Key(a.kind)
	if !ok {
		return 0, a.malformed(field)
	}
	return key, nil
}

// malformed is the fault of what is no id of the kind.
func (a *about) malformed(field string) *fault.Error {
	return fault.Input(field, fault.Malformed, "This is not the id of a %s.", a.kind)
}

// Find returns the one row of which the condition holds, nil where there is none.
func (t *Table[T]) Find(ctx context.Context, db *DB, condition Term) (*T, error) {
	return t.one(ctx, db, nil, nil, condition)
}

// FindBeside is Find, and reads the value of the term beside the row.
func (t *Table[T]) FindBeside(ctx context.Context, db *DB, beside Term, into any, condition Term) (*T, error) {
	return t.one(ctx, db, []Term{beside}, []any{into}, condition)
}

func (t *Table[T]) one(ctx context.Context, db *DB, lead []Term, into []any, condition Term) (found *T, err error) {
	columns := joinTerms(append(lead, Term{SQL: t.whole.list}), ", ").in("SELECT ", " FROM "+t.name+" t")
	statement := joinTerms([]Term{columns, condition}, " WHERE ")
	err = t.scan(ctx, db.rows, statement, into, t.whole, func(row *T) { found = row })
	if found != nil {
		t.settle([]*T{found})
	}
	return found, err
}

// find returns the rows with the keys, as a level of their own.
func (t *Table[T]) find(ctx context.Context, db *DB, wanted keys) (map[int64]*T, error) {
	byKey := make(map[int64]*T, len(wanted))
	var rows []*T
	columns := t.selected(ctx, nil)
	statement := db.AmongKeys("t.id", wanted).in("SELECT "+columns.list+" FROM "+t.name+" t WHERE ", "")
	err := t.scan(ctx, db.rows, statement, nil, columns, func(row *T) {
		byKey[t.base(row).Key] = row
		rows = append(rows, row)
	})
	t.settle(rows)
	return byKey, err
}

// sender sends a statement and hands each of its rows to scan.
type sender func(ctx context.Context, text string, args []any, scan func(tuple) error) error

// mostRoom is for how many rows room is made at once: one that is kept keeps the others.
const mostRoom = 16

// scan reads the rows of a statement that selects the lead and then the columns.
// The values that lead points to are those beside the row at hand.
func (t *Table[T]) scan(ctx context.Context, send sender, statement Term, lead []any, c selection, each func(*T)) error {
	f := t.borrow()
	defer t.giveBack(f)
	into := append(lead, make([]any, len(c.chosen))...)
	var room []T // for the rows to come
	size := 1
	return send(ctx, statement.SQL, statement.Args, func(got tuple) error {
		if len(room) == 0 {
			room, size = make([]T, size), min(4*size, mostRoom)
		}
		row := &room[0]
		room = room[1:]
		f.clear()
		t.all(row, f)
		for i, place := range c.chosen {
			into[len(lead)+i] = f.ptrs[place]
		}
		if err := got.Scan(into...); err != nil {
			return err
		}
		each(row)
		return nil
	})
}

// borrow returns fields to use and give back.
func (t *Table[T]) borrow() *Fields {
	if f, ok := t.spare.Get().(*Fields); ok {
		return f
	}
	return new(Fields)
}

func (t *Table[T]) giveBack(f *Fields) {
	f.clear()
	t.spare.Put(f)
}

// settle makes the rows a level: from now on they load together.
func (t *Table[T]) settle(rows []*T) {
	level := batch.NewLevel(rows)
	for _, row := range rows {
		base := t.base(row)
		base.table, base.level = t, level
	}
}
