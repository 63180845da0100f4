package model

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold is Unicode NFC, then full case folding. Cherokee folds to its capitals,
// which the package cases gets the wrong way round.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'ꭰ' && r <= 'ꮿ':
			return r - 'ꭰ' + 'Ꭰ'
		case r >= 'ᏸ' && r <= 'ᏽ':
			return r - 'ᏸ' + 'Ᏸ'
		}
		return r
	}, cases.Fold().String(norm.NFC.String(s)))
}

// words are the runs of letters, marks and digits of a text, folded.
func words(text string) []string {
	var found []string
	word := ""
	for _, r := range fold(text) + " " {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
			word += string(r)
		case word != "":
			found = append(found, word)
			word = ""
		}
	}
	return found
}

// finds tells whether every word of the search begins a word of one of the
// texts.
func finds(search string, texts []string) bool {
	var all []string
	for _, text := range texts {
		all = append(all, words(text)...)
	}
	for _, want := range words(search) {
		found := false
		for _, word := range all {
			found = found || strings.HasPrefix(word, want)
		}
		if !found {
			return false
		}
	}
	return true
}
