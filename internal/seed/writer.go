package seed

import (
	"slices"

	"stoa/internal/sqldb"
)

// writer writes the texts of one row after the other. All texts of a row are
// about the same thing, and share their words.
type writer struct {
	*lexicon
	*stream
	realm                 *realm
	noun, other, material *stuff

	text  []byte
	words []string
	seen  []uint32 // for each word of the vocabulary, the last row that has it
	row   uint32
}

func newWriter(l *lexicon, s *stream) *writer {
	return &writer{lexicon: l, stream: s, seen: make([]uint32, len(l.vocabulary.words))}
}

// begin begins a row about something of the realm.
func (w *writer) begin(r *realm) {
	count := int64(len(r.nouns))
	at := w.below(count)
	w.noun, w.other = &r.nouns[at], &r.nouns[(at+1+w.below(count-1))%count]
	w.material = of(w.stream, r.materials)
	w.realm, w.words = r, w.words[:0]
	w.row++
}

// one writes one of the sentences.
func (w *writer) one(sentences []sentence) string {
	w.write(*of(w.stream, sentences))
	return w.take()
}

// some writes n of the sentences, all different, in their order.
func (w *writer) some(sentences []sentence, n int64) string {
	count := int64(len(sentences))
	for i := range n {
		if i > 0 {
			w.text = append(w.text, ' ')
		}
		w.write(sentences[w.between(count*i/n, count*(i+1)/n-1)])
	}
	return w.take()
}

func (w *writer) write(s sentence) {
	for i := range s {
		p := &s[i].literal
		if s[i].list != literal {
			p = &w.fill(s[i].list)[s[i].form]
		}
		w.text = append(w.text, p.text...)
		for _, word := range p.words {
			if w.seen[word] != w.row {
				w.seen[word] = w.row
				w.words = append(w.words, w.vocabulary.words[word])
			}
		}
	}
}

// fill chooses what stands in a blank.
func (w *writer) fill(l list) *entry {
	switch l {
	case noun:
		return &w.noun.entry
	case other:
		return &w.other.entry
	case material:
		return &w.material.entry
	}
	return of(w.stream, w.shared[l])
}

func (w *writer) take() string {
	text := string(w.text)
	w.text = w.text[:0]
	return text
}

// search are the folded words of the row's texts, in the order in which they
// first appear.
func (w *writer) search() sqldb.Words { return slices.Clone(w.words) }
