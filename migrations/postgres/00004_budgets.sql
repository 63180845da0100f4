-- What clients have left of their points, as of an instant, and what the last
-- lease took. It may be lost: the buckets are then full.

-- +goose Up
CREATE UNLOGGED TABLE budgets (
    client text PRIMARY KEY,
    points double precision NOT NULL,
    leased double precision NOT NULL,
    at     timestamptz NOT NULL
);
CREATE INDEX budgets_at ON budgets (at);

-- +goose Down
DROP TABLE budgets;
