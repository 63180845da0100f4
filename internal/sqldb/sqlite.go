package sqldb

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"stoa/internal/scalar"
)

// lite is the dialect of SQLite.
type lite struct{ path string }

// pragmas: a reader never waits for the writer, and a transaction that the
// machine's loss of power takes with it leaves the file whole.
var pragmas = []string{
	"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(5000)",
	"foreign_keys(1)", "cache_size(-65536)", "temp_store(memory)",
}

// openSQLite opens the file twice: by one connection that writes, for which
// writers queue, and by some that read beside it.
func openSQLite(path string, o Options, wrap func(driver.Connector) driver.Connector) (*DB, error) {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return nil, fmt.Errorf("a SQLite database is a file: sqlite:PATH")
	}
	writer, err := sqlite.NewConnector(liteURL(path, url.Values{"_txlock": {"immediate"}}))
	if err != nil {
		return nil, err
	}
	reader, err := sqlite.NewConnector(liteURL(path, url.Values{"_pragma": {"query_only(1)"}}))
	if err != nil {
		return nil, err
	}
	one := o
	one.MaxConns = 1
	return &DB{
		dialect: lite{path},
		write:   newPool(wrap(writer), "sqlite3", "write", one, true),
		read:    newPool(wrap(reader), "sqlite3", "read", o, true),
	}, nil
}

func liteURL(path string, query url.Values) string {
	query["_pragma"] = append(append([]string{}, pragmas...), query["_pragma"]...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

func (lite) migrations() (string, goose.Dialect) { return "sqlite", goose.DialectSQLite3 }

func (lite) forgone() []int64 { return nil }

func (lite) records(_ string, columns []string) string {
	each := make([]string, len(columns))
	for i, column := range columns {
		each[i] = "value ->> '$." + column + "' AS " + column
	}
	return "(SELECT " + strings.Join(each, ", ") + " FROM json_each(?)) v"
}

func (lite) bind(v any) any {
	switch v := v.(type) {
	case scalar.Time:
		return int64(v)
	case scalar.Cents:
		return int64(v)
	case time.Time:
		return v.UnixMicro()
	case keys:
		return jsonList(v)
	case instants:
		return jsonList(v)
	case texts:
		return jsonList(v)
	case Words:
		return strings.Join(v, " ")
	case match:
		return `"` + strings.Join(v, `" * "`) + `" *`
	}
	return v
}

func jsonList[V any](values []V) string {
	if len(values) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(values) // numbers and texts always can
	return string(text)
}

func (d lite) amongTexts(expr string) string { return d.among(expr) }

// place: with its collation named, the id too is compared in the index.
func (lite) place(any) string { return "? COLLATE BINARY" }

// entering: every value comes before a blob. For an order by more columns than
// an index has, SQLite would else sort all rows.
func (lite) entering(column string) string { return column + " < x''" }

func (lite) varied() Term { return Term{} }

func (lite) among(expr string) string { return expr + " IN (SELECT value FROM json_each(?))" }

func (lite) instants() string { return "json_each(?) k" }

func (d lite) matches(table string, words []string) Term {
	return d.hits(table, words).in("t.id IN (", ")")
}

func (lite) hits(table string, words []string) Term {
	return Term{"SELECT rowid FROM " + table + "_search WHERE " + table + "_search MATCH ?", []any{match(words)}}
}

// The words of a row are parted by spaces. To ask the index about one row takes
// as long as about all.
func (lite) hasWords(words []string) Term {
	var each []Term
	for _, word := range words {
		each = append(each, Term{"instr(' ' || t.search, ?) > 0", []any{" " + word}})
	}
	return all(each...)
}

// aside: with two columns of an index, the key and the id, SQLite would look for
// every hit below every key.
func (lite) aside(column string) string { return "+" + column }

// That there is a row is said first, and found out first: a plan that walks the
// list, testing each of its rows, would else read all of it to keep nothing.
func (lite) related(column, table string, kept Term) Term {
	return all(
		kept.in("EXISTS (SELECT 1 FROM "+table+" t", ")"),
		kept.in(column+" IN (SELECT t.id FROM "+table+" t", ")"))
}

func (lite) gather(w *statement, l *listing, own Term) { l.each(w, l.walkFirst, own) }

// There is no LATERAL, and IN brings rows in the order of their ids. A CROSS JOIN
// is read in the order in which it is written.
func (lite) perKey(l *listing, parents keys) Term {
	w := new(statement).add("SELECT a.* FROM (")
	for i, s := range l.spans() {
		w.between(i, " UNION ALL ").add("SELECT k.value, ", l.columns(s)).
			term(Term{" FROM json_each(?) k", []any{parents}}).add(" CROSS JOIN ", l.table.name, " t ON t.id IN (")
		l.walkEachFirst(w, s)
		w.add(")")
	}
	return w.add(") a ORDER BY a.side, ", l.order.by("a.", l.window.Backward)).whole()
}

// lock locks a file beside the database.
func (d lite) lock(ctx context.Context, _ *DB) (func() error, error) {
	file := flock.New(d.path + ".lock")
	const often = 50 * time.Millisecond
	if _, err := file.TryLockContext(ctx, often); err != nil {
		return nil, err
	}
	return file.Unlock, nil
}

// loaded is how many rows of a bulk load are committed at once, so that the
// write-ahead log stays small.
const loaded = 50_000

func (d lite) load(ctx context.Context, db *DB, table string, columns []string, rows iter.Seq[[]any]) (n int64, err error) {
	insert := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" +
		strings.Repeat(", ?", len(columns)-1) + ")"
	next, stop := iter.Pull(rows)
	defer stop()
	for {
		m, err := d.loadSome(ctx, db, insert, next)
		n += m
		if err != nil || m < loaded {
			return n, err
		}
	}
}

func (d lite) loadSome(ctx context.Context, db *DB, insert string, next func() ([]any, bool)) (n int64, err error) {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	statement, err := tx.PrepareContext(ctx, insert)
	if err != nil {
		return 0, join(err, tx.Rollback())
	}
	var told int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM changes").Scan(&told); err != nil {
		return 0, join(err, statement.Close(), tx.Rollback())
	}
	for ; n < loaded; n++ {
		row, ok := next()
		if !ok {
			break
		}
		for i, v := range row {
			row[i] = d.bind(v)
		}
		if _, err := statement.ExecContext(ctx, row...); err != nil {
			return n, join(err, statement.Close(), tx.Rollback())
		}
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM changes WHERE seq > ?", told); err != nil {
		return n, join(err, statement.Close(), tx.Rollback())
	}
	return n, join(statement.Close(), tx.Commit())
}

// down: there is no way to a file that can be lost.
func (lite) down(error) bool { return false }

// locking: the one writer has the whole file.
func (lite) locking(lock) string { return "" }

// crossed: another process has the file, and busy_timeout has passed.
func (lite) crossed(err error) bool {
	var said *sqlite.Error
	return errors.As(err, &said) && said.Code()&0xff == sqlite3.SQLITE_BUSY
}

// violated: SQLite tells the constraint's kind only.
func (lite) violated(err error) (violation, string) {
	var said *sqlite.Error
	if !errors.As(err, &said) {
		return nothing, ""
	}
	switch said.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return uniqueness, ""
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return reference, ""
	}
	return nothing, ""
}

func (lite) lastID(table string) string {
	return "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '" + table + "'"
}

// cancelled: only by the context, which says so itself.
func (lite) cancelled(error) bool { return false }

// watch: the writers of this process, that is.
func (lite) watch(ctx context.Context, db *DB, wake func()) {
	defer db.commits.tell(wake)()
	<-ctx.Done()
}

// deferred: no constraint is, and there is nothing else.
func (lite) deferred() string { return "" }

func (lite) later(column string) string { return "max(?, " + column + " + 1)" }
