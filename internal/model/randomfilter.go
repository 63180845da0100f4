package model

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// terms are the names that a kind's filter has, those apart that combine
// filters. UserFilter.role is none: only admins may use it.
var terms = map[Kind][]string{
	KindProduct: {"ids", "search", "createdAfter", "createdBefore", "updatedAfter", "updatedBefore",
		"categoryId", "categoryIds", "category", "sku", "priceMin", "priceMax", "inStock", "inventoryMax"},
	KindCategory: {"ids", "search"},
	KindUser:     {"ids", "search", "createdAfter", "createdBefore", "username"},
	KindPost: {"ids", "search", "createdAfter", "createdBefore", "updatedAfter", "updatedBefore",
		"authorId", "author", "categoryId", "category", "hasCategory", "likesMin", "likesMax"},
}

// Filter makes a filter of a kind: of up to three terms, with values near those
// of rows, nested at most depth deep.
func (g Gen) Filter(d *Dataset, k Kind, depth int) Filter {
	f := Filter{}
	for _, i := range g.Perm(len(terms[k]))[:g.IntN(3)] {
		f = append(f, Term{terms[k][i], g.arg(d, k, terms[k][i], depth)})
	}
	if depth == 0 || g.one(2) {
		return f
	}
	switch name := pick(g, []string{"and", "or", "or", "not"}); {
	case g.one(12):
		f = append(f, Term{name, Null{}})
	case name == "not":
		f = append(f, Term{name, g.Filter(d, k, depth-1)})
	default:
		filters := Filters{Bare: g.one(4)}
		for range g.IntN(3) + g.IntN(2) {
			filters.All = append(filters.All, g.Filter(d, k, depth-1))
		}
		f = append(f, Term{name, filters})
	}
	return f
}

func (g Gen) arg(d *Dataset, k Kind, name string, depth int) Value {
	if g.one(15) {
		return Null{}
	}
	row := g.row(d, k)
	created, updated := row.stamps()
	switch name {
	case "ids":
		return g.refs(d, k)
	case "categoryIds":
		return g.refs(d, KindCategory)
	case "categoryId":
		return g.ref(d, KindCategory)
	case "authorId":
		return g.ref(d, KindUser)
	case "category", "author":
		return g.Filter(d, map[string]Kind{"category": KindCategory, "author": KindUser}[name], max(depth-1, 0))
	case "search":
		return Text(g.search(row))
	case "createdAfter", "createdBefore":
		return g.near(created)
	case "updatedAfter", "updatedBefore":
		return g.near(updated)
	case "inStock", "hasCategory":
		return Bool(g.one(2))
	default:
		return g.ownArg(row, name)
	}
}

// ownArg makes the values of terms that look at a column of one kind.
func (g Gen) ownArg(row Row, name string) Value {
	nudge := int64(g.IntN(3) - 1)
	switch name {
	case "sku":
		sku, some := row.values()["sku"].(string)
		if !some || g.one(5) {
			sku = pick(g, []string{"", "AB-1", "ab-1", "nothing", "'"})
		}
		return Text(pick(g, []string{sku, sku, strings.ToLower(sku), strings.ToUpper(sku)}))
	case "username":
		name := row.(*User).Username
		return Text(pick(g, []string{name, strings.ToUpper(name), strings.ReplaceAll(name, "k", "\u212A"), name[1:], ""}))
	case "priceMin", "priceMax":
		return Cents{N: min(max(row.(*Product).Price+nudge, 0), 9999999999), Form: g.IntN(4)}
	case "inventoryMax":
		return Int(min(max(row.(*Product).Inventory+nudge, 0), 2147483647))
	default:
		return Int(max(row.(*Post).Likes+nudge, 0))
	}
}

// row picks a row of the kind; without one, an imagined one.
func (g Gen) row(d *Dataset, k Kind) Row {
	if rows := d.Rows(k); len(rows) > 0 {
		return pick(g, rows)
	}
	return map[Kind]Row{KindProduct: &Product{}, KindCategory: &Category{}, KindUser: &User{Username: "none"}, KindPost: &Post{}}[k]
}

// ref picks an id of the kind; the filter is left open (null) without a row.
func (g Gen) ref(d *Dataset, k Kind) Value {
	rows := d.Rows(k)
	if len(rows) == 0 {
		return Null{}
	}
	return Ref{k, pick(g, rows).Number()}
}

func (g Gen) refs(d *Dataset, k Kind) Value {
	refs := Refs{Kind: k, Bare: g.one(4)}
	rows := d.Rows(k)
	for range min(len(rows), g.IntN(4)*(1+g.IntN(8))) {
		refs.Rows = append(refs.Rows, pick(g, rows).Number())
	}
	return refs
}

// near is an instant at, or a microsecond beside, another.
func (g Gen) near(micros int64) Value {
	at := micros + int64(g.IntN(3)-1)
	return Instant{Micros: min(max(at, instants[9]), instants[10]), Form: g.IntN(4)}
}

// search makes a search that may find the row: beginnings of its words, spelled
// in another way; or words from anywhere, or none.
func (g Gen) search(row Row) string {
	if g.one(8) {
		return pick(g, []string{"", " ", "!?", "🎉 -", "\u00a0", "\"", "*"})
	}
	var found []string
	for range 1 + g.IntN(3)*g.IntN(2) {
		all := strings.FieldsFunc(strings.Join(row.texts(), " "), func(r rune) bool { return strings.ContainsRune(strings.Join(separators, ""), r) })
		if len(all) == 0 || g.one(10) {
			all = vocabulary
		}
		word := []rune(pick(g, all))
		if g.one(2) {
			word = word[:1+g.IntN(len(word))]
		}
		found = append(found, g.respell(string(word)))
	}
	return strings.Join(found, pick(g, separators))
}

func (g Gen) respell(word string) string {
	switch g.IntN(6) {
	case 0:
		return strings.ToUpper(word)
	case 1:
		return strings.ToLower(word)
	case 2:
		return norm.NFD.String(word)
	case 3:
		return norm.NFC.String(word)
	default:
		return word
	}
}
