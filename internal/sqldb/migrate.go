package sqldb

import (
	"context"
	"io/fs"
	"slices"
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
// off. Steps that the database does without are taken back. Where there were no
// tables before, fill, unless nil, runs under the same lock.
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
	if err := db.forgo(ctx); err != nil {
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

// forgo takes the steps back that the database does without, and did not always.
func (db *DB) forgo(ctx context.Context) error {
	forgone := db.dialect.forgone()
	if len(forgone) == 0 {
		return nil
	}
	all, err := db.steps(nil)
	if err != nil {
		return err
	}
	status, err := all.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(status) {
		if s.State == goose.StateApplied && slices.Contains(forgone, s.Source.Version) {
			if _, err := all.ApplyVersion(ctx, s.Source.Version, false); err != nil {
				return err
			}
		}
	}
	return nil
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

// UpToDate tells whether all steps have been taken, and none that the database
// does without.
func (db *DB) UpToDate(ctx context.Context) (bool, error) {
	steps, err := db.migrations()
	if err != nil {
		return false, err
	}
	taken := map[int64]bool{}
	ctx, _ = db.Foremost(ctx)
	err = db.rows(ctx, "SELECT version_id FROM "+goose.DefaultTablename, nil, func(got tuple) error {
		var version int64
		err := got.Scan(&version)
		taken[version] = true
		return err
	})
	lacks := func(s *goose.Source) bool { return !taken[s.Version] }
	needless := func(version int64) bool { return taken[version] }
	return !slices.ContainsFunc(steps.ListSources(), lacks) && !slices.ContainsFunc(db.dialect.forgone(), needless), err
}

func (db *DB) migrations() (*goose.Provider, error) { return db.steps(db.dialect.forgone()) }

// steps are all but those of the versions.
func (db *DB) steps(without []int64) (*goose.Provider, error) {
	folder, dialect := db.dialect.migrations()
	files, err := fs.Sub(migrations.Files, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db.write.DB, files, goose.WithDisableGlobalRegistry(true),
		goose.WithExcludeVersions(without), goose.WithAllowOutofOrder(true)) // the database may have done without earlier ones
}
