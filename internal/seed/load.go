package seed

import (
	"context"
	"fmt"
	"iter"

	"stoa/internal/sqldb"
)

// shop is all rows, each made when it is asked for.
type shop struct {
	categories iter.Seq[category]
	products   iter.Seq[product]
	users      iter.Seq[user]
	posts      iter.Seq[post]
	likes      iter.Seq[like]
}

// load loads the rows, first those that others refer to.
func (s shop) load(ctx context.Context, db *sqldb.DB, p *progress) error {
	if err := load(ctx, db, s.categories, p); err != nil {
		return err
	}
	if err := load(ctx, db, s.products, p); err != nil {
		return err
	}
	if err := load(ctx, db, s.users, p); err != nil {
		return err
	}
	if err := load(ctx, db, s.posts, p); err != nil {
		return err
	}
	return load(ctx, db, s.likes, p)
}

func load[R row](ctx context.Context, db *sqldb.DB, rows iter.Seq[R], p *progress) error {
	var none R
	table, columns := none.table()
	_, err := db.Load(ctx, table, columns, func(yield func([]any) bool) {
		for r := range rows {
			if !yield(r.values()) {
				return
			}
			p.add()
		}
	})
	if err != nil {
		return fmt.Errorf("loading %s: %w", table, err)
	}
	return nil
}

// progress counts rows.
type progress struct {
	tell        func(done, total int64) // may be nil
	done, total int64
}

func (p *progress) add() {
	const often = 1000
	p.done++
	if p.tell != nil && p.done%often == 0 && p.done < p.total {
		p.tell(p.done, p.total)
	}
}

func (p *progress) end() {
	if p.tell != nil {
		p.tell(p.total, p.total)
	}
}
