package store

import (
	"context"

	"stoa/internal/auth"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

var postLikes = sqldb.Marked(Posts, "post_likes", "post_id", "user_id")

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
// post's count. The post is locked, so the two never part; and so is the viewer,
// so that whoever deletes them sees all of their likes.
func changeLikes(ctx context.Context, db *sqldb.DB, id relay.ID, by int, statement string, more ...any) (*Post, error) {
	viewer := auth.From(ctx).Key
	if _, err := Users.Locked(ctx, db, sqldb.Term{SQL: "t.id = ?", Args: []any{viewer}}); err != nil {
		return nil, err
	}
	post, err := Posts.Lock(ctx, db, id)
	if err != nil {
		return nil, err
	}
	if post == nil {
		return nil, notFound("id")
	}
	args := append([]any{post.Key, viewer}, more...)
	changed, err := db.Exec(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	before := *post
	post.Likes += by * changed
	return post, Posts.Save(ctx, db, []*Post{&before}, []*Post{post})
}
