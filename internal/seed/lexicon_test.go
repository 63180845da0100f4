package seed

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stoa/internal/scalar"
)

func TestWordListsAreLargeAndClean(t *testing.T) {
	l, err := newLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for name, which := range lists {
		if which == noun || which == other || which == material {
			continue
		}
		least := map[string]int{"adjective": 120, "verb": 150}[name]
		if entries := l.shared[which]; len(entries) < max(least, 40) {
			t.Errorf("%d of %s", len(entries), name)
		}
		unique(t, name, l.shared[which])
	}
	nouns, materials := 0, 0
	for _, r := range l.realms {
		nouns, materials = nouns+len(r.nouns), materials+len(r.materials)
	}
	if nouns < 200 || materials < 80 || len(l.wares) < 100 {
		t.Errorf("%d nouns, %d materials, %d categories", nouns, materials, len(l.wares))
	}
	for _, word := range l.vocabulary.words {
		if strings.ContainsAny(word, "0123456789") {
			t.Errorf("%q has a digit: an id is told apart by its digits", word)
		}
	}
}

func unique(t *testing.T, name string, entries []entry) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e[plain].text] {
			t.Errorf("%s: %q is there twice", name, e[plain].text)
		}
		seen[e[plain].text] = true
	}
}

// "Cotton Cotton Jar" must not come about, nor a sku without its six letters.
func TestRealmsFitTogether(t *testing.T) {
	l, err := newLexicon()
	if err != nil {
		t.Fatal(err)
	}
	wares := map[string]bool{}
	for _, ware := range l.wares {
		if key := scalar.Fold(ware.name); wares[key] {
			t.Errorf("category %q is there twice", ware.name)
		} else {
			wares[key] = true
		}
	}
	for _, r := range l.realms {
		for _, thing := range r.nouns {
			if thing.price < 5 || thing.price > 500 || len(thing.code) != 3 {
				t.Errorf("%q costs %d, code %q", thing.entry[plain].text, thing.price, thing.code)
			}
			for _, stuff := range r.materials {
				both := slices.Concat(scalar.Words(thing.entry[plain].text), scalar.Words(stuff.entry[plain].text))
				if slices.Sort(both); len(slices.Compact(both)) < len(both) || len(stuff.code) != 3 {
					t.Errorf("%s of %s, code %q", thing.entry[plain].text, stuff.entry[plain].text, stuff.code)
				}
			}
		}
	}
}

func TestUsernamesHaveRoomForAnyID(t *testing.T) {
	l, err := newLexicon()
	if err != nil {
		t.Fatal(err)
	}
	longest := func(words []string) (n int) {
		for _, word := range words {
			if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("%q is not made of ASCII letters", word)
			}
			n = max(n, len(word))
		}
		return n
	}
	const digits = 10
	if n := longest(l.characters) + longest(l.creatures) + 2 + digits; n > 30 {
		t.Errorf("a username of %d characters", n)
	}
}

func TestSentences(t *testing.T) {
	v := vocabulary{places: map[string]int{}}
	for _, text := range []string{"", "No blank.", "{noun}", "{A noun}, {NOUN}!", "In {colour} and {colour}"} {
		if _, err := v.sentence(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"{nouns}", "{}", "{noun", "{noun}s", "un{adjective}", "{noun}é", "{nOUN}", "{an noun}"} {
		if _, err := v.sentence(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestFormsOfAnEntry(t *testing.T) {
	v := vocabulary{places: map[string]int{}}
	for text, want := range map[string]string{
		"hot-water bottle": "hot-water bottle|Hot-water bottle|Hot-water Bottle|a hot-water bottle|A hot-water bottle",
		"oil can":          "oil can|Oil can|Oil Can|an oil can|An oil can",
	} {
		e := v.entry(text)
		got := fmt.Sprintf("%s|%s|%s|%s|%s", e[plain].text, e[capital].text, e[title].text, e[article].text, e[articleHead].text)
		if got != want {
			t.Errorf("%s\n%s", got, want)
		}
	}
}
