// Package live says what has just changed: who is told, when, in which order
// and how fast. What they are told is not for it to say.
package live

import (
	"context"
	"errors"

	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// Filter says which changes to tell of. What is zero keeps all.
type Filter struct {
	Type  string
	Kind  sqldb.ChangeKind
	Key   int64
	Facts map[string]int64 // columns and what they have to hold, before the change or after it
}

func (f *Filter) keeps(c *sqldb.Change) bool {
	return f.Type == c.Type && (f.Kind == "" || f.Kind == c.Kind) && (f.Key == 0 || f.Key == c.Key) &&
		(f.holds(c.Before) || f.holds(c.After))
}

func (f *Filter) holds(facts map[string]int64) bool {
	if facts == nil {
		return false
	}
	for column, value := range f.Facts {
		if facts[column] != value {
			return false
		}
	}
	return true
}

// Told is what a subscription is told. With an Err it is the last.
type Told[S any] struct {
	To      *Subscription[S]
	Payload []byte // nil for nothing
	Cursor  string
	Err     error
}

// Teller says what is to be told of a change, to each of the subscriptions in
// their order. Its error is that nothing could be said now.
type Teller[S any] func(ctx context.Context, c *sqldb.Change, to []*Subscription[S]) ([]Told[S], error)

// gap is the fault of a place from which nobody can go on any more.
func gap() *fault.Error {
	return fault.New(fault.Gap, "The events after this cursor are no longer kept; read everything anew.")
}

func forgotten(err error) bool { return errors.Is(err, sqldb.ErrForgotten) }
