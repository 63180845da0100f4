// Package store says what Stoa knows: products, categories, users, posts and
// likes, how they hang together and what may be asked of them. The types are
// those that the schema shows.
package store

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"stoa/internal/relay"
	"stoa/internal/scalar"
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
	f.Show("name", &c.Name)
	f.Show("description", &c.Description)
}

// Derive adds the name as it is compared, and the words by which the category
// is found.
func (c *Category) Derive(add func(column string, value any)) {
	add("name_key", scalar.Fold(c.Name))
	add("search", sqldb.Words(scalar.Words(c.Name, c.Description)))
}

// The categories, and how they hang together with the rest.
var (
	Categories = sqldb.NewTable[Category]("categories").
			Unique("categories_name_key", "name", "t.name_key = ?", func(c *Category) any { return scalar.Fold(c.Name) })
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

var categoryName = line(100)

// CreateCategoryInput is a new category.
type CreateCategoryInput struct {
	Name        string
	Description string
}

// Apply writes the input into the category.
func (in CreateCategoryInput) Apply(to *Category) error {
	c := checks{path: "input"}
	to.Name = categoryName(&c, "name", in.Name)
	to.Description = description(&c, "description", in.Description)
	return c.faults.Err()
}

// UpdateCategoryInput is what to change of a category.
type UpdateCategoryInput struct {
	Name        graphql.Omittable[*string]
	Description graphql.Omittable[*string]
}

// Apply writes the input into the category.
func (in UpdateCategoryInput) Apply(to *Category) error {
	c := checks{path: "input"}
	set(&c, "name", in.Name, &to.Name, categoryName)
	set(&c, "description", in.Description, &to.Description, description)
	return c.faults.Err()
}

// DeleteCategory removes a category without products; its posts lose it.
func DeleteCategory(ctx context.Context, db *sqldb.DB, id relay.ID, ifVersion *int) (bool, error) {
	return Categories.Delete(ctx, db, id, sqldb.Edit[Category]{IfVersion: ifVersion, Apply: func(c *Category) error {
		_, err := Posts.Shift(ctx, db, sqldb.Term{SQL: "category_id = NULL"}, sqldb.Term{SQL: "t.category_id = ?", Args: []any{c.Key}})
		return err
	}})
}
