-- A file has no replicas: what is read is never older than what was written.

-- +goose Up

-- +goose Down
