-- Likes by the time at which they were given: a ranking reads those of the last
-- days with their posts, and nothing but the index.

-- +goose Up
CREATE INDEX post_likes_created_at ON post_likes (created_at, post_id);

-- +goose Down
DROP INDEX post_likes_created_at;
