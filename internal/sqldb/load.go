package sqldb

import (
	"context"
	"iter"
)

// Load inserts rows in bulk, streaming them; each holds a value for each
// column. A first column "id" moves the ids that are given next past them. On
// SQLite a load that fails leaves what it had committed before.
func (db *DB) Load(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	return db.dialect.load(ctx, db, table, columns, rows)
}

// LastID is the greatest id in the table, 0 if it has no rows.
func (db *DB) LastID(ctx context.Context, table string) (int64, error) {
	var id int64
	err := db.read.GetContext(ctx, &id, "SELECT coalesce(max(id), 0) FROM "+table)
	return id, db.fault(ctx, err)
}

// Empty tells whether no table of a kind has a row.
func (db *DB) Empty(ctx context.Context) (bool, error) {
	for _, kind := range kinds {
		if id, err := db.LastID(ctx, kind.tableName()); err != nil || id > 0 {
			return false, err
		}
	}
	return true, nil
}
