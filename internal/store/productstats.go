package store

import (
	"context"

	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

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
