package main

import "fmt"

// postgraphile are the workloads as PostGraphile's own schema has them, with
// aliases where it has other names: so that the answers look like the others'.
var postgraphile = map[string]string{
	"w1": `query W1($id: BigInt!) { product(rowId: $id) { ` + graphileProduct + ` category { id: rowId name } } }`,

	"w2": `query W2 { products(first: 20, orderBy: [PRICE_ASC]) ` + graphileEdges + ` }`,

	"w3": `query W3($ids: [BigInt!]!) { categories(first: 10, filter: { rowId: { in: $ids } }) { nodes { id: rowId name
		products(first: 5, orderBy: [PRICE_ASC]) { nodes { ` + graphileProduct + ` } } } } }`,

	"w4": `query W4($after: Cursor!) { products(first: 20, after: $after, orderBy: [PRICE_ASC]) ` + graphileEdges + ` }`,

	"w5": `query W5 { posts(first: 20, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
		nodes { id: rowId title likes createdAt author: user { id: rowId username } category { id: rowId name } } } }`,

	"w6": `query W6($ids: [BigInt!]!) { users(first: 10, filter: { rowId: { in: $ids } }) { nodes { id: rowId username
		posts(first: 5, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
			nodes { id: rowId title likes createdAt category { id: rowId name } } } } } }`,

	"w7": `query W7($search: String!) { products(first: 20, condition: { search: $search }) {
		totalCount nodes { ` + graphileProduct + ` } } }`,

	"w8": `query W8($min: BigFloat!, $max: BigFloat!, $name: String!) {
		products(first: 20, orderBy: [PRICE_ASC], condition: { categorySearch: $name },
			filter: { price: { greaterThanOrEqualTo: $min, lessThanOrEqualTo: $max } }) {
			totalCount nodes { ` + graphileProduct + ` category { id: rowId name } } } }`,

	"w9": `mutation W9($input: BenchPublishPostInput!) { createPost: benchPublishPost(input: $input) {
		result { id: rowId title content createdAt author: user { id: rowId username } } } }`,
}

const graphileProduct = "id: rowId name price inventory createdAt"

const graphileEdges = `{ edges { cursor node { ` + graphileProduct + ` category { id: rowId name } } }
	pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// postgraphileCursor asks for the first product of a price.
func postgraphileCursor(at place) string {
	return fmt.Sprintf("products(first: 1, orderBy: [PRICE_ASC], filter: { price: { equalTo: %q } }) { edges { cursor } }", at.price)
}
