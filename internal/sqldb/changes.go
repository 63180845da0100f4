package sqldb

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"

	"stoa/internal/fault"
	"stoa/internal/relay"
)

// ChangeKind is what has become of a row.
type ChangeKind string

// The kinds of change.
const (
	Created ChangeKind = "CREATED"
	Updated ChangeKind = "UPDATED"
	Deleted ChangeKind = "DELETED"
)

// Change is a change of one row that has been committed.
type Change struct {
	Place Place
	Kind  ChangeKind
	Type  string // the row's kind, as the schema names it
	Key   int64
	// Before and After are the row's columns that are looked at when changes are
	// looked for, 0 for NULL; nil where there was, or is, no row.
	Before, After map[string]int64
}

// ID is the row's global id.
func (c *Change) ID() relay.ID { return relay.NewID(c.Type, c.Key) }

// Place is where a change stands in the order of all commits.
type Place struct {
	seq int64
	row int // among those that the same statement changed
}

// Compare is less than, equal to or greater than 0, as p is before, at or after
// the other place.
func (p Place) Compare(other Place) int {
	return cmp.Or(cmp.Compare(p.seq, other.seq), cmp.Compare(p.row, other.row))
}

const changesList = "changes"

// Cursor is the place as clients are told it.
func (p Place) Cursor() string {
	return relay.EncodeCursor(changesList, binary.AppendVarint(binary.AppendVarint(nil, p.seq), int64(p.row)))
}

// ParsePlace reads what Cursor wrote; false if it did not write this.
func ParsePlace(cursor string) (p Place, ok bool) {
	place, ok := relay.DecodeCursor(changesList, cursor)
	if !ok {
		return p, false
	}
	seq, n := binary.Varint(place)
	row, m := binary.Varint(place[max(n, 0):])
	return Place{seq, int(row)}, n > 0 && m > 0 && n+m == len(place) && seq > 0 && row >= 0
}

// ErrForgotten is that the changes after a place are no longer known.
var ErrForgotten = errors.New("the changes after this place are no longer kept")

// LastChange is the place behind all changes that are there. It is UNAVAILABLE
// where the database keeps none.
func (db *DB) LastChange(ctx context.Context) (Place, error) {
	last := Place{row: math.MaxInt}
	if len(db.dialect.forgone()) > 0 {
		return last, fault.New(fault.Unavailable, "Changes are not told here.")
	}
	_, err := db.Read(ctx, "SELECT coalesce(max(seq), 0) FROM changes", nil, &last.seq)
	return last, err
}

// changesAtOnce is how many statements' changes are read at once.
const changesAtOnce = 30

// ChangesAfter returns the next changes after the place, in their order, and
// whether there may be more. ErrForgotten if it is too long ago.
func (db *DB) ChangesAfter(ctx context.Context, after Place) (changes []Change, more bool, err error) {
	n, known := 0, after.seq == 0
	err = db.rows(ctx, "SELECT seq, type, kind, rows FROM changes WHERE seq >= ? ORDER BY seq LIMIT ?", []any{after.seq, changesAtOnce},
		func(got tuple) error {
			n++
			var c Change
			var text []byte
			if err := got.Scan(&c.Place.seq, &c.Type, &c.Kind, &text); err != nil {
				return err
			}
			known = known || c.Place.seq == after.seq
			changes, err = appendChanges(changes, c, text, after)
			return err
		})
	if err == nil && !known {
		err = ErrForgotten
	}
	return changes, n == changesAtOnce, err
}

// appendChanges appends those of one statement that come after the place.
func appendChanges(changes []Change, c Change, text []byte, after Place) ([]Change, error) {
	var changed []struct {
		ID            int64
		Before, After map[string]int64
	}
	if err := json.Unmarshal(text, &changed); err != nil {
		return nil, err
	}
	for i, row := range changed {
		c.Place.row = i
		if c.Place.Compare(after) > 0 {
			c.Key, c.Before, c.After = row.ID, row.Before, row.After
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// Watch calls wake after each commit until the context ends, if the database
// tells of them; a commit now and then may go untold.
func (db *DB) Watch(ctx context.Context, wake func()) { db.dialect.watch(ctx, db, wake) }
