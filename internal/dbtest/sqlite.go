package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"stoa/internal/sqldb"
)

// emptySQLite is the file of a migrated database without rows.
var emptySQLite = sync.OnceValues(func() (file []byte, err error) {
	folder, err := os.MkdirTemp("", "stoa-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "empty.db")
	if err := migrate(context.Background(), "sqlite:"+path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteURL(t testing.TB) string {
	t.Helper()
	file, err := emptySQLite()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "stoa.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// migrate makes the tables in an empty database, and leaves it.
func migrate(ctx context.Context, url string) error {
	db, err := sqldb.Open(ctx, sqldb.Options{URL: url, MaxConns: conns})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx, nil), db.Close())
}
