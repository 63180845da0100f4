package sqldb

import (
	"database/sql/driver"
	"reflect"
	"testing"
	"time"

	"stoa/internal/scalar"
)

type named string

func TestADriversValueBecomesOneOfGo(t *testing.T) {
	at := time.Date(2026, 1, 15, 14, 30, 0, 123456000, time.UTC)
	text := "x"
	for _, c := range []struct {
		value driver.Value
		want  any
	}{
		{int64(-7), int64(-7)},
		{int64(7), 7},
		{int64(7), Position(7)},
		{int64(7), 7.0},
		{int64(1), true},
		{int64(0), false},
		{true, true},
		{2.5, 2.5},
		{"x", "x"},
		{[]byte("x"), "x"},
		{"x", named("x")},
		{[]byte("x"), named("x")},
		{"x", []byte("x")},
		{[]byte("x"), []byte("x")},
		{nil, []byte(nil)},
		{nil, (*string)(nil)},
		{"x", &text},
		{[]byte("x"), &text},
		{[]byte("12"), int64(12)},
		{[]byte("2.5"), 2.5},
		{at, scalar.Time(1768487400123456)},
		{int64(1768487400123456), scalar.Time(1768487400123456)},
		{[]byte("1.20"), scalar.Cents(120)},
		{at, new(scalar.Time(1768487400123456))},
		{nil, (*scalar.Time)(nil)},
	} {
		into := reflect.New(reflect.TypeOf(c.want))
		if err := (values{c.value}).Scan(into.Interface()); err != nil {
			t.Errorf("%#v: %v", c.value, err)
		} else if got := into.Elem().Interface(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%#v: got %#v, want %#v", c.value, got, c.want)
		}
	}
}

func TestADriversValueOfAnotherTypeIsRefused(t *testing.T) {
	for _, c := range []struct {
		value driver.Value
		into  any
	}{
		{nil, new(string)}, {nil, new(int64)}, {nil, new(bool)},
		{int64(65), new(string)}, {"x", new(int64)}, {[]byte("x"), new(float64)}, {"x", new(bool)},
		{"x", new(scalar.Time)}, {2.5, new(named)}, {2.5, new(int)}, {time.Now(), new(int64)},
	} {
		if err := (values{c.value}).Scan(c.into); err == nil {
			t.Errorf("%#v goes into %T", c.value, c.into)
		}
	}
	if err := (values{int64(1), int64(2)}).Scan(new(int)); err == nil {
		t.Error("a value is left over")
	}
}

// What a driver hands out may be its own, to be written over with the next row.
func TestBytesAreCopied(t *testing.T) {
	own := []byte("abc")
	var got []byte
	if err := (values{own}).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if own[0] = 'x'; string(got) != "abc" {
		t.Errorf("got %q", got)
	}
}
