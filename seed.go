package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

type seedCommand struct {
	Products   uint32 `placeholder:"N" default:"1000" help:"Products (default: ${default})."`
	Categories uint32 `placeholder:"N" default:"20" help:"Categories (default: ${default})."`
	Users      uint32 `placeholder:"N" default:"200" help:"Users (default: ${default})."`
	Posts      uint32 `placeholder:"N" default:"1000" help:"Posts (default: ${default})."`
	RandomSeed uint64 `placeholder:"S" default:"1" help:"Another seed makes other data (default: ${default})."`
	Force      bool   `help:"Add to a database that already has rows."`
}

// Run fills the database, its tables made first where they are missing.
func (c seedCommand) Run(ctx context.Context, p *program) (err error) {
	wanted := seed.Options{
		Products: int(c.Products), Categories: int(c.Categories), Users: int(c.Users), Posts: int(c.Posts),
		RandomSeed: c.RandomSeed, Progress: progress(),
	}
	if err := wanted.Check(); err != nil {
		return usage{err}
	}
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := p.ready(ctx, db, c.Force); err != nil {
		return fmt.Errorf("the database %s: %w", p.settings.DatabaseURL, err)
	}
	start := time.Now()
	if err := seed.Fill(ctx, db, wanted); err != nil {
		return fmt.Errorf("the database %s is not filled: %w", p.settings.DatabaseURL, err)
	}
	p.log.Info("the database is filled", "database", p.settings.DatabaseURL, "took", time.Since(start).Round(time.Millisecond))
	return nil
}

// ready tells whether the database can be filled, and makes its tables.
func (p *program) ready(ctx context.Context, db *sqldb.DB, force bool) error {
	if p.settings.Migrate {
		if err := db.Migrate(ctx, nil); err != nil {
			return err
		}
	} else if current, err := db.UpToDate(ctx); err != nil || !current {
		return errors.Join(err, errors.New("its tables are not up to date, and MIGRATE is false"))
	}
	if empty, err := db.Empty(ctx); err != nil || empty || force {
		return err
	}
	return errors.New("it already has rows; --force adds to them")
}

// progress draws a bar on a terminal, and nothing elsewhere.
func progress() func(done, total int64) {
	if !onTerminal() {
		return nil
	}
	bar := progressbar.NewOptions64(1, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(40), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(os.Stderr) }))
	return func(done, total int64) {
		// What a bar cannot draw is no reason to end the work.
		bar.ChangeMax64(total)
		_ = bar.Set64(done)
	}
}
