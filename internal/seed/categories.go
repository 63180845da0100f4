package seed

import (
	"iter"
	"strconv"

	"stoa/internal/scalar"
)

func (g *generator) categories() iter.Seq[category] {
	return func(yield func(category) bool) {
		var s stream
		w := newWriter(g.lexicon, &s)
		for i := range int64(g.Categories) {
			id := g.first.categories + i
			s.begin(g.RandomSeed, forCategory, id)
			name, realm := g.wareOf(i)
			w.begin(realm)
			c := category{
				id:          id,
				name:        name,
				description: w.some(g.lexicon.categories, s.between(1, 2)),
				history:     historyOf(&s, g.categoryDates.at(i)),
			}
			c.search = scalar.Words(c.name, c.description)
			if !yield(c) {
				return
			}
		}
	}
}

// wareOf is the name of category i, counted from 0, and the realm of its things.
// A name has the id in it where another category could have it without.
func (g *generator) wareOf(i int64) (string, *realm) {
	l := g.lexicon
	count, styles := int64(len(l.wares)), int64(len(l.styles))
	ware := l.wares[(uint64(i)+g.RandomSeed)%uint64(count)]
	name, round := ware.name, i/count
	if round > 0 {
		name = l.styles[(round-1)%styles] + " " + name
	}
	if g.first.categories > 1 || round > styles {
		name += " " + strconv.FormatInt(g.first.categories+i, 10)
	}
	return name, ware.realm
}

// someCategory chooses one, a few of them far more often than the others, and
// returns its number, counted from 0.
func (g *generator) someCategory(s *stream) int64 {
	const prime = 2654435761 // no divisor of their number: each has a rank of its own
	count := uint64(g.Categories)
	rank := uint64(s.skewed(int64(count), 3))
	return int64((rank*prime + g.RandomSeed%count) % count)
}
