package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"iter"
	"log/slog"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"

	"stoa/internal/scalar"
)

// postgres is the dialect of PostgreSQL.
type postgres struct {
	url         string           // where it tells of commits, "" where there is a pooler between
	linker      driver.Connector // nil but for the primary, as is log
	log         *slog.Logger
	distributed bool
}

func (postgres) migrations() (string, goose.Dialect) { return "postgres", goose.DialectPostgres }

// forgone: unlogged tables, and what tells of changes.
func (d postgres) forgone() []int64 {
	if !d.distributed {
		return nil
	}
	const budgets, changes, loginWrites = 4, 5, 7
	return []int64{budgets, changes, loginWrites}
}

func (postgres) bind(v any) any {
	switch v := v.(type) {
	case scalar.Time:
		return v.Std()
	case scalar.Cents:
		return v.String()
	case keys:
		return pq.Int64Array(v)
	case instants:
		all := make([]time.Time, len(v))
		for i, t := range v {
			all[i] = t.Std()
		}
		return pq.Array(all)
	case texts:
		return pq.StringArray(v)
	case Words:
		return quoteLexemes(v, " ", "")
	case match:
		return quoteLexemes(v, " & ", ":*")
	}
	return v
}

// quoteLexemes writes words as tsvector and tsquery take them. A folded word
// has neither quotes nor backslashes.
func quoteLexemes(words []string, between, suffix string) string {
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString("'" + word + "'" + suffix)
	}
	return b.String()
}

// place: a subquery, into which the planner does not look. It takes a
// comparison of rows for one of their first values, and so would believe that
// nothing follows a place among ties.
func (postgres) place(v any) string {
	switch v.(type) {
	case int:
		return "(SELECT ?::integer)"
	case int64:
		return "(SELECT ?::bigint)"
	case scalar.Time:
		return "(SELECT ?::timestamptz)"
	case scalar.Cents:
		return "(SELECT ?::numeric)"
	}
	return "(SELECT ?::text)"
}

func (postgres) entering(string) string { return "" }

// varied: a plan that is made for any arguments walks the table where a filter
// keeps little. The planner weighs such a plan against those made for the
// arguments at hand; this makes it the dearer one, for only there does the
// second half remain. What is not PostgreSQL itself might run it.
func (d postgres) varied() Term {
	if d.distributed {
		return Term{}
	}
	return Term{"(?::int = 0 OR 0 < (SELECT count(*) FROM generate_series(1, 1000000000)))", []any{0}}
}

// among: in a subquery the planner does not count the keys, so that a plan made
// for any of them is as good to it as one for these, and is kept.
func (postgres) among(expr string) string { return expr + " = ANY((SELECT ?::bigint[])::bigint[])" }

func (postgres) amongTexts(expr string) string { return expr + " = ANY((SELECT ?::text[])::text[])" }

func (postgres) instants() string { return "unnest(?::timestamptz[]) AS k(value)" }

func (postgres) related(column, table string, kept Term) Term {
	return kept.in(column+" IN (SELECT t.id FROM "+table+" t", ")")
}

func (postgres) gather(w *statement, l *listing, own Term) { l.gather(w, own) }

// The words are in a subquery, into which the planner does not look: it would
// plan anew for each search, and for rare words by a poor guess.
func (postgres) matches(_ string, words []string) Term {
	return Term{"t.search @@ (SELECT ?::tsquery)", []any{match(words)}}
}

func (postgres) hits(string, []string) Term { return Term{} }

func (postgres) hasWords([]string) Term { return Term{} }

func (postgres) aside(column string) string { return column }

func (postgres) perKey(l *listing, parents keys) Term {
	w := new(statement).term(Term{"SELECT k.key, a.* FROM unnest((SELECT ?::bigint[])) AS k(key) CROSS JOIN LATERAL (", []any{parents}})
	l.eachSpan(w, Term{SQL: l.relation.column + " = k.key"})
	return w.add(") a").whole()
}

// migrationLock is the advisory lock's number: "stoa" in ASCII.
const migrationLock = "1937010529"

// lock: a transaction, unlike a session, keeps its connection to the server where
// there is a pooler between. That connection is none of the pool's, which may have
// no more than one.
func (d postgres) lock(ctx context.Context, _ *DB) (func() error, error) {
	if d.distributed {
		return func() error { return nil }, nil
	}
	apart := sql.OpenDB(d.linker)
	tx, err := apart.BeginTx(ctx, nil)
	if err != nil {
		return nil, join(err, apart.Close())
	}
	for _, text := range []string{
		"SET LOCAL idle_in_transaction_session_timeout = 0",
		"SELECT pg_advisory_xact_lock(" + migrationLock + ")",
	} {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return nil, join(err, tx.Rollback(), apart.Close())
		}
	}
	return func() error { return join(tx.Rollback(), apart.Close()) }, nil
}

func (d postgres) load(ctx context.Context, db *DB, table string, columns []string, rows iter.Seq[[]any]) (n int64, err error) {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = join(err, tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, "SET LOCAL stoa.quiet = 'on'"); err != nil {
		return 0, err
	}
	copying, err := tx.PrepareContext(ctx, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN")
	if err != nil {
		return 0, err
	}
	for row := range rows {
		for i, v := range row {
			row[i] = d.bind(v)
		}
		if _, err := copying.ExecContext(ctx, row...); err != nil {
			return n, join(err, copying.Close())
		}
		n++
	}
	if _, err := copying.ExecContext(ctx); err != nil {
		return n, join(err, copying.Close())
	}
	if err := copying.Close(); err != nil {
		return n, err
	}
	if _, err := tx.ExecContext(ctx, "ANALYZE "+table); err != nil {
		return n, err
	}
	if columns[0] == "id" {
		_, err := tx.ExecContext(ctx, "SELECT setval(pg_get_serial_sequence('"+table+"', 'id'), (SELECT max(id) FROM "+table+"))")
		if err != nil {
			return n, err
		}
	}
	return n, tx.Commit()
}

func (postgres) locking(l lock) string {
	switch l {
	case toRemove:
		return " FOR UPDATE"
	case toRefer:
		return " FOR KEY SHARE"
	}
	return " FOR NO KEY UPDATE"
}

func (postgres) records(table string, _ []string) string {
	return "json_populate_recordset(NULL::" + table + ", ?::json) v"
}

func (postgres) lastID(table string) string {
	return "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + table + "_id_seq"
}

func (d postgres) deferred() string {
	if d.distributed { // and so without what tells of changes, which alone is put off
		return ""
	}
	return "SET CONSTRAINTS ALL IMMEDIATE"
}

func (postgres) later(column string) string {
	return "GREATEST(?, " + column + " + interval '1 microsecond')"
}

// How often a listener tries to come back that has lost the server.
const (
	soonest = 50 * time.Millisecond
	latest  = time.Second
)

// watch listens to what the migration's triggers notify. When the server comes
// back after it was lost, that wakes too.
func (d postgres) watch(ctx context.Context, _ *DB, wake func()) {
	if d.url == "" {
		<-ctx.Done()
		return
	}
	listener := pq.NewListener(d.url, soonest, latest, d.tells())
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	_ = listener.Listen("stoa_changes") // fails when it is closed only
	wake()                              // for what was committed before it listened
	for range listener.Notify {         // closed when the listener has ended
		wake()
	}
}

// tells tells the log that nobody can be listened to, once until somebody can.
func (d postgres) tells() pq.EventCallbackType {
	failing := false
	return func(event pq.ListenerEventType, err error) {
		failed := event == pq.ListenerEventConnectionAttemptFailed
		if failed && !failing {
			d.log.Warn("cannot listen for changes", "error", err)
		}
		failing = failed
	}
}
