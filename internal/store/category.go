// Package store says what Stoa knows: products, categories, users, posts and
// likes, how they hang together and what may be asked of them. The types are
// those that the schema shows.
package store

import (
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// Category is a shelf: of products, and of posts.
type Category struct {
	sqldb.Row[Category]
	Name        string
	Description string
}

// Fields names the category's columns.
func (c *Category) Fields(f *sqldb.Fields) {
	f.Add("name", &c.Name)
	f.Add("description", &c.Description)
}

// The categories, and how they hang together with the rest.
var (
	Categories       = sqldb.NewTable[Category]("categories")
	CategoryProducts = sqldb.ToMany(Categories, Products, "category_id")
	CategoryPosts    = sqldb.ToMany(Categories, Posts, "category_id")
)

// A list of categories.
type (
	CategoryConnection = relay.Connection[Category]
	CategoryEdge       = relay.Edge[Category]
)

// CategoryFilter says which categories to keep; what is nil keeps all.
type CategoryFilter struct {
	sqldb.Combined[CategoryFilter]
	Search *string
}

// Terms says what the filter keeps.
func (f *CategoryFilter) Terms(w *sqldb.Where) []sqldb.Term {
	return []sqldb.Term{
		w.Words("search", f.Search),
	}
}
