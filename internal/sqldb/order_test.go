package sqldb

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stoa/internal/fault"
	"stoa/internal/relay"
)

// sortOf is the sort of keys as in "SIZE DESC", each the thenBy of the one before.
func sortOf(keys ...string) *relay.Sort {
	if len(keys) == 0 {
		return nil
	}
	field, direction, _ := strings.Cut(keys[0], " ")
	return &relay.Sort{
		Field:     relay.SortField(field),
		Direction: relay.SortDirection(cmp.Or(direction, "ASC")),
		ThenBy:    sortOf(keys[1:]...),
	}
}

func TestTheIDBreaksTiesInTheDirectionOfTheLastKey(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{nil, "id"},
		{[]string{"SIZE"}, "size, id"},
		{[]string{"SIZE DESC"}, "size DESC, id DESC"},
		{[]string{"CREATED_AT DESC"}, "created_at DESC, id DESC"},
		{[]string{"SIZE", "NAME DESC"}, "size, name DESC, id DESC"},
		{[]string{"SIZE DESC", "NAME DESC", "WEIGHT"}, "size DESC, name DESC, weight, id"},
		{[]string{"SIZE", "NAME", "SIZE"}, "size, name, id"},
		{[]string{"SIZE", "SIZE DESC"}, "size, id DESC"},
	} {
		var faults fault.List
		if got := orderOf(sortOf(c.keys...), &faults).name(); got != c.want || faults != nil {
			t.Errorf("%q: got %q, %v, want %q", c.keys, got, faults, c.want)
		}
	}
}

func TestASortHasAtMostThreeKeys(t *testing.T) {
	var faults fault.List
	orderOf(sortOf("SIZE", "NAME", "WEIGHT"), &faults)
	if faults != nil {
		t.Errorf("three keys are refused: %v", faults)
	}
	for _, keys := range [][]string{{"SIZE", "NAME", "WEIGHT", "PRICE"}, {"SIZE", "SIZE", "SIZE", "SIZE", "SIZE"}} {
		var faults fault.List
		orderOf(sortOf(keys...), &faults)
		if len(faults) != 1 {
			t.Fatalf("%q: got %v", keys, faults)
		}
		got := *faults[0]
		if got.Code != fault.BadUserInput || got.Field != "sortBy.thenBy.thenBy.thenBy" || got.Reason != fault.TooLong || got.Limit != "3" {
			t.Errorf("%q: got %+v", keys, got)
		}
	}
}

func TestAnOrderIsReadFromBothEnds(t *testing.T) {
	o := order{{"size", true}, {"name", false}, {"id", false}}
	if got, want := o.by("t.", false), "t.size DESC, t.name, t.id"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := o.by("", true), "size, name DESC, id DESC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The forms that enter an index at the place: a comparison of rows, or a bound
// on the first key beside what it follows from.
func TestBeyondCanUseAnIndex(t *testing.T) {
	up, mixed := order{{"size", false}, {"id", false}}, order{{"size", true}, {"name", false}, {"id", false}}
	for _, c := range []struct {
		name string
		got  Term
		want Term
	}{
		{"by id", order{{"id", false}}.beyond([]any{7}, false, false, plain), is("t.id > ?", 7)},
		{"by id, reversed and inclusive", order{{"id", false}}.beyond([]any{7}, true, true, plain), is("t.id <= ?", 7)},
		{"one way", up.beyond([]any{3, 7}, false, false, plain), is("(t.size, t.id) > (?, ?)", 3, 7)},
		{"one way, reversed", up.beyond([]any{3, 7}, true, false, plain), is("(t.size, t.id) < (?, ?)", 3, 7)},
		{"one way, inclusive", up.beyond([]any{3, 7}, false, true, plain), is("(t.size, t.id) >= (?, ?)", 3, 7)},
		{"mixed", mixed.beyond([]any{3, "x", 7}, false, false, plain),
			is("t.size <= ? AND (t.size < ? OR t.size = ? AND (t.name > ? OR t.name = ? AND t.id > ?))", 3, 3, 3, "x", "x", 7)},
		{"mixed, reversed and inclusive", mixed.beyond([]any{3, "x", 7}, true, true, plain),
			is("t.size >= ? AND (t.size > ? OR t.size = ? AND (t.name < ? OR t.name = ? AND t.id <= ?))", 3, 3, 3, "x", "x", 7)},
	} {
		if !c.got.equal(c.want) {
			t.Errorf("%s: got %q %v, want %q %v", c.name, c.got.SQL, c.got.Args, c.want.SQL, c.want.Args)
		}
	}
}

// TestBeyondIsTheOrder asks SQLite what comes after, and before, every row of a
// table full of ties.
func TestBeyondIsTheOrder(t *testing.T) {
	db := openThings(t)
	rows := tied()
	insertThings(t, db, rows)
	for _, keys := range [][]string{
		nil, {"SIZE"}, {"SIZE DESC"}, {"NAME DESC"}, {"SIZE", "NAME DESC"}, {"SIZE DESC", "NAME"},
		{"SIZE DESC", "NAME DESC"}, {"SIZE", "NAME DESC", "WEIGHT"}, {"SIZE DESC", "NAME", "WEIGHT DESC"},
	} {
		var faults fault.List
		o := orderOf(sortOf(keys...), &faults)
		slices.SortFunc(rows, func(a, b *thing) int { return compareThings(o, a, b) })
		sorted := keysOf(rows)
		if got := askThings(t, db, Term{}, o.by("t.", false)); !slices.Equal(got, sorted) {
			t.Fatalf("%s: got %v, want %v", o.name(), got, sorted)
		}
		for i, row := range rows {
			place, ok := things.valuesOf(things.appendPlace(nil, row, o), o)
			if !ok {
				t.Fatalf("%s: the place of %v is lost", o.name(), row)
			}
			for _, c := range []struct {
				reversed, inclusive bool
				want                []int64
			}{
				{false, false, sorted[i+1:]}, {false, true, sorted[i:]}, {true, false, sorted[:i]}, {true, true, sorted[:i+1]},
			} {
				got := askThings(t, db, o.beyond(place, c.reversed, c.inclusive, plain), o.by("t.", false))
				if !slices.Equal(got, c.want) {
					t.Fatalf("%s, at %d, reversed %v, inclusive %v: got %v, want %v", o.name(), i, c.reversed, c.inclusive, got, c.want)
				}
			}
		}
	}
}

// tied are things of few sizes, names and weights.
func tied() []*thing {
	var rows []*thing
	for key := int64(1); key <= 18; key++ {
		r := &thing{Name: []string{"a", "Z", "é"}[key%3], Size: int(key*key) % 4, Weight: key % 2}
		r.Key = key
		rows = append(rows, r)
	}
	return rows
}

func compareThings(o order, a, b *thing) int {
	for _, k := range o {
		c := 0
		switch k.column {
		case "size":
			c = cmp.Compare(a.Size, b.Size)
		case "name":
			c = cmp.Compare(a.Name, b.Name)
		case "weight":
			c = cmp.Compare(a.Weight, b.Weight)
		case "id":
			c = cmp.Compare(a.Key, b.Key)
		}
		if k.descending {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func keysOf(rows []*thing) []int64 {
	var keys []int64
	for _, r := range rows {
		keys = append(keys, r.Key)
	}
	return keys
}

// openThings is a SQLite database with a table of things.
func openThings(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "things.db"), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	_, err = db.write.ExecContext(t.Context(), "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, weight INTEGER) STRICT")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func insertThings(t *testing.T, db *DB, rows []*thing) {
	t.Helper()
	n, err := db.Load(t.Context(), "things", []string{"id", "name", "size", "weight"}, func(yield func([]any) bool) {
		for _, r := range rows {
			if !yield([]any{r.Key, r.Name, r.Size, r.Weight}) {
				return
			}
		}
	})
	if err != nil || n != int64(len(rows)) {
		t.Fatalf("%d rows of %d inserted: %v", n, len(rows), err)
	}
}

// askThings are the keys of the things for which the condition holds.
func askThings(t *testing.T, db *DB, condition Term, orderBy string) []int64 {
	t.Helper()
	statement := condition.where().in("SELECT t.id FROM things t", fmt.Sprint(" ORDER BY ", orderBy))
	keys := []int64{}
	err := db.rows(t.Context(), statement.SQL, statement.Args, func(got tuple) error {
		var key int64
		err := got.Scan(&key)
		keys = append(keys, key)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", statement.SQL, err)
	}
	return keys
}

// plain writes a value of a place as any other.
func plain(any) string { return "?" }
