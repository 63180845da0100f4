package scalar

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The lines of Unicode's CaseFolding.txt (status C and F) that others get wrong.
func TestFoldIsFullCaseFolding(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"Lamp 42 #%":           "lamp 42 #%",
		"straße":               "strasse",
		"STRASSE":              "strasse",
		"STRAẞE":               "strasse",
		"İ":                    "i\u0307",
		"ı":                    "ı",
		"I":                    "i",
		"ΣΊΣΥΦΟΣ":              "σίσυφοσ",
		"Σίσυφος":              "σίσυφοσ",
		"\u212A":               "k", // Kelvin
		"\u212B":               "å", // Ångström
		"\u2126":               "ω", // Ohm
		"ﬁn":                   "fin",
		"ﬃ":                    "ffi",
		"ﬅ":                    "st",
		"ŉ":                    "ʼn",
		"ǰ":                    "j\u030C",
		"և":                    "եւ", // Armenian ligature
		"ﬓ":                    "մն",
		"ᾳ":                    "αι",
		"ᾼ":                    "αι",
		"ΐ":                    "ι\u0308\u0301",
		"ſ":                    "s",
		"ẛ":                    "ṡ",
		"µ":                    "μ",
		"ϐ":                    "β",
		"Ǆ":                    "ǆ",
		"ǅ":                    "ǆ",
		"Ა":                    "ა", // Georgian
		"\u1C80":               "в", // Cyrillic
		"ЁЖ":                   "ёж",
		"\U00010400":           "\U00010428", // Deseret
		"日本":                   "日本",
		"😀":                    "😀",
		"E\u0301":              "é", // NFC composes before
		"\u1100\u1161\u11A8":   "각",
		"a\u0323\u0307":        "ạ\u0307",
		"a\u0307\u0323":        "ạ\u0307",
		"\u0344":               "\u0308\u0301",
		"\u0041\u030A\u212BÅå": "åååå",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q (%+[1]q) is folded to %+q, want %+q", text, got, want)
		}
	}
}

// In Cherokee the small letters fold to the capitals, which came first.
func TestFoldIgnoresCaseInCherokee(t *testing.T) {
	var capitals, small []rune
	for i := range rune(80) {
		capitals, small = append(capitals, 0x13A0+i), append(small, 0xAB70+i)
	}
	for i := range rune(6) {
		capitals, small = append(capitals, 0x13F0+i), append(small, 0x13F8+i)
	}
	for _, letters := range [][]rune{capitals, small} {
		if got, want := Fold(string(letters)), string(capitals); got != want {
			t.Errorf("%s is folded to %s, want %s", string(letters), got, want)
		}
	}
}

func TestWordsAreRunsOfLettersMarksAndDigits(t *testing.T) {
	for text, want := range map[string][]string{
		"":                       nil,
		" \t\n":                  nil,
		"?! – … «» () 😀 €":       nil,
		"Desk lamp":              {"desk", "lamp"},
		"lamp, LAMP; Lamp":       {"lamp"},
		"b a b c a":              {"b", "a", "c"},
		"e-mail ann@example.com": {"e", "mail", "ann", "example", "com"},
		"snake_case don't":       {"snake", "case", "don", "t"},
		"A4 80gsm 2½ ⅷ ² ٣":      {"a4", "80gsm", "2½", "ⅷ", "²", "٣"},
		"हिन्दी ภาษาไทย":          {"हिन्दी", "ภาษาไทย"},
		"日本語 テスト":                 {"日本語", "テスト"},
		"re\u0301sume\u0301":      {"résumé"},
		"x\u20DDy":                {"x\u20DDy"}, // an enclosing mark
		"zero\u200Bwidth":         {"zero", "width"},
		"a\u00ADb":                {"a", "b"},
		"\xff\xfeok\xc3":          {"ok"},
		"Straße ﬁn":               {"strasse", "fin"},
		"quote'd \"x\" \\y & z:*": {"quote", "d", "x", "y", "z"},
	} {
		if got := Words(text); !slices.Equal(got, want) {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

func TestWordsOfSeveralTextsDoNotJoin(t *testing.T) {
	got, want := Words("one tw", "o two", "", "One"), []string{"one", "tw", "o", "two"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongWordsAreCutBetweenCodePoints(t *testing.T) {
	for letter, want := range map[string]int{"a": 2046, "é": 2046, "ཀ": 2046, "\U00010428": 2044} {
		words := Words(strings.Repeat(letter, 3000))
		if len(words) != 1 || len(words[0]) != want || !utf8.ValidString(words[0]) {
			t.Errorf("%s: %d words, the first of %d bytes, want %d", letter, len(words), len(words[0]), want)
		}
	}
	same := strings.Repeat("a", 2046)
	if got := Words(same, same+"b", same+"c"); !slices.Equal(got, []string{same}) {
		t.Errorf("got %d words of what is cut to the same", len(got))
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{
		"", "Desk lamp, 40 W", "STRAẞE ﬁn ŉ", "İstanbul ıI", "ΣΊΣΥΦΟΣ ᾼ ΐ", "e\u0301\u0323", "\u0344\u0345",
		"हिन्दी", "\u1100\u1161\u11A8", "\xff\xfe'\\", "\uAB70\u13A0", "x\u0301\u0302\u0303",
	} {
		f.Add(seed, uint8(0))
	}
	f.Add("ab", uint8(255))
	f.Add("\u0301\u0323é😀", uint8(255))
	f.Fuzz(func(t *testing.T, text string, more uint8) {
		text += strings.Repeat(text, 8*int(more)) // words longer than are kept
		words := Words(text)
		for i, word := range words {
			if word == "" || len(word) > 2046 || strings.IndexFunc(word, separates) >= 0 {
				t.Fatalf("%q is no word", word)
			}
			if slices.Contains(words[:i], word) {
				t.Fatalf("%q comes twice", word)
			}
		}
		// Folding may leave marks in another order than NFC puts them.
		again := Words(strings.Join(words, " "))
		if got, want := composed(again), composed(words); !slices.Equal(got, want) {
			t.Fatalf("the words of %+q are %+q", want, got)
		}
		// What is canonically equivalent has the same words.
		if got := Words(norm.NFC.String(text)); !slices.Equal(got, words) {
			t.Fatalf("composed, %+q has the words %+q instead of %+q", text, got, words)
		}
	})
}

// composed are the distinct words after NFC.
func composed(words []string) []string {
	var all []string
	for _, word := range words {
		if word := norm.NFC.String(word); !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}
