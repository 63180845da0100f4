package sqldb

import (
	"context"
	"iter"
)

// Load inserts rows in bulk, streaming them; each holds a value for each
// column. A first column "id" moves the ids that are given next past them. On
// SQLite a load that fails leaves what it had committed before. PostgreSQL's
// statistics, by which it plans, are made anew; SQLite gets none, for it does not
// keep them up to date, and without any takes every table for a large one.
func (db *DB) Load(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	return db.dialect.load(ctx, db, table, columns, rows)
}

// LastID is the last id that a row of the table has had, 0 if it never had one.
func (db *DB) LastID(ctx context.Context, table string) (id int64, err error) {
	_, err = db.Read(ctx, db.dialect.lastID(table), nil, &id)
	return id, err
}

// Empty tells whether no table of a kind has a row.
func (db *DB) Empty(ctx context.Context) (bool, error) {
	for _, kind := range kinds {
		var one int
		if found, err := db.Read(ctx, "SELECT 1 FROM "+kind.tableName()+" LIMIT 1", nil, &one); err != nil || found {
			return false, err
		}
	}
	return true, nil
}
