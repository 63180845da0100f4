package sqldb

import (
	"context"
	"strings"
	"testing"

	"stoa/internal/relay"
)

// showing is a context whose document shows the fields alone, as in "thing.createdAt".
func showing(t *testing.T, fields ...string) context.Context {
	return Showing(t.Context(), func(kind, field string) bool {
		for _, f := range fields {
			if f == kind+"."+field {
				return true
			}
		}
		return false
	})
}

func TestNoMoreIsReadThanIsShown(t *testing.T) {
	for _, c := range []struct {
		name     string
		ctx      context.Context
		backward bool
		sides    []string
		limit    string
		created  bool
	}{
		{"unknown", t.Context(), false, []string{"0", "1", "2"}, "LIMIT 4", true},
		{"nothing", showing(t), false, []string{"0"}, "LIMIT 3", false},
		{"a column", showing(t, "thing.createdAt"), false, []string{"0"}, "LIMIT 3", true},
		{"the next page", showing(t, "PageInfo.hasNextPage"), false, []string{"0", "2"}, "LIMIT 4", false},
		{"the previous page", showing(t, "PageInfo.hasPreviousPage"), false, []string{"0", "1"}, "LIMIT 3", false},
		{"the next page, from the end", showing(t, "PageInfo.hasNextPage"), true, []string{"0", "2"}, "LIMIT 3", false},
		{"the previous page, from the end", showing(t, "PageInfo.hasPreviousPage"), true, []string{"0", "1"}, "LIMIT 4", false},
	} {
		args := relay.Args{First: new(3)}
		if c.backward {
			args = relay.Args{Last: new(3)}
		}
		l, err := things.listing(c.ctx, &DB{dialect: lite{}}, "all", relation{}, List{Args: args})
		if err != nil {
			t.Fatal(err)
		}
		l.after, l.before = []any{int64(1)}, []any{int64(9)}
		text := spansOf(l).SQL
		for _, side := range []string{"0", "1", "2"} {
			wanted := strings.Contains(strings.Join(c.sides, ""), side)
			if read := strings.Contains(text, "SELECT "+side+" AS side"); read != wanted {
				t.Errorf("%s: side %s is read %v, want %v: %s", c.name, side, read, wanted, text)
			}
		}
		if !strings.Contains(text+")", c.limit+")") {
			t.Errorf("%s: no %s: %s", c.name, c.limit, text)
		}
		if strings.Contains(text, "t.created_at") != c.created {
			t.Errorf("%s: createdAt is read %v, want %v: %s", c.name, !c.created, c.created, text)
		}
	}
}

// The ways in which rows are gathered reckon with one row at least.
func TestAPageOfNoRowsReadsOne(t *testing.T) {
	l, err := things.listing(showing(t), &DB{dialect: lite{}}, "all", relation{}, List{Args: relay.Args{First: new(0)}})
	if err != nil {
		t.Fatal(err)
	}
	if text := spansOf(l).SQL; !strings.HasSuffix(text, "LIMIT 1") {
		t.Error(text)
	}
}

// spansOf is what reads the list's spans.
func spansOf(l *listing) Term {
	var w statement
	l.eachSpan(&w, Term{})
	return w.whole()
}
