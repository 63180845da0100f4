package store

import (
	"context"

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
	f.Add("sku", &p.Sku)
	f.Add("name", &p.Name)
	f.Add("description", &p.Description)
	f.Add("price", &p.Price)
	f.Add("inventory", &p.Inventory)
	f.Add("category_id", &p.CategoryKey)
}

// The products, and how they hang together with the rest.
var (
	Products        = sqldb.NewTable[Product]("products")
	ProductCategory = sqldb.ToOne(Products, Categories, func(p *Product) int64 { return p.CategoryKey })
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
		sqldb.Cmp(w, "t.sku = ?", f.Sku),
		sqldb.Cmp(w, "t.price >= ?", price(w, "priceMin", f.PriceMin)),
		sqldb.Cmp(w, "t.price <= ?", price(w, "priceMax", f.PriceMax)),
		w.If("t.inventory > 0", f.InStock),
		sqldb.Cmp(w, "t.inventory <= ?", f.InventoryMax),
		w.Words("search", f.Search),
		sqldb.Cmp(w, "t.created_at >= ?", f.CreatedAfter),
		sqldb.Cmp(w, "t.created_at < ?", f.CreatedBefore),
		sqldb.Cmp(w, "t.updated_at >= ?", f.UpdatedAfter),
		sqldb.Cmp(w, "t.updated_at < ?", f.UpdatedBefore),
	}
}

// ProductStats says how the products of a list are priced and stocked.
type ProductStats struct {
	Count              int
	PriceMin, PriceMax *scalar.Cents // nil where there is no product

	prices    scalar.Cents
	inventory int64
}

var productStats = sqldb.NewSummary(
	"count(*), min(t.price), max(t.price), coalesce(sum(t.price), 0), coalesce(sum(t.inventory), 0)",
	func(s *ProductStats) []any {
		return []any{&s.Count, &s.PriceMin, &s.PriceMax, &s.prices, &s.inventory}
	})

// StatsOf returns the stats of the whole list that the connection shows a page
// of.
func StatsOf(ctx context.Context, c *ProductConnection) (*ProductStats, error) {
	stats, err := sqldb.Of(ctx, productStats, c)
	return &stats, err
}

// PriceAvg is the mean price, rounded half up; nil where there is no product.
func (s *ProductStats) PriceAvg() *scalar.Cents {
	if s.Count == 0 {
		return nil
	}
	twice := 2 * int64(s.Count)
	mean := (2*s.prices + scalar.Cents(s.Count)) / scalar.Cents(twice)
	return &mean
}

// InventorySum is how many pieces there are of all products together.
func (s *ProductStats) InventorySum() scalar.Decimal { return scalar.Whole(s.inventory) }
