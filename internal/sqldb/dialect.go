package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"github.com/pressly/goose/v3"

	"stoa/internal/fault"
	"stoa/internal/scalar"
)

// dialect is all in which the databases differ.
type dialect interface {
	// migrations is the folder of the migrations, and whose SQL they are.
	migrations() (folder string, dialect goose.Dialect)
	// forgone are the versions of the migrations that the database does without.
	forgone() []int64
	// bind is a value as this database takes it, for an argument or in JSON.
	bind(v any) any
	// records is something to select from, called v: rows of the table with the
	// columns, from a JSON list of objects, an argument.
	records(table string, columns []string) string
	// place is how an argument is written that is a value of a place in a list.
	place(v any) string
	// entering is a condition that every row keeps, "" for none, by which a plan
	// comes to read the rows in the order of the column.
	entering(column string) string
	// varied is a condition that every row keeps, empty for none, by which a
	// statement is planned anew for its arguments.
	varied() Term
	// among is the condition that expr is one of the keys, an argument.
	among(expr string) string
	// amongTexts is the condition that expr is one of the texts, an argument.
	amongTexts(expr string) string
	// instants is something to select from, called k, with a row for each of the
	// instants, an argument; its column is value.
	instants() string
	// matches is the condition that the row t of the table has the words, by the
	// index that is for it.
	matches(table string, words []string) Term
	// hits selects the ids of these rows from the index alone, empty where there are
	// none in it.
	hits(table string, words []string) Term
	// hasWords is the same condition for one row that is being read, empty where it is
	// not another.
	hasWords(words []string) Term
	// aside is the column as a condition has it that is to be tested on the rows
	// of a search, and not to find them.
	aside(column string) string
	// related is the condition that the column holds the key of one of the rows t
	// of the table that are kept.
	related(column, table string, kept Term) Term
	// gather reads the spans of a list, in which own holds, whose filter no index
	// in the list's order answers.
	gather(w *statement, l *listing, own Term)
	// perKey reads the spans of a list for each of the keys.
	perKey(l *listing, parents keys) Term
	// lock holds every other process that calls it off until unlock is called.
	lock(ctx context.Context, db *DB) (unlock func() error, err error)
	// load inserts the rows by the fastest way there is.
	load(ctx context.Context, db *DB, table string, columns []string, rows iter.Seq[[]any]) (int64, error)
	// locking is what a SELECT ends with that locks its rows: against change or,
	// where they are to go, also against being referred to; where they are to be
	// referred to, against going.
	locking(l lock) string
	// later is an instant, an argument, or the one next after the column's where
	// that is later.
	later(column string) string
	// deferred has all done that is put off until the commit, "" where nothing is.
	deferred() string
	// lastID selects the last id that was given to a row of the table.
	lastID(table string) string
	// watch calls wake after commits until the context ends.
	watch(ctx context.Context, db *DB, wake func())
	// down tells whether err says that the database could not be reached.
	down(err error) bool
	// cancelled tells whether err says that the database ended the statement
	// for its length.
	cancelled(err error) bool
	// crossed tells whether err says that a transaction crossed another, so
	// that it may be tried again.
	crossed(err error) bool
	// violated is the kind of constraint that err says does not hold, and its
	// name where the database tells it.
	violated(err error) (v violation, constraint string)
}

// lock is what locked rows are wanted for.
type lock int

const (
	toChange lock = iota
	toRemove
	toRefer
)

// violation is a kind of constraint that does not hold.
type violation int

const (
	nothing violation = iota
	uniqueness
	reference
)

// Words are the folded words of a row, as its search column holds them.
type Words []string

// match are the folded words that a row has to have, each the beginning of one,
// as the index is asked for them.
type match []string

// keys are the keys of some rows, as one argument.
type keys []int64

// instants are some instants, as one argument.
type instants []scalar.Time

// texts are some values of a column, as one argument.
type texts []string

// fault is what an error of the driver means for a client.
func (db *DB) fault(ctx context.Context, err error) error {
	var known *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.New(fault.Timeout, "The request took too long.").From(err)
	case ctx.Err() != nil:
		return fault.New(fault.Timeout, "The request was given up.").From(err)
	case errors.Is(err, errDrained):
		return fault.New(fault.Unavailable, "Too much is asked at once; try again.").Because(fault.PoolDrained).From(err)
	case errors.Is(err, errShed):
		return tooDear().From(err)
	case errors.Is(err, ErrElsewhere), away(db.dialect, err): // the first also where a statement was cut short
		return Away().From(err)
	case db.dialect.cancelled(err):
		return fault.New(fault.Timeout, "The request took too long.").From(err)
	}
	if v, _ := db.dialect.violated(err); v != nothing {
		return fault.New(fault.Conflict, "What this refers to, or a value of it, was changed by others meanwhile.").From(err)
	}
	return fault.New(fault.Internal, "Something went wrong on our side.").From(err)
}

// Away is the fault of a database to which there is no way.
func Away() *fault.Error {
	return fault.New(fault.Unavailable, "The database cannot be reached.").Because(fault.DatabaseDown).After(probeInterval)
}

// away tells whether err says that there is no way to the database.
func away(d dialect, err error) bool {
	return errors.Is(err, errOpen) || errors.Is(err, errUnreachable) || errors.Is(err, sql.ErrConnDone) || d.down(err)
}

// join is errors.Join, and the error itself where there is only one.
func join(errs ...error) error {
	var one error
	for _, err := range errs {
		if err != nil && one != nil {
			return errors.Join(errs...)
		}
		if err != nil {
			one = err
		}
	}
	return one
}
