package store

import (
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Post is what a user has written, on a shelf or on none.
type Post struct {
	sqldb.Row[Post]
	Title       string
	Content     string
	Likes       int
	AuthorKey   int64
	CategoryKey *int64
}

// Fields names the post's columns.
func (p *Post) Fields(f *sqldb.Fields) {
	f.Show("title", &p.Title)
	f.Show("content", &p.Content)
	f.Show("likes", &p.Likes)
	f.Add("user_id", &p.AuthorKey)
	f.Add("category_id", &p.CategoryKey)
}

// Derive adds the words by which the post is found.
func (p *Post) Derive(add func(column string, value any)) {
	add("search", sqldb.Words(scalar.Words(p.Title, p.Content)))
}

// The posts, and how they hang together with the rest.
var (
	Posts        = sqldb.NewTable[Post]("posts")
	PostAuthor   = sqldb.ToOne(Posts, "posts_user", "", Users, func(p *Post) int64 { return p.AuthorKey }).Required()
	PostCategory = sqldb.ToOne(Posts, "posts_category", "categoryId", Categories, (*Post).categoryKey)
)

func (p *Post) categoryKey() int64 {
	if p.CategoryKey == nil {
		return 0
	}
	return *p.CategoryKey
}

// A list of posts.
type (
	PostConnection = relay.Connection[Post]
	PostEdge       = relay.Edge[Post]
)

// PostFilter says which posts to keep; what is nil keeps all.
type PostFilter struct {
	sqldb.Combined[PostFilter]
	AuthorID      *relay.ID
	Author        *UserFilter
	CategoryID    *relay.ID
	Category      *CategoryFilter
	HasCategory   *bool
	LikesMin      *int
	LikesMax      *int
	Search        *string
	CreatedAfter  *scalar.Time
	CreatedBefore *scalar.Time
	UpdatedAfter  *scalar.Time
	UpdatedBefore *scalar.Time
}

// Terms says what the filter keeps.
func (f *PostFilter) Terms(w *sqldb.Where) []sqldb.Term {
	return []sqldb.Term{
		sqldb.Ref(w, "authorId", "t.user_id", Users, f.AuthorID),
		sqldb.Related(w, "author", "t.user_id", Users, f.Author),
		sqldb.Ref(w, "categoryId", "t.category_id", Categories, f.CategoryID),
		sqldb.Related(w, "category", "t.category_id", Categories, f.Category),
		w.If("t.category_id IS NOT NULL", "t.category_id IS NULL", f.HasCategory),
		sqldb.Cmp(w, "t.likes >= ?", f.LikesMin),
		sqldb.Cmp(w, "t.likes <= ?", f.LikesMax),
		w.Words("search", f.Search),
		sqldb.Cmp(w, "t.created_at >= ?", f.CreatedAfter),
		sqldb.Cmp(w, "t.created_at < ?", f.CreatedBefore),
		sqldb.Cmp(w, "t.updated_at >= ?", f.UpdatedAfter),
		sqldb.Cmp(w, "t.updated_at < ?", f.UpdatedBefore),
	}
}
