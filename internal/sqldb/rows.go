package sqldb

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// deriving rows have columns that are worked out from the others, and only
// written.
type deriving interface {
	Derive(add func(column string, value any))
}

// values are the row's values of the kind's own columns, nil for NULL.
func (t *Table[T]) values(row *T) []any {
	var f Fields
	t.own(row, &f)
	for i, ptr := range f.ptrs {
		f.ptrs[i] = valueAt(ptr)
	}
	return f.ptrs
}

// valueAt is the value that ptr points to; of a pointer, what that points to.
func valueAt(ptr any) any {
	v := reflect.ValueOf(ptr).Elem()
	if v.Kind() != reflect.Pointer {
		return v.Interface()
	}
	if v.IsNil() {
		return nil
	}
	return v.Elem().Interface()
}

// columns are those of the kind's own, and what is derived from them, with the
// row's values.
func (t *Table[T]) columns(row *T) (names []string, values []any) {
	var f Fields
	t.own(row, &f)
	names, values = f.names, t.values(row)
	if d, ok := any(row).(deriving); ok {
		d.Derive(func(name string, value any) { names, values = append(names, name), append(values, value) })
	}
	return names, values
}

// Same tells whether two rows have the same values, whatever their keys.
func (t *Table[T]) Same(a, b *T) bool { return slices.Equal(t.values(a), t.values(b)) }

// Together makes the rows a level: from now on they load together.
func (t *Table[T]) Together(rows []*T) { t.settle(rows) }

// insert adds the row and gives it its key, its version and its times.
func (t *Table[T]) insert(ctx context.Context, db *DB, row *T) error {
	base := t.base(row)
	base.CreatedAt = Now(ctx)
	base.UpdatedAt = base.CreatedAt
	names, values := t.columns(row)
	names = append(names, "created_at", "updated_at")
	values = append(values, base.CreatedAt, base.UpdatedAt)
	text := "INSERT INTO " + t.name + " (" + strings.Join(names, ", ") + ") VALUES (?" +
		strings.Repeat(", ?", len(names)-1) + ") RETURNING id, version"
	err := db.change(ctx, text, values, func(got tuple) error { return got.Scan(&base.Key, &base.Version) })
	t.settle([]*T{row})
	return t.kept(db, "input", err)
}

// Save writes those of the rows, which are locked, that are no more as they were
// before: in one statement, which moves their versions and times.
func (t *Table[T]) Save(ctx context.Context, db *DB, before, rows []*T) error {
	now := Now(ctx)
	var changed []*T
	for i, row := range rows {
		if base := t.base(row); !t.Same(before[i], row) {
			base.Version++
			base.UpdatedAt = max(now, base.UpdatedAt+1)
			changed = append(changed, row)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	names, from := t.records(db, changed)
	sets := make([]string, len(names))
	for i, name := range names {
		sets[i] = name + " = v." + name
	}
	statement := from.in("UPDATE "+t.name+" SET "+strings.Join(sets, ", ")+" FROM ", " WHERE "+t.name+".id = v.id")
	return t.kept(db, "input", db.change(ctx, statement.SQL, statement.Args, ignore))
}

// Shift changes the rows of which the condition holds by an assignment that
// starts from what is there, as in "likes = t.likes + ?", and moves their
// versions and times. It returns the last of them, nil where there is none.
func (t *Table[T]) Shift(ctx context.Context, db *DB, assignment, condition Term) (last *T, err error) {
	moved := Term{"version = t.version + 1, updated_at = " + db.dialect.later("t.updated_at"), []any{Now(ctx)}}
	statement := joinTerms([]Term{
		{SQL: "UPDATE " + t.name + " AS t SET"}, joinTerms([]Term{assignment, moved}, ", "),
		{SQL: "WHERE"}, condition, {SQL: "RETURNING " + strings.ReplaceAll(t.whole.list, "t.", "")},
	}, " ")
	err = t.scan(ctx, db.change, statement, nil, t.whole, func(row *T) { last = row })
	if last != nil {
		t.settle([]*T{last})
	}
	return last, err
}

// Upsert adds the rows or, where one has the value of the unique column
// already, replaces it: in one statement, which returns the rows as they then
// are.
func (t *Table[T]) Upsert(ctx context.Context, db *DB, unique string, rows []*T) ([]*T, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	for _, row := range rows {
		base := t.base(row)
		base.Version, base.CreatedAt, base.UpdatedAt = 1, Now(ctx), Now(ctx)
	}
	names, from := t.records(db, rows)
	var sets []string
	for _, name := range names {
		switch name {
		case unique, "created_at":
		case "version":
			sets = append(sets, "version = "+t.name+".version + 1")
		default:
			sets = append(sets, name+" = excluded."+name)
		}
	}
	into := strings.Join(names, ", ")
	statement := from.in("INSERT INTO "+t.name+" ("+into+") SELECT "+into+" FROM ",
		" WHERE true ORDER BY "+unique+" ON CONFLICT ("+unique+") DO UPDATE SET "+strings.Join(sets, ", ")+
			" RETURNING "+strings.ReplaceAll(t.whole.list, "t.", t.name+"."))
	var written []*T
	err := t.scan(ctx, db.change, statement, nil, t.whole, func(row *T) { written = append(written, row) })
	return written, t.kept(db, "input", err)
}

// records are the rows as something to select from, called v, with the columns
// that are written. A row that has a key has it as the column id beside them.
func (t *Table[T]) records(db *DB, rows []*T) (names []string, from Term) {
	records := make([]map[string]any, len(rows))
	for i, row := range rows {
		base := t.base(row)
		own, values := t.columns(row)
		names = append(own, "version", "created_at", "updated_at")
		values = append(values, base.Version, base.CreatedAt, base.UpdatedAt)
		records[i] = map[string]any{"id": base.Key}
		for j, name := range names {
			records[i][name] = db.dialect.bind(values[j])
		}
	}
	text, _ := json.Marshal(records) // texts and numbers always can
	return names, Term{db.dialect.records(t.name, append([]string{"id"}, names...)), []any{string(text)}}
}
