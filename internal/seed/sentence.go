package seed

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"stoa/internal/scalar"
)

// piece is a bit of text. It knows its folded words, so that the words of a text
// made of pieces need not be found anew for every row.
type piece struct {
	text  string
	words []int // places in the vocabulary
}

// vocabulary is the distinct folded words of all pieces.
type vocabulary struct {
	words  []string
	places map[string]int
}

func (v *vocabulary) piece(text string) piece {
	p := piece{text: text}
	for _, word := range scalar.Words(text) {
		place, known := v.places[word]
		if !known {
			place = len(v.words)
			v.words = append(v.words, word)
			v.places[word] = place
		}
		p.words = append(p.words, place)
	}
	return p
}

// form is how a list's entry is written in a sentence.
type form int

const (
	plain       form = iota // {noun}: bread board
	capital                 // {Noun}: Bread board
	title                   // {NOUN}: Bread Board
	article                 // {a noun}: a bread board
	articleHead             // {A noun}: A bread board
	forms
)

// entry is what a list holds, in every form.
type entry [forms]piece

func (v *vocabulary) entry(text string) entry {
	a, an := "a ", "A "
	if strings.ContainsRune("aeiou", rune(text[0])) {
		a, an = "an ", "An "
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		words[i] = capitalized(word)
	}
	return entry{
		plain:       v.piece(text),
		capital:     v.piece(capitalized(text)),
		title:       v.piece(strings.Join(words, " ")),
		article:     v.piece(a + text),
		articleHead: v.piece(an + text),
	}
}

func capitalized(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// part is a literal piece of a sentence, or a blank to be filled from a list.
type part struct {
	list    list
	form    form
	literal piece
}

// sentence is text with blanks: "Made of {material}.".
type sentence []part

// sentence parses the text. Between a blank and letters or digits something else
// must stand, else the words of the whole would not be those of the pieces.
func (v *vocabulary) sentence(text string) (sentence, error) {
	var s sentence
	for rest := text; rest != ""; {
		literal, after, blank := strings.Cut(rest, "{")
		if literal != "" {
			if s != nil && inWord(utf8.DecodeRuneInString(literal)) || blank && inWord(utf8.DecodeLastRuneInString(literal)) {
				return nil, fmt.Errorf("a blank touches a word in %q", text)
			}
			s = append(s, part{literal: v.piece(literal)})
		}
		if !blank {
			break
		}
		name, after, closed := strings.Cut(after, "}")
		l, f, known := parseBlank(name)
		if !closed || !known {
			return nil, fmt.Errorf("a blank that means nothing in %q", text)
		}
		s = append(s, part{list: l, form: f})
		rest = after
	}
	return s, nil
}

func inWord(r rune, _ int) bool { return unicode.In(r, unicode.L, unicode.M, unicode.N) }

func parseBlank(text string) (list, form, bool) {
	f, name := plain, text
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(text, "a "):
		f, name = article, text[2:]
	case strings.HasPrefix(text, "A "):
		f, name = articleHead, text[2:]
	case text == strings.ToUpper(text):
		f, name = title, lower
	case text == capitalized(lower):
		f, name = capital, lower
	}
	l, known := lists[name]
	return l, f, known
}
