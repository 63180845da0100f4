package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "github.com/lib/pq"
	_ "modernc.org/sqlite"
)

// rows are what is in the database, as far as values are made of it.
type rows struct {
	byPrice    []place // all products
	products   []named // some, by their skus
	categories []named
	users      []named
	texts      []named // the words of some products, folded, by their ids
	// Words that are in the names of products and of categories.
	words, categoryWords []string
}

// named is a row and what it is known by from outside.
type named struct {
	id   int64
	name string
}

// sampleSize is how many products are known by their sku and name.
const sampleSize = 5000

func readRows(ctx context.Context, driver, source string) (*rows, error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	price, search := "CAST(price AS text)", "array_to_string(tsvector_to_array(search), ' ')"
	if driver == "sqlite" {
		price, search = "printf('%d.%02d', price / 100, price % 100)", "search"
	}
	r := new(rows)
	var errs [6]error
	r.byPrice, errs[0] = read(ctx, db, "SELECT id, "+price+" FROM products ORDER BY price, products.id",
		func(p *place) []any { return []any{&p.id, &p.price} })
	sampled := fmt.Sprintf(" FROM products WHERE sku IS NOT NULL AND id %% %d = 0 ORDER BY id", len(r.byPrice)/sampleSize+1)
	r.products, errs[1] = readNamed(ctx, db, "SELECT id, sku"+sampled)
	names, err := readNamed(ctx, db, "SELECT id, name"+sampled)
	errs[2] = err
	r.categories, errs[3] = readNamed(ctx, db, "SELECT id, name FROM categories ORDER BY id")
	r.users, errs[4] = readNamed(ctx, db, "SELECT id, username FROM users ORDER BY id LIMIT 200")
	r.texts, errs[5] = readNamed(ctx, db, "SELECT id, "+search+sampled)
	r.words, r.categoryWords = plainWords(names), plainWords(r.categories)
	return r, errors.Join(errs[:]...)
}

func readNamed(ctx context.Context, db *sql.DB, text string) ([]named, error) {
	return read(ctx, db, text, func(n *named) []any { return []any{&n.id, &n.name} })
}

func read[T any](ctx context.Context, db *sql.DB, text string, into func(*T) []any) ([]T, error) {
	found, err := db.QueryContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text, err)
	}
	defer found.Close()
	var all []T
	for found.Next() {
		var row T
		if err := found.Scan(into(&row)...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, found.Err()
}
