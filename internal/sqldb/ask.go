package sqldb

import (
	"context"
)

// Statements of a kind's own, for what tables and lists do not say. Each ? in
// the text stands for an argument.

// Exec sends a statement that writes and returns how many rows it returned.
func (db *DB) Exec(ctx context.Context, text string, args ...any) (returned int, err error) {
	err = db.change(ctx, text, args, func(tuple) error { returned++; return nil })
	return returned, err
}

// Ask sends a statement that writes and reads the one row that it returns, if
// it returns one.
func (db *DB) Ask(ctx context.Context, text string, args []any, into ...any) (found bool, err error) {
	err = db.change(ctx, text, args, into1(&found, into))
	return found, err
}

// Read sends a statement that only reads, and reads the one row that it
// returns, if it returns one.
func (db *DB) Read(ctx context.Context, text string, args []any, into ...any) (found bool, err error) {
	err = db.rows(ctx, text, args, into1(&found, into))
	return found, err
}

// Alone sends a statement that writes and is none of the request's own: outside
// of its transaction, and neither counted nor observed as a part of it. It reads
// the one row that the statement returns, if it returns one. Arguments are as the
// driver takes them.
func (db *DB) Alone(ctx context.Context, text string, args []any, into ...any) (found bool, err error) {
	err = db.write.rows(ctx, text, args, into1(&found, into))
	return found, db.fault(ctx, err)
}

// ReadAll sends a statement that only reads, reads each of the rows that it
// returns and then calls each.
func (db *DB) ReadAll(ctx context.Context, text string, args []any, each func(), into ...any) error {
	return db.rows(ctx, text, args, func(got tuple) error {
		if err := got.Scan(into...); err != nil {
			return err
		}
		each()
		return nil
	})
}

func into1(found *bool, into []any) func(tuple) error {
	return func(got tuple) error {
		*found = true
		return got.Scan(into...)
	}
}

// Among is the condition that the column holds one of the texts.
func (db *DB) Among(column string, values []string) Term {
	return Term{db.dialect.amongTexts(column), []any{texts(values)}}
}

// AmongKeys is the condition that the column holds one of the keys. One alone is
// found in half the time that a list of one takes.
func (db *DB) AmongKeys(column string, values []int64) Term {
	if len(values) == 1 {
		return Term{column + " = ?", []any{values[0]}}
	}
	return Term{db.dialect.among(column), []any{keys(values)}}
}
