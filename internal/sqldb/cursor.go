package sqldb

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"stoa/internal/scalar"
)

// A place in a list is the row's values of the list's sort keys, one after the
// other, each written by its type: the same bytes on every database.

// appendPlace appends the row's values of the keys, written.
func (t *Table[T]) appendPlace(b []byte, row *T, o order) []byte {
	f := t.borrow()
	defer t.giveBack(f)
	t.all(row, f)
	for _, k := range o {
		b = appendValue(b, f.ptrs[t.places[k.column]])
	}
	return b
}

// valuesOf reads what appendPlace wrote; false if it did not write these bytes.
func (t *Table[T]) valuesOf(place []byte, o order) ([]any, bool) {
	var f Fields
	t.all(new(T), &f)
	types := make([]any, len(o))
	for i, k := range o {
		types[i] = f.ptrs[t.places[k.column]]
	}
	return readValues(place, types)
}

// readValues reads values of the types that are pointed to, and nothing else.
func readValues(place []byte, types []any) ([]any, bool) {
	values := make([]any, len(types))
	for i, ptr := range types {
		v, rest, ok := readValue(place, ptr)
		if !ok {
			return nil, false
		}
		values[i], place = v, rest
	}
	return values, len(place) == 0
}

// An instant that nobody stored, in a cursor that nobody was given, is still
// one that PostgreSQL can hold: from the Julian day 0 to about the year 10970.
const (
	minMicros = -210_866_803_200_000_000
	maxMicros = 284_000_000_000_000_000
)

func appendValue(b []byte, ptr any) []byte {
	switch v := ptr.(type) {
	case *int64:
		return binary.AppendVarint(b, *v)
	case *int:
		return binary.AppendVarint(b, int64(*v))
	case *scalar.Time:
		return binary.AppendVarint(b, int64(*v))
	case *scalar.Cents:
		return binary.AppendVarint(b, int64(*v))
	case *string:
		return append(binary.AppendUvarint(b, uint64(len(*v))), *v...)
	}
	return b // no other type is sorted by
}

// readValue reads a value of the type that ptr points to.
func readValue(b []byte, ptr any) (v any, rest []byte, ok bool) {
	if _, text := ptr.(*string); text {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, nil, false
		}
		text := string(b[size:][:n])
		return text, b[size:][n:], utf8.ValidString(text) && !strings.Contains(text, "\x00")
	}
	n, size := binary.Varint(b)
	if size <= 0 {
		return nil, nil, false
	}
	b = b[size:]
	switch ptr.(type) {
	case *int64:
		return n, b, true
	case *int:
		return n, b, n == int64(int32(n)) // as wide as an Int
	case *scalar.Time:
		return scalar.Time(n), b, minMicros <= n && n <= maxMicros
	case *scalar.Cents:
		return scalar.Cents(n), b, true
	}
	return nil, nil, false
}
