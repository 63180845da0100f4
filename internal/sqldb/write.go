package sqldb

import (
	"context"

	"stoa/internal/fault"
	"stoa/internal/relay"
)

// Edit is a change that a client asks for, to a row or of a new one.
type Edit[T any] struct {
	// Apply writes the input into the row; its error is the input's faults. It
	// is called on a blank row first, so that they are known before anything is
	// read.
	Apply func(row *T) error
	// Allow, unless nil, tells whether the viewer may change the row as it is.
	Allow func(ctx context.Context, row *T) error
	// IfVersion, unless nil, is the version that the row must have.
	IfVersion *int
}

// Create adds a row.
func (t *Table[T]) Create(ctx context.Context, db *DB, apply func(*T) error) (*T, error) {
	row := new(T)
	if err := apply(row); err != nil {
		return nil, err
	}
	broken, err := t.broken(ctx, db, "input", row, nil)
	if err := firstOf(err, broken.Missing.Err(), broken.Taken.Err()); err != nil {
		return nil, err
	}
	return row, t.insert(ctx, db, row)
}

// Update changes the row with the id, nil where there is none.
func (t *Table[T]) Update(ctx context.Context, db *DB, id relay.ID, edit Edit[T]) (*T, error) {
	_, wrong := t.Key("id", id)
	if err := fault.Both(edit.Apply(new(T)), wrong); err != nil {
		return nil, err
	}
	row, err := t.Lock(ctx, db, id)
	if row == nil || err != nil {
		return nil, err
	}
	return row, t.Amend(ctx, db, row, edit)
}

// Amend changes a row that is locked. What changes nothing moves neither its
// version nor its time.
func (t *Table[T]) Amend(ctx context.Context, db *DB, row *T, edit Edit[T]) error {
	before := *row
	if err := edit.Apply(row); err != nil {
		return err
	}
	broken, err := t.broken(ctx, db, "input", row, &before)
	err = firstOf(err, broken.Missing.Err(), edit.allow(ctx, &before), t.stale(&before, edit.IfVersion), broken.Taken.Err())
	if err != nil {
		return err
	}
	return t.Save(ctx, db, []*T{&before}, []*T{row})
}

// Delete removes the row with the id; false where there was none.
func (t *Table[T]) Delete(ctx context.Context, db *DB, id relay.ID, edit Edit[T]) (bool, error) {
	row, err := t.lockOne(ctx, db, id, toRemove)
	if row == nil || err != nil {
		return false, err
	}
	return true, t.Remove(ctx, db, row, edit)
}

// Remove removes a row that is locked. Of the edit, Apply runs last before the
// row goes.
func (t *Table[T]) Remove(ctx context.Context, db *DB, row *T, edit Edit[T]) error {
	if err := firstOf(edit.allow(ctx, row), t.stale(row, edit.IfVersion)); err != nil {
		return err
	}
	if edit.Apply != nil {
		if err := edit.Apply(row); err != nil {
			return err
		}
	}
	err := db.change(ctx, "DELETE FROM "+t.name+" WHERE id = ?", []any{t.base(row).Key}, ignore)
	if db.Dangles(err) {
		return fault.New(fault.Conflict, "Others still refer to it.").About("id", fault.InUse).From(err)
	}
	return err
}

func (e *Edit[T]) allow(ctx context.Context, row *T) error {
	if e.Allow == nil {
		return nil
	}
	return e.Allow(ctx, row)
}

// stale is a CONFLICT unless the row has the version, or none is asked for.
func (t *Table[T]) stale(row *T, version *int) error {
	base := t.base(row)
	if version == nil || *version == base.Version {
		return nil
	}
	return fault.New(fault.Conflict, "It has been changed meanwhile.").About("ifVersion", fault.Stale).At(base.Version)
}

// firstOf is the first error that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Lock returns the row with the id, which nobody else changes until the
// transaction ends; nil where there is none.
func (t *Table[T]) Lock(ctx context.Context, db *DB, id relay.ID) (*T, error) {
	return t.lockOne(ctx, db, id, toChange)
}

func (t *Table[T]) lockOne(ctx context.Context, db *DB, id relay.ID, l lock) (*T, error) {
	key, wrong := t.Key("id", id)
	if wrong != nil {
		return nil, wrong
	}
	locked, err := t.locked(ctx, db, Term{"t.id = ?", []any{key}}, l)
	if len(locked) == 0 {
		return nil, err
	}
	return locked[0], err
}

// LockAll returns the rows with the keys, by key, locked in the order of their
// keys.
func (t *Table[T]) LockAll(ctx context.Context, db *DB, wanted []int64) (map[int64]*T, error) {
	locked, err := t.Locked(ctx, db, Term{db.dialect.among("t.id"), []any{keys(wanted)}})
	byKey := make(map[int64]*T, len(locked))
	for _, row := range locked {
		byKey[t.base(row).Key] = row
	}
	return byKey, err
}

// Locked returns the rows of which the condition holds, in the order of their
// keys, which nobody else changes until the transaction ends. Who locks several
// rows in this order never waits in a circle.
func (t *Table[T]) Locked(ctx context.Context, db *DB, condition Term) ([]*T, error) {
	return t.locked(ctx, db, condition, toChange)
}

// LockedToRemove is Locked for rows that are to go: until the transaction ends
// nobody else refers to them either.
func (t *Table[T]) LockedToRemove(ctx context.Context, db *DB, condition Term) ([]*T, error) {
	return t.locked(ctx, db, condition, toRemove)
}

func (t *Table[T]) locked(ctx context.Context, db *DB, condition Term, l lock) ([]*T, error) {
	var rows []*T
	err := t.scan(ctx, db.change, condition.in(
		"SELECT "+t.whole.list+" FROM "+t.name+" t WHERE ", " ORDER BY t.id"+db.dialect.locking(l)), nil, t.whole,
		func(row *T) { rows = append(rows, row) })
	t.settle(rows)
	return rows, err
}

func ignore(tuple) error { return nil }
