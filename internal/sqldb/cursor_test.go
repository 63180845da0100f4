package sqldb

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"stoa/internal/scalar"
)

// everyType is an order by a column of each type.
var everyType = order{{"name", false}, {"created_at", true}, {"price", false}, {"size", true}, {"weight", false}, {"id", false}}

func aThing() *thing {
	r := &thing{Name: "Désk lamp", Size: -40, Weight: math.MinInt64, Price: 19990}
	r.Key, r.CreatedAt = 7, 1768487400123456
	return r
}

func TestAPlaceHoldsTheValuesOfTheKeys(t *testing.T) {
	r := aThing()
	want := []any{"Désk lamp", scalar.Time(1768487400123456), scalar.Cents(19990), int64(-40), int64(math.MinInt64), int64(7)}
	for n := 1; n <= len(everyType); n++ {
		o := everyType[:n]
		got, ok := things.valuesOf(things.appendPlace(nil, r, o), o)
		if !ok {
			t.Fatalf("%s: the place is not read", o.name())
		}
		for i, v := range got {
			if v != want[i] {
				t.Errorf("%s: got %v (%[2]T), want %v (%[3]T)", o[i].column, v, want[i])
			}
		}
	}
}

func TestAPlaceAlteredInLengthIsRefused(t *testing.T) {
	place := things.appendPlace(nil, aThing(), everyType)
	for n := range place {
		if values, ok := things.valuesOf(place[:n], everyType); ok {
			t.Errorf("%d bytes of %d are taken for %v", n, len(place), values)
		}
	}
	if _, ok := things.valuesOf(append(slices.Clone(place), 0), everyType); ok {
		t.Error("a byte too many is taken")
	}
	if _, ok := things.valuesOf(nil, order{{"id", false}}); ok {
		t.Error("nothing is taken for a place")
	}
}

func number(n int64) []byte { return binary.AppendVarint(nil, n) }

// A cursor is no secret: whatever stands in it must be what both databases take.
func TestAPlaceHoldsOnlyWhatTheDatabasesCan(t *testing.T) {
	text := func(s string) []byte { return append(binary.AppendUvarint(nil, uint64(len(s))), s...) }
	for _, c := range []struct {
		name, column string
		place        []byte
		want         bool
	}{
		{"an empty text", "name", text(""), true},
		{"a text", "name", text("日本 😀"), true},
		{"no UTF-8", "name", text("\xff"), false},
		{"a NUL", "name", text("a\x00b"), false},
		{"a text longer than its bytes", "name", []byte{200, 1, 'a'}, false},
		{"a text of 2^64-1 bytes", "name", append(bytes.Repeat([]byte{255}, 9), 1, 'a'), false},
		{"a length that overflows", "name", bytes.Repeat([]byte{255}, 12), false},
		{"a number that overflows", "id", bytes.Repeat([]byte{255}, 12), false},
		{"the least Int", "size", number(math.MinInt32), true},
		{"the greatest Int", "size", number(math.MaxInt32), true},
		{"above the Ints", "size", number(math.MaxInt32 + 1), false},
		{"below the Ints", "size", number(math.MinInt32 - 1), false},
		{"the greatest key", "id", number(math.MaxInt64), true},
		{"the greatest price", "price", number(9_999_999_999), true},
		{"the year 9999", "created_at", number(253_402_300_799_999_999), true},
		{"the year 0", "created_at", number(-62_167_219_200_000_000), true},
		{"before all timestamps of PostgreSQL", "created_at", number(-220_000_000_000_000_000), false},
		{"the end of time", "created_at", number(math.MaxInt64), false},
		{"the beginning of time", "created_at", number(math.MinInt64), false},
	} {
		if values, ok := things.valuesOf(c.place, order{{c.column, false}}); ok != c.want {
			t.Errorf("%s: got %v, %v", c.name, values, ok)
		}
	}
}

func FuzzPlace(f *testing.F) {
	f.Add(things.appendPlace(nil, aThing(), everyType), "lamp", int64(1), int64(2), uint8(6))
	f.Add([]byte{}, "", int64(0), int64(math.MinInt64), uint8(1))
	f.Add([]byte{0x80, 0, 1}, "a\x00", int64(-1), int64(253_402_300_799_999_999), uint8(2))
	f.Add(bytes.Repeat([]byte{255}, 20), "\xff", int64(math.MaxInt64), int64(-1), uint8(3))
	f.Fuzz(func(t *testing.T, place []byte, name string, a, b int64, n uint8) {
		o := everyType[:1+int(n)%len(everyType)]
		if values, ok := things.valuesOf(place, o); ok {
			again, ok := things.valuesOf(things.appendPlace(nil, thingOf(values, o), o), o)
			if !ok || !slices.Equal(again, values) {
				t.Fatalf("%v comes back as %v, %v", values, again, ok)
			}
		}
		r := &thing{Name: strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\x00", ""), Size: int(int32(a)), Weight: b, Price: scalar.Cents(a)}
		r.Key, r.CreatedAt = b, scalar.Time(a%maxMicros)
		values, ok := things.valuesOf(things.appendPlace(nil, r, o), o)
		if !ok || !bytes.Equal(things.appendPlace(nil, thingOf(values, o), o), things.appendPlace(nil, r, o)) {
			t.Fatalf("%s: the place of %+v is read as %v, %v", o.name(), r, values, ok)
		}
	})
}

// thingOf is a thing with the values.
func thingOf(values []any, o order) *thing {
	r := &thing{}
	for i, k := range o {
		switch k.column {
		case "name":
			r.Name = values[i].(string)
		case "created_at":
			r.CreatedAt = values[i].(scalar.Time)
		case "price":
			r.Price = values[i].(scalar.Cents)
		case "size":
			r.Size = int(values[i].(int64))
		case "weight":
			r.Weight = values[i].(int64)
		case "id":
			r.Key = values[i].(int64)
		}
	}
	return r
}
