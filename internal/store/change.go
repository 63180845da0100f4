package store

import (
	"context"
	"sync"

	"stoa/internal/fault"
	"stoa/internal/live"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// News is a change that is being told, and the row as it is now.
type News struct {
	sqldb.Change
	row func() (relay.Node, error)
}

// NewNews is the change, whose row is read in the context: once, when first
// asked for, however many are told of it.
func NewNews(ctx context.Context, db *sqldb.DB, c *sqldb.Change) *News {
	return &News{*c, sync.OnceValues(func() (relay.Node, error) {
		if c.Kind == sqldb.Deleted {
			return nil, nil
		}
		return sqldb.Node(ctx, db, c.ID())
	})}
}

// Alone is the news for those who are told alike: they load together, and
// nobody with them.
func (n *News) Alone() *News {
	return &News{n.Change, sync.OnceValues(func() (relay.Node, error) {
		row, err := n.row()
		if row == nil || err != nil {
			return nil, err
		}
		return sqldb.Alone(row), nil
	})}
}

// Cursor is where to go on behind it.
func (n *News) Cursor() string { return n.Place.Cursor() }

// now is the row, nil where there is none any more.
func now[T any](n *News) (*T, error) {
	node, err := n.row()
	row, _ := any(node).(*T)
	return row, err
}

// Topic is what one may subscribe to: which changes, and what an event of type E
// is made of one. Err is what is wrong with what was asked for.
type Topic[E any] struct {
	Filter live.Filter
	Err    error
	// Event is nil where there is nothing left to tell of.
	Event func(*News) (*E, error)
}

// ProductChange is a committed change to a product.
type ProductChange struct{ *News }

// Product is the product as it is now, nil where it is no more.
func (c *ProductChange) Product() (*Product, error) { return now[Product](c.News) }

// PostChange is a committed change to a post.
type PostChange struct{ *News }

// Post is the post as it is now, nil where it is no more.
func (c *PostChange) Post() (*Post, error) { return now[Post](c.News) }

// ProductChanges are all changes to products; of one, or in one category, where
// it is not nil.
func ProductChanges(id, category *relay.ID) *Topic[ProductChange] {
	f, err := filter(Products, "", id, fact(Categories, "categoryId", "category_id", category))
	return &Topic[ProductChange]{f, err, func(n *News) (*ProductChange, error) {
		return &ProductChange{n}, nil
	}}
}

// PostChanges are all changes to posts; of one, of one author or in one
// category, where they are not nil.
func PostChanges(id, author, category *relay.ID) *Topic[PostChange] {
	f, err := filter(Posts, "", id, fact(Users, "authorId", "user_id", author), fact(Categories, "categoryId", "category_id", category))
	return &Topic[PostChange]{f, err, func(n *News) (*PostChange, error) {
		return &PostChange{n}, nil
	}}
}

// NewPosts are the posts that are published; those of one author, or in one
// category, where it is not nil.
func NewPosts(author, category *relay.ID) *Topic[Post] {
	f, err := filter(Posts, sqldb.Created, nil, fact(Users, "authorId", "user_id", author), fact(Categories, "categoryId", "category_id", category))
	return &Topic[Post]{f, err, now[Post]}
}

// wanted is a column and the key that it has to hold, 0 for any.
type wanted struct {
	column string
	key    int64
	wrong  *fault.Error
}

// fact is that the column refers to the row with the id, which stands at the
// field.
func fact[T any](table *sqldb.Table[T], field, column string, id *relay.ID) wanted {
	if id == nil {
		return wanted{}
	}
	key, wrong := table.Key(field, *id)
	return wanted{column, key, wrong}
}

func filter[T any](table *sqldb.Table[T], kind sqldb.ChangeKind, id *relay.ID, facts ...wanted) (live.Filter, error) {
	var faults fault.List
	own := fact(table, "id", "", id)
	faults.Add(own.wrong)
	f := live.Filter{Type: table.Kind(), Kind: kind, Key: own.key, Facts: map[string]int64{}}
	for _, one := range facts {
		faults.Add(one.wrong)
		if one.key != 0 {
			f.Facts[one.column] = one.key
		}
	}
	return f, faults.Err()
}
