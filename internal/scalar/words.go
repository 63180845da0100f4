package scalar

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared where letter case is ignored: Unicode NFC,
// then full case folding.
func Fold(s string) string {
	return strings.Map(foldCherokee, cases.Fold().String(norm.NFC.String(s)))
}

// foldCherokee folds Cherokee, whose small letters came last, to its capitals,
// as Unicode says; golang.org/x/text only swaps the two.
func foldCherokee(r rune) rune {
	switch {
	case 0xAB70 <= r && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case 0x13F8 <= r && r <= 0x13FD:
		return r - 8
	}
	return r
}

// maxWord is how many bytes of a folded word are indexed and compared:
// PostgreSQL takes lexemes of at most 2046 bytes.
const maxWord = 2046

// Words returns the distinct folded words of the texts, in order of their first
// appearance. A word is a run of letters, marks and digits of any script
// (Unicode L, M, N); of a longer one only the first 2046 bytes count.
func Words(texts ...string) []string {
	var words []string
	seen := map[string]bool{}
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(Fold(text), separates) {
			word = clip(word)
			if !seen[word] {
				seen[word] = true
				words = append(words, word)
			}
		}
	}
	return words
}

func separates(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// clip cuts a word to maxWord bytes without parting a code point.
func clip(word string) string {
	if len(word) <= maxWord {
		return word
	}
	end := maxWord
	for word[end]&0xC0 == 0x80 {
		end--
	}
	return word[:end]
}
