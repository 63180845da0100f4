package sqldb

import (
	"context"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"stoa/migrations"
)

// Migration is one step towards the present tables.
type Migration struct {
	Version int64
	Name    string
	Applied bool
	At      time.Time // zero unless applied
}

// Migrate brings the tables up to date, under a lock that holds other processes
// off. Where there were none before, fill, unless nil, runs under the same lock.
func (db *DB) Migrate(ctx context.Context, fill func(context.Context) error) (err error) {
	unlock, err := db.dialect.lock(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = join(err, unlock()) }()
	steps, err := db.migrations()
	if err != nil {
		return err
	}
	before, err := steps.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return err
	}
	if before == 0 && fill != nil {
		err = fill(ctx)
	}
	return join(err, db.requireHere(ctx))
}

// MigrateDown takes the last step back, and the rows in its tables with it.
func (db *DB) MigrateDown(ctx context.Context) (err error) {
	unlock, err := db.dialect.lock(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = join(err, unlock()) }()
	steps, err := db.migrations()
	if err != nil {
		return err
	}
	_, err = steps.Down(ctx)
	return err
}

// MigrationStatus is all steps in their order.
func (db *DB) MigrationStatus(ctx context.Context) ([]Migration, error) {
	steps, err := db.migrations()
	if err != nil {
		return nil, err
	}
	status, err := steps.Status(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Migration, len(status))
	for i, s := range status {
		name := strings.TrimSuffix(s.Source.Path[strings.LastIndex(s.Source.Path, "/")+1:], ".sql")
		all[i] = Migration{s.Source.Version, name, s.State == goose.StateApplied, s.AppliedAt}
	}
	return all, nil
}

// UpToDate tells whether all steps have been taken.
func (db *DB) UpToDate(ctx context.Context) (bool, error) {
	var version int64
	ctx, _ = db.Foremost(ctx)
	_, err := db.Read(ctx, "SELECT coalesce(max(version_id), 0) FROM "+goose.DefaultTablename, nil, &version)
	if err != nil {
		return false, err
	}
	steps, err := db.migrations()
	if err != nil {
		return false, err
	}
	sources := steps.ListSources()
	return version >= sources[len(sources)-1].Version, nil
}

func (db *DB) migrations() (*goose.Provider, error) {
	folder, dialect := db.dialect.migrations()
	files, err := fs.Sub(migrations.Files, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db.write.DB, files, goose.WithDisableGlobalRegistry(true))
}
