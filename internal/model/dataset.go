package model

import "slices"

// Dataset is all rows of a shop and its community, each kind by ascending ID.
type Dataset struct {
	Products   []*Product
	Categories []*Category
	Users      []*User
	Posts      []*Post
	Likes      []Like
}

// Field is a connection: of the Query (Of is empty) or of every row of a kind.
type Field struct {
	Of   Kind
	Name string
	Rows Kind
}

// Fields has every connection with filter and sortBy.
var Fields = []Field{
	{"", "products", KindProduct},
	{"", "categories", KindCategory},
	{"", "users", KindUser},
	{"", "posts", KindPost},
	{KindCategory, "products", KindProduct},
	{KindCategory, "posts", KindPost},
	{KindUser, "posts", KindPost},
	{KindUser, "likedPosts", KindPost},
}

// RootField is the Query's connection of a kind.
func RootField(k Kind) Field {
	return Fields[slices.IndexFunc(Fields, func(f Field) bool { return f.Of == "" && f.Rows == k })]
}

// String is the field as a schema coordinate, as in Category.products.
func (f Field) String() string {
	if f.Of == "" {
		return "Query." + f.Name
	}
	return string(f.Of) + "." + f.Name
}

// Rows returns all rows of a kind.
func (d *Dataset) Rows(k Kind) []Row {
	switch k {
	case KindProduct:
		return rowsOf(d.Products, nil)
	case KindCategory:
		return rowsOf(d.Categories, nil)
	case KindUser:
		return rowsOf(d.Users, nil)
	default:
		return rowsOf(d.Posts, nil)
	}
}

// Find returns the row of a kind with the number, nil when there is none.
func (d *Dataset) Find(k Kind, number int64) Row {
	for _, r := range d.Rows(k) {
		if r.Number() == number {
			return r
		}
	}
	return nil
}

// Connection returns the rows of a connection without any filter, in order of
// creation. The parent is nil for a field of the Query.
func (d *Dataset) Connection(f Field, parent Row) []Row {
	if f.Of == "" {
		return d.Rows(f.Rows)
	}
	number := parent.Number()
	switch f.String() {
	case "Category.products":
		return rowsOf(d.Products, func(p *Product) bool { return p.Category == number })
	case "Category.posts":
		return rowsOf(d.Posts, func(p *Post) bool { return p.Category != nil && *p.Category == number })
	case "User.posts":
		return rowsOf(d.Posts, func(p *Post) bool { return p.Author == number })
	default:
		return rowsOf(d.Posts, func(p *Post) bool {
			return slices.ContainsFunc(d.Likes, func(l Like) bool { return l.Post == p.ID && l.User == number })
		})
	}
}

func rowsOf[R Row](rows []R, keep func(R) bool) []Row {
	var kept []Row
	for _, r := range rows {
		if keep == nil || keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// Without returns the dataset after the deletion of rows of one kind: products
// and posts (whose likes go too).
func (d *Dataset) Without(k Kind, numbers []int64) *Dataset {
	left := *d
	switch k {
	case KindProduct:
		left.Products = slices.DeleteFunc(slices.Clone(d.Products), func(p *Product) bool { return slices.Contains(numbers, p.ID) })
	case KindPost:
		left.Posts = slices.DeleteFunc(slices.Clone(d.Posts), func(p *Post) bool { return slices.Contains(numbers, p.ID) })
		left.Likes = slices.DeleteFunc(slices.Clone(d.Likes), func(l Like) bool { return slices.Contains(numbers, l.Post) })
	default:
		panic("model: only products and posts can be taken out")
	}
	return &left
}
