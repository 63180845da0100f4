package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"stoa/internal/sqldb"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" help:"Bring the tables up to date."`
	Down   migrateDownCommand   `cmd:"" help:"Take the last step back, and the rows in its tables with it."`
	Status migrateStatusCommand `cmd:"" help:"List the steps, and when each was taken."`
}

type (
	migrateUpCommand     struct{}
	migrateDownCommand   struct{}
	migrateStatusCommand struct{}
)

func (migrateUpCommand) Run(ctx context.Context, p *program) error {
	return p.migrating(ctx, func(db *sqldb.DB) error {
		if err := db.Migrate(ctx, nil); err != nil {
			return err
		}
		fmt.Fprintln(p.out, "The tables are up to date.")
		return nil
	})
}

func (migrateDownCommand) Run(ctx context.Context, p *program) error {
	return p.migrating(ctx, func(db *sqldb.DB) error {
		steps, err := db.MigrationStatus(ctx)
		if err != nil {
			return err
		}
		last := ""
		for _, step := range steps {
			if step.Applied {
				last = step.Name
			}
		}
		if last == "" {
			return errors.New("there is no step to take back")
		}
		if err := db.MigrateDown(ctx); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s is taken back.\n", last)
		return nil
	})
}

func (migrateStatusCommand) Run(ctx context.Context, p *program) error {
	return p.migrating(ctx, func(db *sqldb.DB) error {
		steps, err := db.MigrationStatus(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		for _, step := range steps {
			when := "not yet"
			if step.Applied {
				when = step.At.UTC().Format(time.RFC3339)
			}
			fmt.Fprintf(table, "%s\t%s\n", step.Name, when)
		}
		return table.Flush()
	})
}

// migrating opens the database for one of the commands.
func (p *program) migrating(ctx context.Context, do func(*sqldb.DB) error) (err error) {
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := do(db); err != nil {
		return fmt.Errorf("the database %s: %w", p.settings.DatabaseURL, err)
	}
	return nil
}
