package sqldb

import (
	"database/sql/driver"
	"testing"
	"time"

	"stoa/internal/scalar"
)

func TestValuesAreBoundAsTheDatabaseHoldsThem(t *testing.T) {
	at := scalar.Time(1768487400123456)
	for _, c := range []struct{ v, lite, postgres any }{
		{7, 7, 7},
		{nil, nil, nil},
		{at, int64(at), time.Date(2026, 1, 15, 14, 30, 0, 123456000, time.UTC)},
		{scalar.Cents(-5), int64(-5), "-0.05"},
		{keys(nil), "[]", nil},
		{keys{7, 8}, "[7,8]", "{7,8}"},
		{texts{"a", `"`}, `["a","\""]`, `{"a","\""}`},
		{instants{at, 0}, "[1768487400123456,0]", `{2026-01-15 14:30:00.123456Z,1970-01-01 00:00:00Z}`},
		{Words{"a", "b2"}, "a b2", "'a' 'b2'"},
		{match{"a", "b2"}, `"a" * "b2" *`, "'a':* & 'b2':*"},
	} {
		if got := (lite{}).bind(c.v); got != c.lite {
			t.Errorf("%T: got %#v, want %#v", c.v, got, c.lite)
		}
		got := (postgres{}).bind(c.v)
		if list, ok := got.(driver.Valuer); ok {
			got, _ = list.Value()
		}
		if got != c.postgres {
			t.Errorf("%T: got %#v, want %#v", c.v, got, c.postgres)
		}
	}
}
