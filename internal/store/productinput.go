package store

import (
	"context"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// The rules of a product, beside its price.
var (
	sku         = word(1, 64, "._-")
	productName = line(200)
	description = text(20000)
	inventory   = between(0, math.MaxInt32)
)

// CreateProductInput is a new product.
type CreateProductInput struct {
	Sku         *string
	Name        string
	Description string
	Price       scalar.Decimal
	Inventory   int
	CategoryID  relay.ID
}

// Apply writes the input into the product.
func (in CreateProductInput) Apply(p *Product) error { return in.apply("input", p) }

func (in CreateProductInput) apply(path string, p *Product) error {
	c := checks{path: path}
	p.Sku = optional(&c, "sku", in.Sku, sku)
	p.Name = productName(&c, "name", in.Name)
	p.Description = description(&c, "description", in.Description)
	p.Price = price(&c, "price", in.Price)
	p.Inventory = inventory(&c, "inventory", in.Inventory)
	p.CategoryKey = key(Categories)(&c, "categoryId", in.CategoryID)
	return c.faults.Err()
}

// UpdateProductInput is what to change of a product.
type UpdateProductInput struct {
	Sku         graphql.Omittable[*string]
	Name        graphql.Omittable[*string]
	Description graphql.Omittable[*string]
	Price       graphql.Omittable[*scalar.Decimal]
	Inventory   graphql.Omittable[*int]
	CategoryID  graphql.Omittable[*relay.ID]
}

// Apply writes the input into the product.
func (in UpdateProductInput) Apply(p *Product) error {
	c := checks{path: "input"}
	setOrClear(&c, "sku", in.Sku, &p.Sku, sku)
	set(&c, "name", in.Name, &p.Name, productName)
	set(&c, "description", in.Description, &p.Description, description)
	set(&c, "price", in.Price, &p.Price, price)
	set(&c, "inventory", in.Inventory, &p.Inventory, inventory)
	set(&c, "categoryId", in.CategoryID, &p.CategoryKey, key(Categories))
	return c.faults.Err()
}

// maxItems is how many items a list of products to write has at most.
const maxItems = 500

// checkItems checks how many items there are.
func checkItems(faults *fault.List, n int) {
	c := checks{path: "input"}
	if n == 0 {
		c.refuse("", fault.TooShort, "There is no item.").Bounded("1")
	}
	if n > maxItems {
		c.refuse("", fault.TooLong, "There are more than "+strconv.Itoa(maxItems)+" items.").Bounded(strconv.Itoa(maxItems))
	}
	for _, e := range c.faults {
		e.Field = "input"
		faults.Add(e)
	}
}

// item is the path of the i-th item of an input.
func item(i int) string { return "input." + strconv.Itoa(i) }

func twice(field string) *fault.Error {
	return fault.Input(field, fault.Duplicate, "It is named twice.")
}

// SetInventoryInput is how many pieces there are of a product.
type SetInventoryInput struct {
	ProductID relay.ID
	Inventory int
}

// SetInventory writes the inventories of up to 500 products, all or none, and
// returns the products in the order given.
func SetInventory(ctx context.Context, db *sqldb.DB, items []*SetInventoryInput) ([]*Product, error) {
	keys, err := checkInventories(items)
	if err != nil {
		return nil, err
	}
	locked, err := Products.LockAll(ctx, db, keys)
	if err != nil {
		return nil, err
	}
	var absent fault.List
	products := make([]*Product, len(items))
	before := make([]*Product, len(items))
	for i, one := range items {
		p := locked[keys[i]]
		if p == nil {
			absent.Add(notFound(item(i) + ".productId"))
			continue
		}
		as := *p
		before[i], products[i] = &as, p
		p.Inventory = one.Inventory
	}
	if err := absent.Err(); err != nil {
		return nil, err
	}
	return products, Products.Save(ctx, db, before, products)
}

func checkInventories(items []*SetInventoryInput) ([]int64, error) {
	var faults fault.List
	checkItems(&faults, len(items))
	keys := make([]int64, len(items))
	seen := map[int64]bool{0: false}
	for i, one := range items {
		c := checks{path: item(i)}
		keys[i] = key(Products)(&c, "productId", one.ProductID)
		inventory(&c, "inventory", one.Inventory)
		faults = append(faults, c.faults...)
		if seen[keys[i]] {
			faults.Add(twice(item(i) + ".productId"))
		}
		seen[keys[i]] = keys[i] != 0
	}
	return keys, faults.Err()
}
