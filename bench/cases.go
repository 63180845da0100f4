package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// values are what one request asks for. Every server is asked the same.
type values struct {
	id       int64   // of a product
	ids      []int64 // of categories (w3) or users (w6), ascending
	place    place
	word     string // lower case, a to z
	min, max string // prices
	post     post
}

// place is where a product is in the order by price: the first one of its price.
type place struct {
	id    int64
	price string
}

type post struct {
	title, content string
	category       int64
}

// caseCount is how many values a workload is asked with.
const caseCount = 200

// casesOf makes the values of a workload, the same ones for the same rows.
func (r *rows) casesOf(w workload) []values {
	choose, ok := map[string]func(*rand.Rand) values{
		"w1": func(random *rand.Rand) values { return values{id: one(random, r.products).id} },
		"w3": func(random *rand.Rand) values { return values{ids: ten(random, r.categories)} },
		"w4": func(random *rand.Rand) values { return values{place: r.somewhere(random)} },
		"w6": func(random *rand.Rand) values { return values{ids: ten(random, r.users)} },
		"w7": func(random *rand.Rand) values { return values{word: one(random, r.words)} },
		"w8": r.somePrices,
		"w9": r.somePost,
	}[w.name]
	if !ok {
		return []values{{}} // there is nothing to choose
	}
	random := rand.New(rand.NewPCG(1, 2))
	cases := make([]values, caseCount)
	for i := range cases {
		cases[i] = choose(random)
	}
	return cases
}

func one[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// ten are the keys of ten rows, or of all.
func ten(random *rand.Rand, from []named) []int64 {
	var ids []int64
	for _, i := range random.Perm(len(from))[:min(10, len(from))] {
		ids = append(ids, from[i].id)
	}
	slices.Sort(ids)
	return ids
}

// somewhere is a place in the middle half of the table.
func (r *rows) somewhere(random *rand.Rand) place {
	i := len(r.byPrice)/4 + random.IntN(len(r.byPrice)/2)
	for i > 0 && r.byPrice[i-1].price == r.byPrice[i].price {
		i--
	}
	return r.byPrice[i]
}

// somePrices are a range that holds from a twentieth to a fifth of the products,
// and a word of a category's name.
func (r *rows) somePrices(random *rand.Rand) values {
	n := len(r.byPrice)
	width := n/20 + random.IntN(n*3/20)
	from := random.IntN(n - width)
	return values{min: r.byPrice[from].price, max: r.byPrice[from+width].price, word: one(random, r.categoryWords)}
}

func (r *rows) somePost(random *rand.Rand) values {
	var text []string
	for range 60 {
		text = append(text, one(random, r.words))
	}
	return values{post: post{strings.Join(text[:5], " "), strings.Join(text, " "), one(random, r.categories).id}}
}

var plainWord = regexp.MustCompile(`\b[a-z]{4,}\b`)

// plainWords are the words of the names that every server folds alike, each once:
// the common ones are asked for no more often than the rare ones.
func plainWords(from []named) []string {
	var words []string
	for _, n := range from {
		words = append(words, plainWord.FindAllString(strings.ToLower(n.name), -1)...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}
