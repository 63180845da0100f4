package store

import (
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Product is a thing that the shop sells.
type Product struct {
	sqldb.Row[Product]
	Sku         *string // the shop's own key, nil where it has none
	Name        string
	Description string
	Price       scalar.Cents
	Inventory   int
	CategoryKey int64
}

// Fields names the product's columns.
func (p *Product) Fields(f *sqldb.Fields) {
	f.Show("sku", &p.Sku)
	f.Show("name", &p.Name)
	f.Show("description", &p.Description)
	f.Show("price", &p.Price)
	f.Show("inventory", &p.Inventory)
	f.Add("category_id", &p.CategoryKey)
}

// Derive adds the words by which the product is found.
func (p *Product) Derive(add func(column string, value any)) {
	add("search", sqldb.Words(scalar.Words(p.Name, p.Description)))
}

// The products, and how they hang together with the rest.
var (
	Products = sqldb.NewTable[Product]("products").
			Unique("products_sku", "sku", "t.sku = ?", func(p *Product) any { return valueOrNil(p.Sku) })
	ProductCategory = sqldb.ToOne(Products, "products_category", "categoryId", Categories, func(p *Product) int64 { return p.CategoryKey }).Required()
)

// A list of products.
type (
	ProductConnection = relay.Connection[Product]
	ProductEdge       = relay.Edge[Product]
)

// ProductFilter says which products to keep; what is nil keeps all.
type ProductFilter struct {
	sqldb.Combined[ProductFilter]
	CategoryID    *relay.ID
	CategoryIds   []relay.ID
	Category      *CategoryFilter
	Sku           *string
	PriceMin      *scalar.Decimal
	PriceMax      *scalar.Decimal
	InStock       *bool
	InventoryMax  *int
	Search        *string
	CreatedAfter  *scalar.Time
	CreatedBefore *scalar.Time
	UpdatedAfter  *scalar.Time
	UpdatedBefore *scalar.Time
}

// Terms says what the filter keeps.
func (f *ProductFilter) Terms(w *sqldb.Where) []sqldb.Term {
	return []sqldb.Term{
		sqldb.Ref(w, "categoryId", "t.category_id", Categories, f.CategoryID),
		sqldb.Refs(w, "categoryIds", "t.category_id", Categories, f.CategoryIds),
		sqldb.Related(w, "category", "t.category_id", Categories, f.Category),
		sqldb.Is(w, "t.sku = ?", f.Sku),
		sqldb.Cmp(w, "t.price >= ?", priceTerm(w, "priceMin", f.PriceMin)),
		sqldb.Cmp(w, "t.price <= ?", priceTerm(w, "priceMax", f.PriceMax)),
		w.If("t.inventory > 0", "t.inventory = 0", f.InStock),
		sqldb.Cmp(w, "t.inventory <= ?", f.InventoryMax),
		w.Words("search", f.Search),
		sqldb.Cmp(w, "t.created_at >= ?", f.CreatedAfter),
		sqldb.Cmp(w, "t.created_at < ?", f.CreatedBefore),
		sqldb.Cmp(w, "t.updated_at >= ?", f.UpdatedAfter),
		sqldb.Cmp(w, "t.updated_at < ?", f.UpdatedBefore),
	}
}
