package model

import (
	"context"
	"fmt"
	"iter"

	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Load writes the dataset to a migrated database without rows.
func (d *Dataset) Load(ctx context.Context, db *sqldb.DB) error {
	for _, t := range []struct {
		name    string
		columns []string
		rows    iter.Seq[[]any]
	}{
		{"categories", []string{"id", "name", "name_key", "description", "version", "created_at", "updated_at", "search"}, records(d.Categories, categoryRecord)},
		{"users", []string{"id", "username", "email", "role", "password_hash", "version", "created_at", "updated_at", "search"}, records(d.Users, userRecord)},
		{"products", []string{"id", "sku", "name", "description", "price", "inventory", "category_id", "version", "created_at", "updated_at", "search"}, records(d.Products, productRecord)},
		{"posts", []string{"id", "title", "content", "likes", "user_id", "category_id", "version", "created_at", "updated_at", "search"}, records(d.Posts, postRecord)},
		{"post_likes", []string{"post_id", "user_id", "created_at"}, records(d.Likes, likeRecord)},
	} {
		if _, err := db.Load(ctx, t.name, t.columns, t.rows); err != nil {
			return fmt.Errorf("load %s: %w", t.name, err)
		}
	}
	return nil
}

func records[R any](rows []R, record func(R) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, r := range rows {
			if !yield(record(r)) {
				return
			}
		}
	}
}

func search(r Row) sqldb.Words { return sqldb.Words(scalar.Words(r.texts()...)) }

func categoryRecord(c *Category) []any {
	return []any{c.ID, c.Name, scalar.Fold(c.Name), c.Description, c.Version, scalar.Time(c.CreatedAt), scalar.Time(c.UpdatedAt), search(c)}
}

func userRecord(u *User) []any {
	return []any{u.ID, u.Username, u.Email, "USER", "none", u.Version, scalar.Time(u.CreatedAt), scalar.Time(u.UpdatedAt), search(u)}
}

func productRecord(p *Product) []any {
	return []any{p.ID, p.SKU, p.Name, p.Description, scalar.Cents(p.Price), p.Inventory, p.Category, p.Version,
		scalar.Time(p.CreatedAt), scalar.Time(p.UpdatedAt), search(p)}
}

func postRecord(p *Post) []any {
	return []any{p.ID, p.Title, p.Content, p.Likes, p.Author, p.Category, p.Version,
		scalar.Time(p.CreatedAt), scalar.Time(p.UpdatedAt), search(p)}
}

func likeRecord(l Like) []any { return []any{l.Post, l.User, scalar.Time(l.CreatedAt)} }
