package seed

import (
	"embed"
	"fmt"
	"strings"
)

// Word lists, one entry a line; sentences with blanks; and for each realm of
// things the names of its categories, materials and nouns.
//
//go:embed words
var wordFiles embed.FS

// list is one from which blanks are filled.
type list int

const (
	literal  list = iota // no blank
	noun                 // what the row is about
	other                // another thing of the same realm
	material             // what the row's noun is made of
	adjective
	colour
	occasion
	person
	place
	when
	verb
	verdict
	listCount
)

// lists are the names of the lists in sentences.
var lists = map[string]list{
	"noun": noun, "other": other, "material": material, "adjective": adjective,
	"colour": colour, "occasion": occasion, "person": person, "place": place,
	"time": when, "verb": verb, "verdict": verdict,
}

// lexicon is all that texts are made of.
type lexicon struct {
	vocabulary
	shared [listCount][]entry // the lists that are the same for all realms
	realms []realm
	// wares are the names of categories, those of one realm apart from each other.
	wares                                                 []ware
	styles, characters, creatures                         []string
	productNames, products, categories, postTitles, posts []sentence
}

func newLexicon() (*lexicon, error) {
	l := &lexicon{vocabulary: vocabulary{places: map[string]int{}}}
	files := []struct {
		name string
		take func(lines []string) error
	}{
		{"adjectives", l.list(adjective)}, {"colours", l.list(colour)}, {"occasions", l.list(occasion)},
		{"people", l.list(person)}, {"places", l.list(place)}, {"times", l.list(when)},
		{"verbs", l.list(verb)}, {"verdicts", l.list(verdict)},
		{"styles", plainly(&l.styles)}, {"characters", plainly(&l.characters)}, {"creatures", plainly(&l.creatures)},
		{"sentences/product-names", l.sentences(&l.productNames)}, {"sentences/products", l.sentences(&l.products)},
		{"sentences/categories", l.sentences(&l.categories)}, {"sentences/post-titles", l.sentences(&l.postTitles)},
		{"sentences/posts", l.sentences(&l.posts)},
	}
	for _, file := range files {
		lines, err := linesOf("words/" + file.name + ".txt")
		if err == nil {
			err = file.take(lines)
		}
		if err != nil {
			return nil, fmt.Errorf("word list %s: %w", file.name, err)
		}
	}
	return l, l.readRealms()
}

// linesOf are the lines of a file that are neither empty nor comments.
func linesOf(name string) ([]string, error) {
	content, err := wordFiles.ReadFile(name)
	var lines []string
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines, err
}

func plainly(to *[]string) func([]string) error {
	return func(lines []string) error {
		*to = lines
		return nil
	}
}

func (l *lexicon) list(which list) func([]string) error {
	return func(lines []string) error {
		for _, line := range lines {
			l.shared[which] = append(l.shared[which], l.entry(line))
		}
		return nil
	}
}

func (l *lexicon) sentences(to *[]sentence) func([]string) error {
	return func(lines []string) error {
		for _, line := range lines {
			s, err := l.sentence(line)
			if err != nil {
				return err
			}
			*to = append(*to, s)
		}
		return nil
	}
}
