package model

import (
	"cmp"
	"slices"
	"strings"
)

// Sort is a sortBy with its thenBys; none is the order of creation.
type Sort []SortKey

// SortKey is one key. Bare leaves the direction out, which makes it ascending.
type SortKey struct {
	Field string
	Desc  bool
	Bare  bool
}

// sortFields are the values of each kind's sort enum.
var sortFields = map[Kind][]string{
	KindProduct:  {"CREATED_AT", "UPDATED_AT", "PRICE", "NAME", "INVENTORY"},
	KindCategory: {"CREATED_AT", "NAME"},
	KindUser:     {"CREATED_AT", "USERNAME"},
	KindPost:     {"CREATED_AT", "UPDATED_AT", "LIKES", "TITLE"},
}

// String is the sort in short, as in PRICE-,NAME+; equal for equal sorts.
func (s Sort) String() string {
	var b strings.Builder
	for i, k := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(k.Field)
		b.WriteByte("+-"[btoi(k.descends())])
	}
	return b.String()
}

func (k SortKey) descends() bool { return k.Desc && !k.Bare }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sortKey is a row's value for a key: a number or a text.
type sortKey struct {
	number int64
	text   string
}

// Compare orders two rows of a kind. The id breaks every tie, in the direction
// of the last key. Texts are in order of their code points, which is the order
// of UTF-8's bytes.
func (s Sort) Compare(a, b Row) int {
	down := false
	for _, k := range s {
		down = k.descends()
		x, y := a.sortKey(k.Field), b.sortKey(k.Field)
		if c := cmp.Or(cmp.Compare(x.number, y.number), cmp.Compare(x.text, y.text)); c != 0 {
			return directed(c, down)
		}
	}
	return directed(cmp.Compare(a.Number(), b.Number()), down)
}

func directed(c int, down bool) int {
	if down {
		return -c
	}
	return c
}

// List is the whole of a connection: the rows that the filter keeps, in order.
func (d *Dataset) List(f Field, parent Row, filter Filter, s Sort) []Row {
	rows := slices.DeleteFunc(d.Connection(f, parent), func(r Row) bool { return !d.Keeps(filter, r) })
	slices.SortFunc(rows, s.Compare)
	return rows
}

func (p *Product) sortKey(field string) sortKey {
	switch field {
	case "CREATED_AT":
		return sortKey{number: p.CreatedAt}
	case "UPDATED_AT":
		return sortKey{number: p.UpdatedAt}
	case "PRICE":
		return sortKey{number: p.Price}
	case "NAME":
		return sortKey{text: p.Name}
	default:
		return sortKey{number: p.Inventory}
	}
}

func (c *Category) sortKey(field string) sortKey {
	if field == "NAME" {
		return sortKey{text: c.Name}
	}
	return sortKey{number: c.CreatedAt}
}

func (u *User) sortKey(field string) sortKey {
	if field == "USERNAME" {
		return sortKey{text: u.Username}
	}
	return sortKey{number: u.CreatedAt}
}

func (p *Post) sortKey(field string) sortKey {
	switch field {
	case "CREATED_AT":
		return sortKey{number: p.CreatedAt}
	case "UPDATED_AT":
		return sortKey{number: p.UpdatedAt}
	case "LIKES":
		return sortKey{number: p.Likes}
	default:
		return sortKey{text: p.Title}
	}
}
