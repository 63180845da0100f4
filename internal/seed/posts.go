package seed

import "iter"

func (g *generator) posts() iter.Seq[post] {
	return func(yield func(post) bool) {
		var s, likes stream
		w := newWriter(g.lexicon, &s)
		for i := range int64(g.Posts) {
			id, created := g.first.posts+i, g.postDates.at(i)
			s.begin(g.RandomSeed, forPost, id)
			category, realm := g.topic(&s)
			w.begin(realm)
			p := post{
				id:       id,
				title:    w.one(g.lexicon.postTitles),
				content:  w.some(g.lexicon.posts, s.between(2, 6)),
				author:   g.first.users + s.skewed(g.userDates.by(created), 2),
				category: category,
				history:  historyOf(&s, created),
				search:   w.search(),
			}
			p.likes, _ = g.likesOf(&likes, i)
			if !yield(p) {
				return
			}
		}
	}
}

// topic is a post's category, nil for one in ten, and the realm it is about.
func (g *generator) topic(s *stream) (*int64, *realm) {
	if g.Categories == 0 || s.percent(10) {
		return nil, of(s, g.lexicon.realms)
	}
	category := g.someCategory(s)
	_, realm := g.wareOf(category)
	id := g.first.categories + category
	return &id, realm
}
