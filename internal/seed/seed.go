// Package seed says what a shop looks like: the demo, a small shop and its
// community, and generated rows, as many as one wants.
package seed

import (
	"context"
	"errors"
	"fmt"

	"stoa/internal/sqldb"
)

// Options are how many rows of each kind to make. The likes of the posts, about
// two for each, come on top.
type Options struct {
	Products, Categories, Users, Posts int
	// RandomSeed decides what the rows are: the same options make the same rows.
	RandomSeed uint64
	// Progress, unless nil, is called now and then, and at the end, with how many
	// of all rows have been loaded.
	Progress func(done, total int64)
}

// maxRows bounds what can be asked for of a kind: a username has room for ten
// digits of an id.
const maxRows = 1_000_000_000

// Check names every fault of the options.
func (o Options) Check() error {
	var errs []error
	bounded := func(kind string, n int) {
		if n < 0 || n > maxRows {
			errs = append(errs, fmt.Errorf("%d %s: the number must be from 0 to %d", n, kind, maxRows))
		}
	}
	bounded("products", o.Products)
	bounded("categories", o.Categories)
	bounded("users", o.Users)
	bounded("posts", o.Posts)
	if o.Products > 0 && o.Categories == 0 {
		errs = append(errs, errors.New("products need categories: there is no product without one"))
	}
	if o.Posts > 0 && o.Users == 0 {
		errs = append(errs, errors.New("posts need users: there is no post without an author"))
	}
	return errors.Join(errs...)
}

// Fill adds generated rows, the same on every database that was in the same
// state. The new rows refer to one another only; their ids follow those of the
// rows that are there. What was loaded before an error stays.
func Fill(ctx context.Context, db *sqldb.DB, o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	first, err := firstIDs(ctx, db)
	if err != nil {
		return err
	}
	g, err := newGenerator(o, first)
	if err != nil {
		return err
	}
	p := &progress{tell: o.Progress, total: g.rows()}
	if err := g.shop().load(ctx, db, p); err != nil {
		return err
	}
	p.end()
	return nil
}

// firstIDs are the ids after the last of each table.
func firstIDs(ctx context.Context, db *sqldb.DB) (ids, error) {
	var first ids
	for name, id := range map[string]*int64{
		"categories": &first.categories, "products": &first.products,
		"users": &first.users, "posts": &first.posts,
	} {
		last, err := db.LastID(ctx, name)
		if err != nil {
			return ids{}, fmt.Errorf("reading the last id of %s: %w", name, err)
		}
		*id = last + 1
	}
	return first, nil
}
