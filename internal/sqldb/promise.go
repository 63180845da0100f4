package sqldb

import (
	"context"
	"errors"
	"slices"

	"stoa/internal/fault"
)

// promise is what a row owes the others: that what it refers to is there, or
// that a value is its own alone. The database keeps it by a constraint; it is
// looked at before a row is written, so that a client is told of all broken
// ones at once, and by the name of its field.
type promise[T any] struct {
	constraint string
	field      string
	broken     string       // selects its first argument if the promise would be broken
	value      func(*T) any // what it is about, nil for nothing
	own        bool         // the row's own key is the last argument
}

// Unique describes a value that no two rows share. The condition, as in
// "t.sku = ?", finds the row that has it.
func (t *Table[T]) Unique(constraint, field, condition string, value func(*T) any) *Table[T] {
	t.uniques = append(t.uniques, promise[T]{
		constraint: constraint,
		field:      field,
		broken:     "SELECT ? WHERE EXISTS (SELECT 1 FROM " + t.name + " t WHERE " + condition + " AND t.id <> ?)",
		value:      value,
		own:        true,
	})
	return t
}

// refersTo describes that the row with the key has to be there, 0 for none.
func (t *Table[T]) refersTo(to *about, constraint, field string, key func(*T) int64) {
	t.references = append(t.references, promise[T]{
		constraint: constraint,
		field:      field,
		broken:     "SELECT ? WHERE NOT EXISTS (SELECT 1 FROM " + to.name + " t WHERE t.id = ?)",
		value: func(row *T) any {
			if k := key(row); k != 0 {
				return k
			}
			return nil
		},
	})
}

// Broken are the faults of a row that is about to be written, by what they are
// about.
type Broken struct {
	Missing fault.List // what it refers to is not there
	Taken   fault.List // a value is another row's
}

// broken asks in one statement which of the row's promises would be broken;
// those whose value is what it was before are not asked for.
func (t *Table[T]) broken(ctx context.Context, db *DB, path string, row, before *T) (b Broken, err error) {
	all := slices.Concat(t.references, t.uniques)
	var asked []Term
	for i, p := range all {
		value := p.value(row)
		if value == nil || before != nil && p.value(before) == value {
			continue
		}
		args := []any{i, value}
		if p.own {
			args = append(args, t.base(row).Key)
		}
		asked = append(asked, Term{p.broken, args})
	}
	if len(asked) == 0 {
		return b, nil
	}
	statement := joinTerms(asked, " UNION ALL ")
	// Looked at in the transaction, which a writer of SQLite has to itself.
	err = db.change(ctx, statement.SQL, statement.Args, func(got tuple) error {
		var i int
		if err := got.Scan(&i); err != nil {
			return err
		}
		if i < len(t.references) {
			b.Missing.Add(missing(path + "." + all[i].field))
		} else {
			b.Taken.Add(taken(path + "." + all[i].field))
		}
		return nil
	})
	return b, err
}

func missing(field string) *fault.Error {
	e := fault.Input(field, fault.Missing, "There is no such thing to refer to.")
	e.Code = fault.NotFound
	return e
}

func taken(field string) *fault.Error {
	e := fault.Input(field, fault.Taken, "Another has it already.")
	e.Code = fault.Conflict
	return e
}

// Exist tells which of the keys are those of rows, which stay until the
// transaction ends, in one statement of it.
func (t *Table[T]) Exist(ctx context.Context, db *DB, wanted []int64) (map[int64]bool, error) {
	there := make(map[int64]bool, len(wanted))
	text := "SELECT t.id FROM " + t.name + " t WHERE " + db.dialect.among("t.id") + " ORDER BY t.id" + db.dialect.locking(toRefer)
	return there, db.change(ctx, text, []any{keys(wanted)}, func(got tuple) error {
		var key int64
		err := got.Scan(&key)
		there[key] = true
		return err
	})
}

// kept is the error of a write with a promise in it, if another transaction
// broke one after it was looked at.
func (t *Table[T]) kept(db *DB, path string, err error) error {
	kind, constraint := db.violatedBy(err)
	for _, p := range slices.Concat(t.references, t.uniques) {
		switch {
		case p.constraint != constraint:
		case kind == reference:
			return missing(path + "." + p.field).From(err)
		case kind == uniqueness:
			return taken(path + "." + p.field).From(err)
		}
	}
	return err
}

// Dangles tells whether err is that a row was to refer to one that is not there.
func (db *DB) Dangles(err error) bool {
	kind, _ := db.violatedBy(err)
	return kind == reference
}

// violatedBy is the constraint that, by what the driver said, does not hold.
func (db *DB) violatedBy(err error) (violation, string) {
	var known *fault.Error
	if !errors.As(err, &known) || known.Unwrap() == nil {
		return nothing, ""
	}
	return db.dialect.violated(known.Unwrap())
}
