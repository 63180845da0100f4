package sqldb

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"stoa/internal/relay"
)

// Position is how far a database has come: what was committed before the primary
// came there is in every replica that has come there too. 0 is the beginning.
type Position int64

// unknown is a position at which no replica is found.
const unknown Position = math.MaxInt64

const positionsList = "positions"

// Token is the position as clients are told it.
func (p Position) Token() string {
	return relay.EncodeCursor(positionsList, binary.AppendVarint(nil, int64(p)))
}

// ParsePosition reads what Token wrote; false if it did not write this.
func ParsePosition(token string) (Position, bool) {
	place, ok := relay.DecodeCursor(positionsList, token)
	p, n := binary.Varint(place)
	return Position(p), ok && n > 0 && n == len(place)
}

type afterKey struct{}

// After returns a context whose queries find all that was committed before the
// position.
func After(ctx context.Context, p Position) context.Context {
	return context.WithValue(ctx, afterKey{}, max(p, afterOf(ctx)))
}

func afterOf(ctx context.Context) Position {
	p, _ := ctx.Value(afterKey{}).(Position)
	return p
}

// Reached is the position of the primary, as the statement tells it: all that was
// committed before lies before it. Where the primary does not tell, no replica is
// good enough.
func (db *DB) Reached(ctx context.Context, text string, args ...any) Position {
	const long = time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long)
	defer cancel()
	var p Position
	if found, err := db.Alone(ctx, text, args, &p); err != nil || !found {
		return unknown
	}
	return p
}
