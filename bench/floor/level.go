package floor

import (
	"context"
	"database/sql"
	"strconv"
)

// A level is the rows of one statement, as JSON objects that are left open for
// what the next levels bring.
type level struct {
	text []byte
	rows []row
}

// row is one object of a level: where its text is, what it is the parent and
// the child of.
type row struct {
	from, to         int
	id, parent       int64
	category, author int64
	price            [2]int // where its price is in the text
}

func (l *level) reset() { l.text, l.rows = l.text[:0], l.rows[:0] }

func (l *level) object(r *row) []byte { return l.text[r.from:r.to] }

// find is the object with the id, or nil. Levels are short.
func (l *level) find(id int64) []byte {
	for i := range l.rows {
		if l.rows[i].id == id {
			return l.object(&l.rows[i])
		}
	}
	return nil
}

// products reads rows of products. The first column is the parent's key, if nested.
func (s *server) products(ctx context.Context, l *level, nested bool, text string, args ...any) error {
	var (
		r         row
		name      sql.RawBytes
		price     cents
		created   instant
		inventory int64
	)
	dest := []any{&r.parent, &r.id, &name, &price, &inventory, &created, &r.category}
	if !nested {
		dest = dest[1:]
	}
	return s.read(ctx, l, text, dest, func() {
		r.from = len(l.text)
		t := appendID(append(l.text, `{"id":`...), r.id)
		t = appendText(append(t, `,"name":`...), name)
		t = append(t, `,"price":"`...)
		r.price[0] = len(t)
		t = price.append(t)
		r.price[1] = len(t)
		t = strconv.AppendInt(append(t, `","inventory":`...), inventory, 10)
		l.text = created.append(append(t, `,"createdAt":`...))
		r.to = len(l.text)
		l.rows = append(l.rows, r)
	}, args...)
}

// posts reads rows of posts. The first column is the parent's key, if nested.
func (s *server) posts(ctx context.Context, l *level, nested bool, text string, args ...any) error {
	var (
		r        row
		title    sql.RawBytes
		likes    int64
		created  instant
		category sql.NullInt64
	)
	dest := []any{&r.parent, &r.id, &title, &likes, &created, &r.author, &category}
	if !nested {
		dest = dest[1:]
	}
	return s.read(ctx, l, text, dest, func() {
		r.category = category.Int64 // 0 for none
		r.from = len(l.text)
		t := appendID(append(l.text, `{"id":`...), r.id)
		t = appendText(append(t, `,"title":`...), title)
		t = strconv.AppendInt(append(t, `,"likes":`...), likes, 10)
		l.text = created.append(append(t, `,"createdAt":`...))
		r.to = len(l.text)
		l.rows = append(l.rows, r)
	}, args...)
}

// named reads an id and a name, which the field is called.
func (s *server) named(ctx context.Context, l *level, text, field string, keys string) error {
	var (
		r    row
		name sql.RawBytes
	)
	return s.read(ctx, l, text, []any{&r.id, &name}, func() {
		r.from = len(l.text)
		t := appendID(append(l.text, `{"id":`...), r.id)
		t = append(append(append(t, `,"`...), field...), `":`...)
		l.text = appendText(t, name)
		r.to = len(l.text)
		l.rows = append(l.rows, r)
	}, keys)
}

// keysOf writes the keys of a level's rows as one argument, each once.
func (s *server) keysOf(w *work, l *level, key func(*row) int64) string {
	w.keys = append(w.keys[:0], s.open)
rows:
	for i := range l.rows {
		k := key(&l.rows[i])
		if k == 0 {
			continue
		}
		for j := range i {
			if key(&l.rows[j]) == k {
				continue rows
			}
		}
		if len(w.keys) > 1 {
			w.keys = append(w.keys, ',')
		}
		w.keys = strconv.AppendInt(w.keys, k, 10)
	}
	return string(append(w.keys, s.close))
}

func byCategory(r *row) int64 { return r.category }
func byAuthor(r *row) int64   { return r.author }
