-- What has been changed, for those who are to be told. A row holds up to 500
-- changes of one kind by one statement: [{"id", "before", "after"}, …], with the
-- columns that subscriptions look at as they were and are, null for no row.
-- Triggers write it, so whatever is rolled back leaves nothing, and rows that go
-- with others, or that another program changes, are told of too.
--
-- seq is the order of the commits: it is given last, under a lock that ends when
-- the transaction can be seen. Who has read up to a seq has missed nothing before
-- it; id is not so, a later one may be seen earlier. Both are in order for one
-- object, whose lock a transaction holds before it draws either.
--
-- "SET LOCAL stoa.quiet = 'on'" keeps a bulk load from being told.

-- +goose Up
CREATE SEQUENCE changes_seq;
CREATE TABLE changes (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seq  bigint CONSTRAINT changes_seq_key UNIQUE,
    at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    type text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('CREATED', 'UPDATED', 'DELETED')),
    rows jsonb NOT NULL
);
CREATE INDEX changes_at ON changes (at, seq);

-- The arguments are the type, as the schema names it, and the columns to keep.
-- +goose StatementBegin
CREATE FUNCTION stoa_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    facts  text;
    source text;
BEGIN
    SELECT string_agg(format('%1$L, %%1$s.%1$I', name), ', ') INTO facts FROM unnest(TG_ARGV[1:]) AS name;
    facts := 'jsonb_build_object(' || facts || ')';
    source := CASE TG_OP
        WHEN 'INSERT' THEN format('SELECT n.id, NULL::jsonb AS before, ' || facts || ' AS after FROM new_rows n', 'n')
        WHEN 'DELETE' THEN format('SELECT o.id, ' || facts || ' AS before, NULL::jsonb AS after FROM old_rows o', 'o')
        ELSE format('SELECT n.id, ' || facts || ' AS before, ', 'o') || format(facts || ' AS after FROM new_rows n JOIN old_rows o USING (id)', 'n')
    END;
    EXECUTE format($sql$
        INSERT INTO changes (type, kind, rows)
        SELECT $1, $2, jsonb_agg(jsonb_build_object('id', id, 'before', before, 'after', after) ORDER BY id)
        FROM (SELECT *, (row_number() OVER (ORDER BY id) - 1) / 500 AS part FROM (%s) AS r) AS p
        GROUP BY part ORDER BY part
    $sql$, source)
    USING TG_ARGV[0], CASE TG_OP WHEN 'INSERT' THEN 'CREATED' WHEN 'DELETE' THEN 'DELETED' ELSE 'UPDATED' END;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- At the commit. Now and then it also forgets what nobody can resume from: all
-- before the last that is older than an hour.
-- +goose StatementBegin
CREATE FUNCTION stoa_committed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id % 64 = 0 THEN
        DELETE FROM changes WHERE id IN (
            SELECT id FROM changes
            WHERE seq < (SELECT seq FROM changes WHERE at < now() - interval '1 hour' ORDER BY at DESC, seq DESC LIMIT 1)
            ORDER BY seq LIMIT 1000 FOR UPDATE SKIP LOCKED);
    END IF;
    PERFORM pg_advisory_xact_lock(x'73746f62'::bigint); -- "stob" in ASCII
    UPDATE changes SET seq = nextval('changes_seq') WHERE id = NEW.id;
    PERFORM pg_notify('stoa_changes', ''); -- once for a transaction, however often
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER changes_committed AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION stoa_committed();

CREATE TRIGGER products_created AFTER INSERT ON products REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_setting('stoa.quiet', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION stoa_changed('Product', 'category_id');
CREATE TRIGGER products_updated AFTER UPDATE ON products REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stoa_changed('Product', 'category_id');
CREATE TRIGGER products_deleted AFTER DELETE ON products REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stoa_changed('Product', 'category_id');

CREATE TRIGGER posts_created AFTER INSERT ON posts REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_setting('stoa.quiet', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION stoa_changed('Post', 'user_id', 'category_id');
CREATE TRIGGER posts_updated AFTER UPDATE ON posts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stoa_changed('Post', 'user_id', 'category_id');
CREATE TRIGGER posts_deleted AFTER DELETE ON posts REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stoa_changed('Post', 'user_id', 'category_id');

-- +goose Down
DROP TRIGGER posts_deleted ON posts;
DROP TRIGGER posts_updated ON posts;
DROP TRIGGER posts_created ON posts;
DROP TRIGGER products_deleted ON products;
DROP TRIGGER products_updated ON products;
DROP TRIGGER products_created ON products;
DROP TABLE changes;
DROP FUNCTION stoa_committed();
DROP FUNCTION stoa_changed();
DROP SEQUENCE changes_seq;
