-- What has been changed, for those who are to be told. A row holds changes of one
-- kind by one statement: [{"id", "before", "after"}, …], with the columns that
-- subscriptions look at as they were and are. Triggers write it, so whatever is
-- rolled back leaves nothing, and rows that go with others are told of too. There
-- is one writer at a time, so seq is the order of the commits.

-- +goose Up
CREATE TABLE changes (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    at   INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    type TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('CREATED', 'UPDATED', 'DELETED')),
    rows TEXT NOT NULL
) STRICT;
CREATE INDEX changes_at ON changes (at, seq);
-- Now and then what nobody can resume from is forgotten: all before the last that
-- is older than an hour.
-- +goose StatementBegin
CREATE TRIGGER changes_kept AFTER INSERT ON changes WHEN NEW.seq % 64 = 0 BEGIN
    DELETE FROM changes WHERE seq IN (
        SELECT seq FROM changes
        WHERE seq < (SELECT seq FROM changes WHERE at < NEW.at - 3600000000 ORDER BY at DESC, seq DESC LIMIT 1)
        ORDER BY seq LIMIT 1000);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER products_created AFTER INSERT ON products BEGIN
    INSERT INTO changes (type, kind, rows) VALUES ('Product', 'CREATED', json_array(json_object(
        'id', NEW.id,
        'after', json_object('category_id', NEW.category_id))));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER products_updated AFTER UPDATE ON products BEGIN
    INSERT INTO changes (type, kind, rows) VALUES ('Product', 'UPDATED', json_array(json_object(
        'id', NEW.id,
        'before', json_object('category_id', OLD.category_id),
        'after', json_object('category_id', NEW.category_id))));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER products_deleted AFTER DELETE ON products BEGIN
    INSERT INTO changes (type, kind, rows) VALUES ('Product', 'DELETED', json_array(json_object(
        'id', OLD.id,
        'before', json_object('category_id', OLD.category_id))));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER posts_created AFTER INSERT ON posts BEGIN
    INSERT INTO changes (type, kind, rows) VALUES ('Post', 'CREATED', json_array(json_object(
        'id', NEW.id,
        'after', json_object('user_id', NEW.user_id, 'category_id', NEW.category_id))));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER posts_updated AFTER UPDATE ON posts BEGIN
    INSERT INTO changes (type, kind, rows) VALUES ('Post', 'UPDATED', json_array(json_object(
        'id', NEW.id,
        'before', json_object('user_id', OLD.user_id, 'category_id', OLD.category_id),
        'after', json_object('user_id', NEW.user_id, 'category_id', NEW.category_id))));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER posts_deleted AFTER DELETE ON posts BEGIN
    INSERT INTO changes (type, kind, rows) VALUES ('Post', 'DELETED', json_array(json_object(
        'id', OLD.id,
        'before', json_object('user_id', OLD.user_id, 'category_id', OLD.category_id))));
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER posts_deleted;
DROP TRIGGER posts_updated;
DROP TRIGGER posts_created;
DROP TRIGGER products_deleted;
DROP TRIGGER products_updated;
DROP TRIGGER products_created;
DROP TABLE changes;
