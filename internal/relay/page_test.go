package relay

import (
	"strings"
	"testing"

	"stoa/internal/fault"
)

func TestWindow(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, last *int
		want        Window
	}{
		{"neither", nil, nil, Window{Size: 10}},
		{"first", new(3), nil, Window{Size: 3}},
		{"last", nil, new(3), Window{Size: 3, Backward: true}},
		{"none", new(0), nil, Window{Size: 0}},
		{"none from the end", nil, new(0), Window{Size: 0, Backward: true}},
		{"most", new(100), nil, Window{Size: 100}},
		{"most from the end", nil, new(100), Window{Size: 100, Backward: true}},
	} {
		var faults fault.List
		if got := (Args{First: c.first, Last: c.last}).Window(&faults); got != c.want || faults != nil {
			t.Errorf("%s: got %+v, %v, want %+v", c.name, got, faults, c.want)
		}
	}
}

func TestWindowNamesEveryFault(t *testing.T) {
	tooSmall := fault.Error{Code: fault.BadUserInput, Reason: fault.TooSmall, Limit: "0"}
	tooLarge := fault.Error{Code: fault.BadUserInput, Reason: fault.TooLarge, Limit: "100"}
	both := fault.Error{Code: fault.BadUserInput, Reason: fault.Malformed}
	for _, c := range []struct {
		name        string
		first, last *int
		want        map[string]fault.Error
	}{
		{"first below 0", new(-1), nil, map[string]fault.Error{"first": tooSmall}},
		{"first above 100", new(101), nil, map[string]fault.Error{"first": tooLarge}},
		{"last below 0", nil, new(-1), map[string]fault.Error{"last": tooSmall}},
		{"last above 100", nil, new(1 << 30), map[string]fault.Error{"last": tooLarge}},
		{"both", new(1), new(1), map[string]fault.Error{"last": both}},
	} {
		var faults fault.List
		Args{First: c.first, Last: c.last}.Window(&faults)
		if len(faults) != len(c.want) {
			t.Errorf("%s: got %v", c.name, faults)
		}
		for _, got := range faults {
			want := c.want[got.Field]
			if got.Code != want.Code || got.Reason != want.Reason || got.Limit != want.Limit || got.Message == "" {
				t.Errorf("%s: got %+v, want %+v", c.name, *got, want)
			}
		}
	}
	var faults fault.List
	Args{First: new(-1), Last: new(101)}.Window(&faults)
	if len(faults) != 3 {
		t.Errorf("of three faults %d are named: %v", len(faults), faults)
	}
}

func TestSortsAreReadAsTheSchemaNamesThem(t *testing.T) {
	var field SortField
	if err := field.UnmarshalGQL("CREATED_AT"); err != nil || field.Column() != "created_at" {
		t.Errorf("got %q, %v", field.Column(), err)
	}
	var direction SortDirection
	if err := direction.UnmarshalGQL("DESC"); err != nil || direction != Descending {
		t.Errorf("got %q, %v", direction, err)
	}
	for _, from := range []any{nil, 1, true} {
		if err := field.UnmarshalGQL(from); err == nil {
			t.Errorf("%v is taken for a field", from)
		}
		if err := direction.UnmarshalGQL(from); err == nil {
			t.Errorf("%v is taken for a direction", from)
		}
	}
	var b strings.Builder
	field.MarshalGQL(&b)
	Ascending.MarshalGQL(&b)
	if got, want := b.String(), `"CREATED_AT""ASC"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
