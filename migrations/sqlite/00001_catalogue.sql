-- An index ends with the id by itself; where it is named, SQLite does not compare
-- it in the index.
--
-- Times are whole microseconds since 1970, prices whole cents. "search" holds
-- the words that Stoa has folded; a trigger keeps the FTS5 index beside it.

-- +goose Up
CREATE TABLE categories (
    id          INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 20000),
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    name_key    TEXT NOT NULL,
    search      TEXT NOT NULL,
    CONSTRAINT categories_name_key UNIQUE (name_key)
) STRICT;
CREATE INDEX categories_created_at ON categories (created_at);
CREATE INDEX categories_name ON categories (name);
CREATE VIRTUAL TABLE categories_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3', detail = 'none');
-- +goose StatementBegin
CREATE TRIGGER categories_search_insert AFTER INSERT ON categories BEGIN
    INSERT INTO categories_search (rowid, search) VALUES (NEW.id, NEW.search);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER categories_search_update AFTER UPDATE OF search ON categories WHEN NEW.search <> OLD.search BEGIN
    UPDATE categories_search SET search = NEW.search WHERE rowid = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER categories_search_delete AFTER DELETE ON categories BEGIN
    DELETE FROM categories_search WHERE rowid = OLD.id;
END;
-- +goose StatementEnd

CREATE TABLE products (
    id          INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    sku         TEXT CHECK (length(sku) BETWEEN 1 AND 64),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 20000),
    price       INTEGER NOT NULL CHECK (price BETWEEN 0 AND 9999999999),
    inventory   INTEGER NOT NULL DEFAULT 0 CHECK (inventory BETWEEN 0 AND 2147483647),
    category_id INTEGER NOT NULL CONSTRAINT products_category REFERENCES categories (id),
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    search      TEXT NOT NULL,
    CONSTRAINT products_sku UNIQUE (sku)
) STRICT;
CREATE INDEX products_created_at ON products (created_at);
CREATE INDEX products_updated_at ON products (updated_at);
CREATE INDEX products_price ON products (price);
CREATE INDEX products_name ON products (name);
CREATE INDEX products_inventory ON products (inventory);
CREATE INDEX products_category ON products (category_id);
CREATE INDEX products_category_created_at ON products (category_id, created_at);
CREATE INDEX products_category_updated_at ON products (category_id, updated_at);
CREATE INDEX products_category_price ON products (category_id, price);
CREATE INDEX products_category_name ON products (category_id, name);
CREATE INDEX products_category_inventory ON products (category_id, inventory);
CREATE VIRTUAL TABLE products_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3', detail = 'none');
-- +goose StatementBegin
CREATE TRIGGER products_search_insert AFTER INSERT ON products BEGIN
    INSERT INTO products_search (rowid, search) VALUES (NEW.id, NEW.search);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER products_search_update AFTER UPDATE OF search ON products WHEN NEW.search <> OLD.search BEGIN
    UPDATE products_search SET search = NEW.search WHERE rowid = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER products_search_delete AFTER DELETE ON products BEGIN
    DELETE FROM products_search WHERE rowid = OLD.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE products;
DROP TABLE products_search;
DROP TABLE categories;
DROP TABLE categories_search;
