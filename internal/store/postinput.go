package store

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"stoa/internal/auth"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// The rules of a post.
var (
	title   = line(200)
	content = fullText(20000)
)

// CreatePostInput is a new post.
type CreatePostInput struct {
	Title      string
	Content    string
	CategoryID *relay.ID
}

// By returns what writes the input into a post of the viewer's.
func (in CreatePostInput) By(author *auth.Viewer) func(*Post) error {
	return func(p *Post) error {
		c := checks{path: "input"}
		p.AuthorKey = author.Key
		p.Title = title(&c, "title", in.Title)
		p.Content = content(&c, "content", in.Content)
		p.CategoryKey = optional(&c, "categoryId", in.CategoryID, key(Categories))
		return c.faults.Err()
	}
}

// UpdatePostInput is what to change of a post.
type UpdatePostInput struct {
	Title      graphql.Omittable[*string]
	Content    graphql.Omittable[*string]
	CategoryID graphql.Omittable[*relay.ID]
}

// Apply writes the input into the post.
func (in UpdatePostInput) Apply(p *Post) error {
	c := checks{path: "input"}
	set(&c, "title", in.Title, &p.Title, title)
	set(&c, "content", in.Content, &p.Content, content)
	setOrClear(&c, "categoryId", in.CategoryID, &p.CategoryKey, key(Categories))
	return c.faults.Err()
}

// UpdatePost changes the viewer's own post or, for an admin, anybody's.
func UpdatePost(ctx context.Context, db *sqldb.DB, id relay.ID, in UpdatePostInput, ifVersion *int) (*Post, error) {
	return Posts.Update(ctx, db, id, sqldb.Edit[Post]{Apply: in.Apply, Allow: postOwner, IfVersion: ifVersion})
}

// DeletePost removes the viewer's own post or, for an admin, anybody's.
func DeletePost(ctx context.Context, db *sqldb.DB, id relay.ID, ifVersion *int) (bool, error) {
	return Posts.Delete(ctx, db, id, sqldb.Edit[Post]{Allow: postOwner, IfVersion: ifVersion})
}

func postOwner(ctx context.Context, p *Post) error { return auth.Owner(ctx, p.AuthorKey) }
