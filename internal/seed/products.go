package seed

import (
	"fmt"
	"iter"

	"stoa/internal/scalar"
)

func (g *generator) products() iter.Seq[product] {
	return func(yield func(product) bool) {
		var s stream
		w := newWriter(g.lexicon, &s)
		for i := range int64(g.Products) {
			id := g.first.products + i
			s.begin(g.RandomSeed, forProduct, id)
			category := g.someCategory(&s)
			_, realm := g.wareOf(category)
			w.begin(realm)
			p := product{
				id:          id,
				sku:         skuOf(w, id),
				name:        w.one(g.lexicon.productNames),
				description: w.some(g.lexicon.products, s.between(1, 3)),
				price:       priceOf(w),
				inventory:   inventoryOf(&s),
				category:    g.first.categories + category,
				history:     historyOf(&s, g.productDates.at(i)),
				search:      w.search(),
			}
			if !yield(p) {
				return
			}
		}
	}
}

// skuOf is unique by the id in it.
func skuOf(w *writer, id int64) *string {
	if w.percent(3) {
		return nil
	}
	sku := fmt.Sprintf("%s-%s-%06d", w.material.code, w.noun.code, id)
	return &sku
}

// priceOf is half to twice what such a thing costs, and ends as prices do.
func priceOf(w *writer) scalar.Cents {
	endings := []int64{0, 0, 50, 90, 95, 99}
	whole := w.noun.price * w.between(50, 200) / 100
	return scalar.Cents(whole*100 + *of(w.stream, endings))
}

// inventoryOf is 0 for one in twelve, and mostly small.
func inventoryOf(s *stream) int64 {
	if s.percent(8) {
		return 0
	}
	return 1 + s.skewed(600, 3)
}
