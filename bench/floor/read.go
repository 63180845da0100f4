package floor

import (
	"net/http"
	"strconv"
)

// A product by its id, with its category.
func (s *server) w1(w *work, r *http.Request) error {
	if err := s.products(r.Context(), &w.page, false, s.product, r.PathValue("id")); err != nil {
		return err
	}
	if err := s.categoriesOf(w, r, &w.page); err != nil {
		return err
	}
	w.add(`{"data":{"product":`)
	if len(w.page.rows) == 0 {
		w.add("null")
	} else {
		w.product(&w.page, &w.page.rows[0])
	}
	w.add("}}")
	return nil
}

// The first products by price, with their categories and cursors.
func (s *server) w2(w *work, r *http.Request) error {
	if err := s.products(r.Context(), &w.page, false, s.byPrice); err != nil {
		return err
	}
	return s.edges(w, r, false)
}

// As w2, after a place in the middle of the table.
func (s *server) w4(w *work, r *http.Request) error {
	err := s.products(r.Context(), &w.page, false, s.byPriceAfter, s.price(r.PathValue("price")), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.edges(w, r, true)
}

// edges writes 20 of the rows; a 21st tells that there are more.
func (s *server) edges(w *work, r *http.Request, previous bool) error {
	more := len(w.page.rows) > 20
	if more {
		w.page.rows = w.page.rows[:20]
	}
	if err := s.categoriesOf(w, r, &w.page); err != nil {
		return err
	}
	rows := w.page.rows
	w.add(`{"data":{"products":{"edges":[`)
	for i := range rows {
		w.comma(i)
		w.add(`{"cursor":`)
		w.cursor(&rows[i])
		w.add(`,"node":`)
		w.product(&w.page, &rows[i])
		w.add("}")
	}
	w.add(`],"pageInfo":{"hasNextPage":`)
	w.out = strconv.AppendBool(w.out, more)
	w.add(`,"hasPreviousPage":`)
	w.out = strconv.AppendBool(w.out, previous)
	w.add(`,"startCursor":`)
	w.end(rows, 0)
	w.add(`,"endCursor":`)
	w.end(rows, len(rows)-1)
	w.add("}}}}")
	return nil
}

// Some categories, each with its cheapest products.
func (s *server) w3(w *work, r *http.Request) error {
	keys := string(s.open) + r.PathValue("ids") + string(s.close)
	if err := s.named(r.Context(), &w.page, s.categories, "name", keys); err != nil {
		return err
	}
	if err := s.products(r.Context(), &w.children, true, s.cheapest, keys); err != nil {
		return err
	}
	w.add(`{"data":{"categories":{"nodes":[`)
	w.parents("products", func(child *row) {
		w.out = append(w.out, w.children.object(child)...)
		w.add("}")
	})
	w.add("]}}}")
	return nil
}

// The newest posts, with their authors and categories.
func (s *server) w5(w *work, r *http.Request) error {
	if err := s.posts(r.Context(), &w.page, false, s.newest); err != nil {
		return err
	}
	if err := s.authorsOf(w, r, &w.page); err != nil {
		return err
	}
	if err := s.categoriesOf(w, r, &w.page); err != nil {
		return err
	}
	w.add(`{"data":{"posts":{"nodes":[`)
	for i := range w.page.rows {
		w.comma(i)
		post := &w.page.rows[i]
		w.out = append(w.out, w.page.object(post)...)
		w.add(`,"author":`)
		w.child(&w.users, post.author)
		w.add(`,"category":`)
		w.child(&w.categories, post.category)
		w.add("}")
	}
	w.add("]}}}")
	return nil
}

// Some users, each with the newest posts and their categories.
func (s *server) w6(w *work, r *http.Request) error {
	keys := string(s.open) + r.PathValue("ids") + string(s.close)
	if err := s.named(r.Context(), &w.page, s.users, "username", keys); err != nil {
		return err
	}
	if err := s.posts(r.Context(), &w.children, true, s.postsOf, keys); err != nil {
		return err
	}
	if err := s.categoriesOf(w, r, &w.children); err != nil {
		return err
	}
	w.add(`{"data":{"users":{"nodes":[`)
	w.parents("posts", func(child *row) {
		w.out = append(w.out, w.children.object(child)...)
		w.add(`,"category":`)
		w.child(&w.categories, child.category)
		w.add("}")
	})
	w.add("]}}}")
	return nil
}

// The first products with a word, and how many there are.
func (s *server) w7(w *work, r *http.Request) error {
	match := s.match(r.PathValue("word"))
	if err := s.products(r.Context(), &w.page, false, s.found, match); err != nil {
		return err
	}
	if err := s.counted(w, r, s.foundCount, match); err != nil {
		return err
	}
	for i := range w.page.rows {
		w.comma(i)
		w.out = append(w.out, w.page.object(&w.page.rows[i])...)
		w.add("}")
	}
	w.add("]}}}")
	return nil
}

// The products of a range of prices, in the categories with a word, and how many there are.
func (s *server) w8(w *work, r *http.Request) error {
	from, to, match := s.price(r.PathValue("min")), s.price(r.PathValue("max")), s.match(r.PathValue("word"))
	if err := s.products(r.Context(), &w.page, false, s.priced, from, to, match); err != nil {
		return err
	}
	if err := s.categoriesOf(w, r, &w.page); err != nil {
		return err
	}
	if err := s.counted(w, r, s.pricedCount, from, to, match); err != nil {
		return err
	}
	for i := range w.page.rows {
		w.comma(i)
		w.product(&w.page, &w.page.rows[i])
	}
	w.add("]}}}")
	return nil
}

// counted begins an answer that has a total count.
func (s *server) counted(w *work, r *http.Request, text string, args ...any) error {
	var count int64
	if err := s.prepared[text].QueryRowContext(r.Context(), args...).Scan(&count); err != nil {
		return err
	}
	w.add(`{"data":{"products":{"totalCount":`)
	w.out = strconv.AppendInt(w.out, count, 10)
	w.add(`,"nodes":[`)
	return nil
}

func (s *server) categoriesOf(w *work, r *http.Request, l *level) error {
	return s.named(r.Context(), &w.categories, s.categories, "name", s.keysOf(w, l, byCategory))
}

func (s *server) authorsOf(w *work, r *http.Request, l *level) error {
	return s.named(r.Context(), &w.users, s.users, "username", s.keysOf(w, l, byAuthor))
}
