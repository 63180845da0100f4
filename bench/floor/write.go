package floor

import "strconv"

// add writes JSON as it is.
func (w *work) add(text string) { w.out = append(w.out, text...) }

func (w *work) comma(i int) {
	if i > 0 {
		w.add(",")
	}
}

// product writes one with its category.
func (w *work) product(l *level, r *row) {
	w.out = append(w.out, l.object(r)...)
	w.add(`,"category":`)
	w.child(&w.categories, r.category)
	w.add("}")
}

// child writes the object with the id, or null.
func (w *work) child(l *level, id int64) {
	object := l.find(id)
	if object == nil {
		w.add("null")
		return
	}
	w.out = append(w.out, object...)
	w.add("}")
}

// parents writes the page's rows, each with its children.
func (w *work) parents(field string, child func(*row)) {
	for i := range w.page.rows {
		w.comma(i)
		parent := &w.page.rows[i]
		w.out = append(w.out, w.page.object(parent)...)
		w.add(`,"`)
		w.add(field)
		w.add(`":{"nodes":[`)
		n := 0
		for j := range w.children.rows {
			if c := &w.children.rows[j]; c.parent == parent.id {
				w.comma(n)
				child(c)
				n++
			}
		}
		w.add("]}}")
	}
}

// cursor writes a row's place in the order by price.
func (w *work) cursor(r *row) {
	w.add(`"`)
	w.out = append(w.out, w.page.text[r.price[0]:r.price[1]]...)
	w.add("/")
	w.out = strconv.AppendInt(w.out, r.id, 10)
	w.add(`"`)
}

// end writes the cursor of a row that may be missing.
func (w *work) end(rows []row, i int) {
	if i < 0 || i >= len(rows) {
		w.add("null")
		return
	}
	w.cursor(&rows[i])
}
