package store

import (
	"context"

	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// UpsertProductInput is a product that is created, or replaced by its sku.
type UpsertProductInput struct {
	Sku         string
	Name        string
	Description string
	Price       scalar.Decimal
	Inventory   int
	CategoryID  relay.ID
}

func (in UpsertProductInput) apply(path string, p *Product) error {
	return CreateProductInput{&in.Sku, in.Name, in.Description, in.Price, in.Inventory, in.CategoryID}.apply(path, p)
}

// UpsertProducts creates or replaces up to 500 products, all or none, and
// returns them in the order given. One that is already as it should be stays as
// it is.
func UpsertProducts(ctx context.Context, db *sqldb.DB, items []*UpsertProductInput) ([]*Product, error) {
	wanted, err := checkUpserts(items)
	if err != nil {
		return nil, err
	}
	bySku, err := lockBySku(ctx, db, wanted)
	if err != nil {
		return nil, err
	}
	if err := categoriesExist(ctx, db, wanted); err != nil {
		return nil, err
	}
	var changed []*Product
	for _, p := range wanted {
		if present := bySku[*p.Sku]; present == nil || !Products.Same(present, p) {
			changed = append(changed, p)
		}
	}
	written, err := Products.Upsert(ctx, db, "sku", changed)
	if err != nil {
		return nil, err
	}
	for _, p := range written {
		bySku[*p.Sku] = p
	}
	products := make([]*Product, len(wanted))
	for i, p := range wanted {
		products[i] = bySku[*p.Sku]
	}
	Products.Together(products)
	return products, nil
}

// lockBySku locks those of the products that are there, by their skus.
func lockBySku(ctx context.Context, db *sqldb.DB, wanted []*Product) (map[string]*Product, error) {
	skus := make([]string, len(wanted))
	for i, p := range wanted {
		skus[i] = *p.Sku
	}
	locked, err := Products.Locked(ctx, db, db.Among("t.sku", skus))
	bySku := make(map[string]*Product, len(wanted))
	for _, p := range locked {
		bySku[*p.Sku] = p
	}
	return bySku, err
}

func checkUpserts(items []*UpsertProductInput) ([]*Product, error) {
	var faults fault.List
	checkItems(&faults, len(items))
	products := make([]*Product, len(items))
	seen := map[string]bool{}
	for i, one := range items {
		products[i] = new(Product)
		if err := one.apply(item(i), products[i]); err != nil {
			faults = append(faults, fault.Of(err)...)
		}
		if seen[one.Sku] {
			faults.Add(twice(item(i) + ".sku"))
		}
		seen[one.Sku] = true
	}
	return products, faults.Err()
}

// categoriesExist is NOT_FOUND for each product whose category is not there.
func categoriesExist(ctx context.Context, db *sqldb.DB, products []*Product) error {
	var keys []int64
	for _, p := range products {
		keys = append(keys, p.CategoryKey)
	}
	there, err := Categories.Exist(ctx, db, keys)
	if err != nil {
		return err
	}
	var absent fault.List
	for i, p := range products {
		if !there[p.CategoryKey] {
			absent.Add(notFound(item(i) + ".categoryId"))
		}
	}
	return absent.Err()
}
