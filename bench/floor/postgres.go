package floor

import _ "github.com/lib/pq" // the driver "postgres"

const productColumns = "id, name, price, inventory, created_at, category_id"
const postColumns = "id, title, likes, created_at, user_id, category_id"

var postgres = statements{
	product:      "SELECT " + productColumns + " FROM products WHERE id = $1",
	byPrice:      "SELECT " + productColumns + " FROM products ORDER BY price, id LIMIT 21",
	byPriceAfter: "SELECT " + productColumns + " FROM products WHERE (price, id) > ($1, $2) ORDER BY price, id LIMIT 21",
	cheapest: "SELECT k, p.* FROM unnest($1::bigint[]) k CROSS JOIN LATERAL (SELECT " + productColumns +
		" FROM products WHERE category_id = k ORDER BY price, id LIMIT 5) p",
	// All hits first, behind OFFSET 0: a walk in the order of the ids, testing each row, is long where a word is rare.
	found: "SELECT " + productColumns + " FROM products WHERE id = ANY(ARRAY(" +
		"SELECT id FROM (SELECT id FROM products WHERE search @@ $1::tsquery OFFSET 0) hits ORDER BY id LIMIT 20)) ORDER BY id",
	foundCount:  "SELECT count(*) FROM products WHERE search @@ $1::tsquery",
	priced:      "SELECT " + productColumns + pricedCondition + " ORDER BY price, id LIMIT 20",
	pricedCount: "SELECT count(*)" + pricedCondition,

	categories: "SELECT id, name FROM categories WHERE id = ANY($1::bigint[]) ORDER BY id",
	users:      "SELECT id, username FROM users WHERE id = ANY($1::bigint[]) ORDER BY id",
	newest:     "SELECT " + postColumns + " FROM posts ORDER BY created_at DESC, id DESC LIMIT 20",
	postsOf: "SELECT k, p.* FROM unnest($1::bigint[]) k CROSS JOIN LATERAL (SELECT " + postColumns +
		" FROM posts WHERE user_id = k ORDER BY created_at DESC, id DESC LIMIT 5) p",
	insert: "INSERT INTO posts (title, content, user_id, category_id, search) VALUES ($1, $2, $3, $4, $5::tsvector) RETURNING id, created_at",

	open: '{', close: '}',
	match: func(word string) string { return "'" + word + "':*" },
	price: func(decimal string) string { return decimal },
}

const pricedCondition = " FROM products WHERE price BETWEEN $1 AND $2" +
	" AND category_id = ANY(ARRAY(SELECT id FROM categories WHERE search @@ $3::tsquery))"
