package seed

// generator makes the rows of a seed. A row depends on the seed, the counts and
// its id alone, and is made when it is asked for: nothing is kept.
type generator struct {
	Options
	first   ids
	lexicon *lexicon

	categoryDates, productDates, userDates, postDates timeline
}

// ids are those of the first rows.
type ids struct{ categories, products, users, posts int64 }

func newGenerator(o Options, first ids) (*generator, error) {
	l, err := newLexicon()
	if err != nil {
		return nil, err
	}
	dates := newTimeline
	return &generator{
		Options: o, first: first, lexicon: l,
		categoryDates: dates(o.RandomSeed, forCategoryDate, first.categories, int64(o.Categories), opening, trading),
		productDates:  dates(o.RandomSeed, forProductDate, first.products, int64(o.Products), trading, closing),
		userDates:     dates(o.RandomSeed, forUserDate, first.users, int64(o.Users), opening, closing),
		postDates:     dates(o.RandomSeed, forPostDate, first.posts, int64(o.Posts), trading, closing),
	}, nil
}

// rows is how many rows there are in all. It counts the likes post by post.
func (g *generator) rows() int64 {
	n := int64(g.Categories) + int64(g.Products) + int64(g.Users) + int64(g.Posts)
	var s stream
	for i := range int64(g.Posts) {
		count, _ := g.likesOf(&s, i)
		n += count
	}
	return n
}

func (g *generator) shop() shop {
	return shop{g.categories(), g.products(), g.users(), g.posts(), g.likes()}
}
