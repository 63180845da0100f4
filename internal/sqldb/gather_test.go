package sqldb

import (
	"testing"

	"stoa/internal/relay"
)

// Only what a filter asks of related rows alone can be read in the order of an
// index below each of them.
func TestRelativesAreAllThatAFilterAsksFor(t *testing.T) {
	small, boxed := sized(3), &thingFilter{Box: &boxFilter{Search: new("x")}}
	for _, c := range []struct {
		name string
		f    *thingFilter
		sort relay.SortField
		want string
	}{
		{"nothing", &thingFilter{}, "SIZE", ""},
		{"a bound", small, "SIZE", ""},
		{"related rows", boxed, "SIZE", "t.box_id"},
		{"and a bound of the order", &thingFilter{Box: boxed.Box, SizeMin: new(3)}, "SIZE", "t.box_id"},
		{"both inside and", allOf(boxed, small), "SIZE", "t.box_id"},
		{"and a bound of another order", &thingFilter{Box: boxed.Box, SizeMin: new(3)}, "NAME", ""},
		{"and a condition", &thingFilter{Box: boxed.Box, Big: new(true)}, "SIZE", ""},
		{"and words", &thingFilter{Box: boxed.Box, Search: new("x")}, "SIZE", ""},
		{"and other related rows", &thingFilter{Box: boxed.Box, Parent: small}, "SIZE", ""},
		{"twice", allOf(boxed, boxed), "SIZE", ""},
		{"or a bound", oneOf(boxed, small), "SIZE", ""},
		{"beside alternatives", &thingFilter{Box: boxed.Box, Combined: Combined[thingFilter]{Or: []*thingFilter{small}}}, "SIZE", ""},
		{"alone inside or", oneOf(boxed), "SIZE", ""},
		{"not", noneOf(boxed), "SIZE", ""},
		{"a related row's", &thingFilter{Parent: boxed}, "SIZE", "t.parent_id"},
	} {
		l, err := things.listing(t.Context(), &DB{dialect: postgres{}}, "all", relation{}, List{Filter: c.f, Sort: &relay.Sort{Field: c.sort}})
		if err != nil || l.relatives.column != c.want {
			t.Errorf("%s by %s: by the relatives of %q, want %q; %v", c.name, c.sort, l.relatives.column, c.want, err)
		}
	}
}

// Words alone are counted in their index, where there is one to count in.
func TestHitsAreAllThatAFilterAsksFor(t *testing.T) {
	words := searched("x")
	for _, c := range []struct {
		name string
		f    *thingFilter
		want bool
	}{
		{"words", words, true},
		{"words inside and", allOf(words), true},
		{"words twice", allOf(words, words), false},
		{"no words", searched("!"), false},
		{"words and a bound", &thingFilter{Search: words.Search, SizeMin: new(3)}, false},
		{"words of a related row", &thingFilter{Box: &boxFilter{Search: words.Search}}, false},
		{"words or a bound", oneOf(words, sized(3)), false},
		{"not words", noneOf(words), false},
	} {
		for d, want := range map[dialect]bool{lite{}: c.want, postgres{}: false} {
			l, err := things.listing(t.Context(), &DB{dialect: d}, "all", relation{}, List{Filter: c.f})
			if err != nil || (l.hits.SQL != "") != want {
				t.Errorf("%s, %T: hits by %q, want any %v; %v", c.name, d, l.hits.SQL, want, err)
			}
		}
	}
}
