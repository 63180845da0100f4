-- The answers to mutations that were sent with a key, so that one which is sent
-- again is answered and not run. A row is written by the mutation's own
-- transaction: key is a digest of the client and its key, answer is sealed with
-- a key of Stoa's. It is good for a day.

-- +goose Up
CREATE TABLE idempotency (
    key    bytea PRIMARY KEY,
    at     timestamptz NOT NULL,
    answer bytea -- NULL until the mutation has come to its end: nobody sees that
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Now and then what is no longer good is forgotten: far more rows than came since.
-- +goose StatementBegin
CREATE FUNCTION stoa_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM idempotency WHERE key IN (
        SELECT key FROM idempotency WHERE at < now() - interval '24 hours' ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER idempotency_kept AFTER INSERT ON idempotency
    FOR EACH ROW WHEN (random() < 1 / 64.0) EXECUTE FUNCTION stoa_answered();

-- +goose Down
DROP TABLE idempotency;
DROP FUNCTION stoa_answered();
