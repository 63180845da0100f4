package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// searched are the lists that are searched: the head of a column, and the document.
var searched = []struct{ title, document string }{
	{"by id", inAll(pageBy(""))},
	{"`PRICE`", inAll(pageBy("PRICE"))},
	{"`NAME`", inAll(pageBy("NAME"))},
	{"`CREATED_AT`", inAll(pageBy("CREATED_AT"))},
	{"`UPDATED_AT`", inAll(pageBy("UPDATED_AT"))},
	{"`INVENTORY`", inAll(pageBy("INVENTORY"))},
	{"in ten categories", inTen(pageBy("PRICE"))},
	{countTitle, countDocument},
	{"of ten categories", inTen(counted)},
}

const (
	counted    = `products(first: 0, filter: { search: $search }) { totalCount }`
	countTitle = "`totalCount`"
)

var countDocument = inAll(counted)

func inAll(field string) string { return "query($search: String!) { " + field + " }" }
func inTen(field string) string { return inAll("categories(first: 10) { nodes { " + field + " } }") }

func pageBy(field string) string {
	sort := ""
	if field != "" {
		sort = ", sortBy: { field: " + field + " }"
	}
	return "products(first: 20, filter: { search: $search }" + sort + ") { nodes { id name price } }"
}

// searchTimes is how often each search is asked at the most, and within a quarter
// of a turn; it is three times at the least.
const searchTimes = 25

// measureSearches asks Stoa for searches with many hits and few, one after the
// other, and returns a table for each database.
func measureSearches(ctx context.Context, o options, h *host, folder string) (string, error) {
	o.only = []string{"stoa"}
	var tables []*table
	var version string
	for _, products := range o.sizes {
		b, err := newBench(ctx, o, h, folder, products)
		if err != nil {
			return "", err
		}
		t, err := b.searchTable(ctx)
		b.stop()
		if err != nil {
			return "", err
		}
		tables, version = append(tables, t), b.database.version
	}
	return measuredOn([]string{version}) + " One request at a time; medians.\n\n" + markdown(tables), nil
}

func (b *bench) searchTable(ctx context.Context) (*table, error) {
	texts, err := b.searches()
	if err != nil {
		return nil, err
	}
	t := &table{title: fmt.Sprintf("Milliseconds to the first 20 hits among %s products, and to their number:", thousands(b.products))}
	head := []string{"search", "hits"}
	for _, list := range searched {
		head = append(head, list.title)
	}
	t.add(head...)
	for _, text := range texts {
		hits, err := b.hits(text)
		if err != nil {
			return nil, err
		}
		row := []string{"`" + text + "`", thousands(hits)}
		for _, list := range searched {
			took, err := b.searchTime(ctx, list.document, text)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", text, list.title, err)
			}
			row = append(row, fmt.Sprintf("%.1f", float64(took)/float64(time.Millisecond)))
		}
		note("%s", strings.Join(row, " "))
		t.add(row...)
	}
	return t, nil
}

// searchTime is the median time to an answer, on a connection of its own.
func (b *bench) searchTime(ctx context.Context, document, text string) (time.Duration, error) {
	request := postJSON("/graphql", "", map[string]any{"query": document, "variables": map[string]any{"search": text}})
	var all []time.Duration
	for stop := time.Now().Add(b.seconds / 4); len(all) < 3 || len(all) < searchTimes && time.Now().Before(stop); {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		start := time.Now()
		if _, err := b.servers[0].ask(request); err != nil {
			return 0, err
		}
		all = append(all, time.Since(start))
	}
	return middle(all[1:]), nil // the first has the statements prepared
}

func (b *bench) hits(text string) (int, error) {
	answer, err := b.servers[0].ask(postJSON("/graphql", "", map[string]any{"query": countDocument, "variables": map[string]any{"search": text}}))
	if err != nil {
		return 0, err
	}
	var got struct {
		Data struct{ Products struct{ TotalCount int } }
	}
	err = json.Unmarshal(answer, &got)
	return got.Data.Products.TotalCount, err
}

// searches are one with no hit, words that more and more products have, some
// together, and beginnings of words.
func (b *bench) searches() ([]string, error) {
	in := sampleOf(b.rows.texts)
	rare, least := "", b.products
	for _, word := range in.rarest(20) {
		n, err := b.hits(word)
		if err != nil {
			return nil, err
		}
		if n < least {
			rare, least = word, n
		}
	}
	few, some, many, most := in.nearest(0.002), in.nearest(0.03), in.nearest(0.2), in.nearest(1)
	return []string{
		"qxqx", rare, few, some, many, most,
		rare + " " + most, few + " " + some, some + " " + many, many + " " + most, some + " " + many + " " + most,
		some[:3], some[:2], some[:1],
	}, nil
}

// A sample is how many of some products have a word.
type sample struct {
	products float64
	words    []string // the most common ones first
	have     map[string]float64
}

func sampleOf(texts []named) sample {
	s := sample{products: float64(len(texts)), have: map[string]float64{}}
	for _, text := range texts {
		for _, word := range plainWords([]named{text}) {
			s.have[word]++
		}
	}
	s.words = slices.SortedFunc(maps.Keys(s.have), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.have[b], s.have[a]), strings.Compare(a, b))
	})
	return s
}

// nearest is the word that about such a share of the products has.
func (s sample) nearest(share float64) string {
	far := func(word string) float64 { return math.Abs(math.Log(s.have[word] / s.products / share)) }
	return slices.MinFunc(s.words, func(a, b string) int { return cmp.Compare(far(a), far(b)) })
}

func (s sample) rarest(n int) []string { return s.words[max(0, len(s.words)-n):] }
