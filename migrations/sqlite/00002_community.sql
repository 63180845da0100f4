-- A user's and a post's rows. posts.likes is always the number of the post's
-- rows in post_likes; it is kept by those who write them, for the sort by it.

-- +goose Up
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    username      TEXT NOT NULL CHECK (length(username) BETWEEN 3 AND 30 AND username NOT GLOB '*[^A-Za-z0-9_-]*'),
    email         TEXT NOT NULL CHECK (length(email) <= 254),
    role          TEXT NOT NULL DEFAULT 'USER' CHECK (role IN ('USER', 'ADMIN')),
    password_hash TEXT NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    search        TEXT NOT NULL,
    CONSTRAINT users_email UNIQUE (email)
) STRICT;
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE INDEX users_created_at ON users (created_at);
CREATE INDEX users_username ON users (username);
CREATE INDEX users_role ON users (role);
CREATE VIRTUAL TABLE users_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3', detail = 'none');
-- +goose StatementBegin
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, search) VALUES (NEW.id, NEW.search);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER users_search_update AFTER UPDATE OF search ON users WHEN NEW.search <> OLD.search BEGIN
    UPDATE users_search SET search = NEW.search WHERE rowid = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    DELETE FROM users_search WHERE rowid = OLD.id;
END;
-- +goose StatementEnd

CREATE TABLE posts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    title       TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    content     TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 20000),
    likes       INTEGER NOT NULL DEFAULT 0 CHECK (likes >= 0),
    user_id     INTEGER NOT NULL CONSTRAINT posts_user REFERENCES users (id) ON DELETE CASCADE,
    category_id INTEGER CONSTRAINT posts_category REFERENCES categories (id) ON DELETE SET NULL,
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    search      TEXT NOT NULL
) STRICT;
CREATE INDEX posts_created_at ON posts (created_at);
CREATE INDEX posts_updated_at ON posts (updated_at);
CREATE INDEX posts_likes ON posts (likes);
CREATE INDEX posts_title ON posts (title);
CREATE INDEX posts_user ON posts (user_id);
CREATE INDEX posts_user_created_at ON posts (user_id, created_at);
CREATE INDEX posts_user_updated_at ON posts (user_id, updated_at);
CREATE INDEX posts_user_likes ON posts (user_id, likes);
CREATE INDEX posts_user_title ON posts (user_id, title);
CREATE INDEX posts_category ON posts (category_id);
CREATE INDEX posts_category_created_at ON posts (category_id, created_at);
CREATE INDEX posts_category_updated_at ON posts (category_id, updated_at);
CREATE INDEX posts_category_likes ON posts (category_id, likes);
CREATE INDEX posts_category_title ON posts (category_id, title);
CREATE VIRTUAL TABLE posts_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3', detail = 'none');
-- +goose StatementBegin
CREATE TRIGGER posts_search_insert AFTER INSERT ON posts BEGIN
    INSERT INTO posts_search (rowid, search) VALUES (NEW.id, NEW.search);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER posts_search_update AFTER UPDATE OF search ON posts WHEN NEW.search <> OLD.search BEGIN
    UPDATE posts_search SET search = NEW.search WHERE rowid = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER posts_search_delete AFTER DELETE ON posts BEGIN
    DELETE FROM posts_search WHERE rowid = OLD.id;
END;
-- +goose StatementEnd

CREATE TABLE post_likes (
    post_id    INTEGER NOT NULL CONSTRAINT post_likes_post REFERENCES posts (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL CONSTRAINT post_likes_user REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (post_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_likes_user ON post_likes (user_id, post_id);

-- +goose Down
DROP TABLE post_likes;
DROP TABLE posts;
DROP TABLE posts_search;
DROP TABLE users;
DROP TABLE users_search;
