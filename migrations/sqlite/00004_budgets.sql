-- One process has the file, and its clients' budgets in its memory: there is
-- nothing to share.

-- +goose Up

-- +goose Down
