package floor

import (
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

var sqlite = statements{
	product:      "SELECT " + productColumns + " FROM products WHERE id = ?1",
	byPrice:      "SELECT " + productColumns + " FROM products ORDER BY price, id LIMIT 21",
	byPriceAfter: "SELECT " + productColumns + " FROM products WHERE (price, id) > (?1, ?2) ORDER BY price, id LIMIT 21",
	cheapest: "SELECT k.value, p.id, p.name, p.price, p.inventory, p.created_at, p.category_id FROM json_each(?1) k JOIN products p" +
		" ON p.id IN (SELECT id FROM products WHERE category_id = k.value ORDER BY price, id LIMIT 5) ORDER BY k.key, p.price, p.id",
	found: "SELECT " + productColumns + " FROM products WHERE id IN (SELECT rowid FROM products_search WHERE products_search MATCH ?1)" +
		" ORDER BY id LIMIT 20",
	foundCount:  "SELECT count(*) FROM products_search WHERE products_search MATCH ?1",
	priced:      "SELECT " + productColumns + litePricedCondition + " ORDER BY price, id LIMIT 20",
	pricedCount: "SELECT count(*)" + litePricedCondition,

	categories: "SELECT id, name FROM categories WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id",
	users:      "SELECT id, username FROM users WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id",
	newest:     "SELECT " + postColumns + " FROM posts ORDER BY created_at DESC, id DESC LIMIT 20",
	postsOf: "SELECT k.value, p.id, p.title, p.likes, p.created_at, p.user_id, p.category_id FROM json_each(?1) k JOIN posts p" +
		" ON p.id IN (SELECT id FROM posts WHERE user_id = k.value ORDER BY created_at DESC, id DESC LIMIT 5)" +
		" ORDER BY k.key, p.created_at DESC, p.id DESC",

	open: '[', close: ']',
	match: func(word string) string { return word + "*" },
	price: func(decimal string) string { return strings.Replace(decimal, ".", "", 1) },
}

const litePricedCondition = " FROM products WHERE price BETWEEN ?1 AND ?2" +
	" AND category_id IN (SELECT rowid FROM categories_search WHERE categories_search MATCH ?3)"
