-- The answers to mutations that were sent with a key, so that one which is sent
-- again is answered and not run. A row is written by the mutation's own
-- transaction: key is a digest of the client and its key, answer is sealed with
-- a key of Stoa's. It is good for a day.

-- +goose Up
CREATE TABLE idempotency (
    key    BLOB PRIMARY KEY,
    at     INTEGER NOT NULL,
    answer BLOB -- NULL until the mutation has come to its end: nobody sees that
) STRICT;
CREATE INDEX idempotency_at ON idempotency (at);

-- Now and then what is no longer good is forgotten: far more rows than came since.
-- +goose StatementBegin
CREATE TRIGGER idempotency_kept AFTER INSERT ON idempotency WHEN random() % 64 = 0 BEGIN
    DELETE FROM idempotency WHERE key IN (
        SELECT key FROM idempotency WHERE at < NEW.at - 86400000000 ORDER BY at LIMIT 1000);
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE idempotency;
