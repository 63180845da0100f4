-- How far the database had come when a log-in last wrote. It may be lost: what
-- the log-in reads is then, for some seconds, as old as the replicas are.

-- +goose Up
CREATE UNLOGGED TABLE login_writes (
    login_id bigint PRIMARY KEY CONSTRAINT login_writes_login REFERENCES logins (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    at       timestamptz NOT NULL
);

-- +goose Down
DROP TABLE login_writes;
