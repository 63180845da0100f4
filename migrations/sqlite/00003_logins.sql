-- A log-in lives until it is ended or has not been refreshed for too long. Its
-- generation counts its refresh tokens: only the last one is good.

-- +goose Up
CREATE TABLE logins (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL CONSTRAINT logins_user REFERENCES users (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logins_user ON logins (user_id, expires_at);

-- +goose Down
DROP TABLE logins;
