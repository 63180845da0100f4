package store

import (
	"context"

	"stoa/internal/auth"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

var postLikes = sqldb.Marked(Posts, "post_likes", "post_id", "user_id")

// TrendingPosts are the posts by the likes that they have won lately.
var TrendingPosts = sqldb.Ranked(Posts, "post_likes", "post_id")

// Liked tells whether the viewer, who may be nil, likes the post.
func Liked(ctx context.Context, db *sqldb.DB, p *Post, viewer *auth.Viewer) (bool, error) {
	if viewer == nil {
		return false, nil
	}
	return postLikes.Of(ctx, db, p, viewer.Key)
}

// LikePost has the viewer like the post, once.
func LikePost(ctx context.Context, db *sqldb.DB, id relay.ID) (*Post, error) {
	return changeLikes(ctx, db, id, +1,
		"INSERT INTO post_likes (post_id, user_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING post_id",
		sqldb.Now(ctx))
}

// UnlikePost has the viewer like the post no more.
func UnlikePost(ctx context.Context, db *sqldb.DB, id relay.ID) (*Post, error) {
	return changeLikes(ctx, db, id, -1, "DELETE FROM post_likes WHERE post_id = ? AND user_id = ? RETURNING post_id")
}

// changeLikes writes a like of the viewer's and, if that changed anything, the
// post's count by as much. The viewer is locked first, so that whoever deletes
// them sees all of their likes.
func changeLikes(ctx context.Context, db *sqldb.DB, id relay.ID, by int, statement string, more ...any) (*Post, error) {
	key, wrong := Posts.Key("id", id)
	if wrong != nil {
		return nil, wrong
	}
	viewer := auth.From(ctx).Key
	locked, err := Users.Locked(ctx, db, sqldb.Term{SQL: "t.id = ?", Args: []any{viewer}})
	if err != nil {
		return nil, err
	}
	if len(locked) == 0 {
		return nil, auth.Refused() // deleted since the request came
	}
	changed, err := db.Exec(ctx, statement, append([]any{key, viewer}, more...)...)
	if db.Dangles(err) {
		return nil, notFound("id").From(err)
	}
	if err != nil {
		return nil, err
	}
	post, err := countLikes(ctx, db, key, by*changed)
	if post == nil && err == nil {
		err = notFound("id")
	}
	return post, err
}

// countLikes moves the post's count, and returns the post, nil where there is
// none.
func countLikes(ctx context.Context, db *sqldb.DB, key int64, by int) (*Post, error) {
	post := sqldb.Term{SQL: "t.id = ?", Args: []any{key}}
	if by == 0 {
		return Posts.Find(ctx, db, post)
	}
	return Posts.Shift(ctx, db, sqldb.Term{SQL: "likes = t.likes + ?", Args: []any{by}}, post)
}
