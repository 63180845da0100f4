package model

import "slices"

// Filter is a ProductFilter, CategoryFilter, UserFilter or PostFilter as it is
// written: the fields that are given, in any order.
type Filter []Term

// Term is one field of a filter and its value.
type Term struct {
	Name string
	Arg  Value
}

// Keeps tells whether the filter keeps the row: whether all its terms hold.
func (d *Dataset) Keeps(f Filter, r Row) bool {
	for _, t := range f {
		if !d.holds(t, r) {
			return false
		}
	}
	return true
}

// holds judges the terms that mean the same for every kind.
func (d *Dataset) holds(t Term, r Row) bool {
	if _, null := t.Arg.(Null); null {
		return true
	}
	created, updated := r.stamps()
	switch t.Name {
	case "and":
		return !slices.ContainsFunc(t.Arg.(Filters).All, func(f Filter) bool { return !d.Keeps(f, r) })
	case "or":
		return slices.ContainsFunc(t.Arg.(Filters).All, func(f Filter) bool { return d.Keeps(f, r) })
	case "not":
		return !d.Keeps(t.Arg.(Filter), r)
	case "ids":
		return slices.Contains(t.Arg.(Refs).Rows, r.Number())
	case "search":
		return finds(string(t.Arg.(Text)), r.texts())
	case "createdAfter":
		return created >= t.Arg.(Instant).Micros
	case "createdBefore":
		return created < t.Arg.(Instant).Micros
	case "updatedAfter":
		return updated >= t.Arg.(Instant).Micros
	case "updatedBefore":
		return updated < t.Arg.(Instant).Micros
	default:
		return r.holds(d, t)
	}
}

func (p *Product) holds(d *Dataset, t Term) bool {
	switch t.Name {
	case "categoryId":
		return p.Category == t.Arg.(Ref).Row
	case "categoryIds":
		return slices.Contains(t.Arg.(Refs).Rows, p.Category)
	case "category":
		return d.Keeps(t.Arg.(Filter), d.Find(KindCategory, p.Category))
	case "sku":
		return p.SKU != nil && *p.SKU == string(t.Arg.(Text))
	case "priceMin":
		return p.Price >= t.Arg.(Cents).N
	case "priceMax":
		return p.Price <= t.Arg.(Cents).N
	case "inStock":
		return (p.Inventory > 0) == bool(t.Arg.(Bool))
	case "inventoryMax":
		return p.Inventory <= int64(t.Arg.(Int))
	}
	panic("model: ProductFilter has no " + t.Name)
}

func (c *Category) holds(_ *Dataset, t Term) bool {
	panic("model: CategoryFilter has no " + t.Name)
}

func (u *User) holds(_ *Dataset, t Term) bool {
	if t.Name == "username" {
		return fold(u.Username) == fold(string(t.Arg.(Text)))
	}
	panic("model: UserFilter has no " + t.Name)
}

func (p *Post) holds(d *Dataset, t Term) bool {
	switch t.Name {
	case "authorId":
		return p.Author == t.Arg.(Ref).Row
	case "author":
		return d.Keeps(t.Arg.(Filter), d.Find(KindUser, p.Author))
	case "categoryId":
		return p.Category != nil && *p.Category == t.Arg.(Ref).Row
	case "category":
		return p.Category != nil && d.Keeps(t.Arg.(Filter), d.Find(KindCategory, *p.Category))
	case "hasCategory":
		return (p.Category != nil) == bool(t.Arg.(Bool))
	case "likesMin":
		return p.Likes >= int64(t.Arg.(Int))
	case "likesMax":
		return p.Likes <= int64(t.Arg.(Int))
	}
	panic("model: PostFilter has no " + t.Name)
}
