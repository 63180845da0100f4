package main

import (
	"fmt"
	"strings"
)

// A workload is one question, asked again and again with other values.
type workload struct {
	name  string // as in -workloads
	title string // as in the report
	// document asks it of Stoa, and of whoever has a schema like Stoa's.
	document string
	// logged says that it is sent with a token, and writes.
	logged bool
	// schema says that it asks about the schema itself, of which each server has its own.
	schema bool
}

const product = "id name price inventory createdAt"

var workloads = []workload{
	{
		name: "w1", title: "a product by its id, with its category",
		document: `query W1($id: ID!) { product(id: $id) { ` + product + ` category { id name } } }`,
	}, {
		name: "w2", title: "the first 20 products by price, with categories, cursors and pageInfo",
		document: `query W2 { products(first: 20, sortBy: { field: PRICE }) ` + edges + ` }`,
	}, {
		name: "w3", title: "10 categories, each with its 5 cheapest products",
		document: `query W3($ids: [ID!]!) { categories(first: 10, filter: { ids: $ids }) { nodes { id name
			products(first: 5, sortBy: { field: PRICE }) { nodes { ` + product + ` } } } } }`,
	}, {
		name: "w4", title: "as W2, in the middle of the table",
		document: `query W4($after: String!) { products(first: 20, after: $after, sortBy: { field: PRICE }) ` + edges + ` }`,
	}, {
		name: "w5", title: "the newest 20 posts, with authors and categories",
		document: `query W5 { posts(first: 20, sortBy: { field: CREATED_AT, direction: DESC }) {
			nodes { id title likes createdAt author { id username } category { id name } } } }`,
	}, {
		name: "w6", title: "10 users, each with the 5 newest posts and their categories",
		document: `query W6($ids: [ID!]!) { users(first: 10, filter: { ids: $ids }) { nodes { id username
			posts(first: 5, sortBy: { field: CREATED_AT, direction: DESC }) {
				nodes { id title likes createdAt category { id name } } } } } }`,
	}, {
		name: "w7", title: "a search, with totalCount",
		document: `query W7($search: String!) { products(first: 20, filter: { search: $search }) {
			totalCount nodes { ` + product + ` } } }`,
	}, {
		name: "w8", title: "a range of prices in the categories of a name, with totalCount",
		document: `query W8($min: Decimal!, $max: Decimal!, $name: String!) {
			products(first: 20, sortBy: { field: PRICE }, filter: { priceMin: $min, priceMax: $max, category: { search: $name } }) {
				totalCount nodes { ` + product + ` category { id name } } } }`,
	}, {
		name: "w9", title: "a post created, and returned with its author", logged: true,
		document: `mutation W9($input: CreatePostInput!) { createPost(input: $input) {
			id title content createdAt author { id username } } }`,
	}, {
		name: "w10", title: "the full introspection query", schema: true, document: introspection,
	},
}

const edges = `{ edges { cursor node { ` + product + ` category { id name } } }
	pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// introspection is the query that GraphiQL and code generators send.
const introspection = `query IntrospectionQuery { __schema {
	queryType { name } mutationType { name } subscriptionType { name }
	types { ...FullType }
	directives { name description locations args { ...InputValue } } } }
fragment FullType on __Type { kind name description
	fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields { ...InputValue }
	interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
	possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
	kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`

// chosenWorkloads are the workloads of a comma-separated list, all of them for "".
func chosenWorkloads(list string) ([]workload, error) {
	if list == "" {
		return workloads, nil
	}
	var found []workload
	for name := range strings.SplitSeq(strings.ToLower(list), ",") {
		i := 0
		for i < len(workloads) && workloads[i].name != name {
			i++
		}
		if i == len(workloads) {
			return nil, fmt.Errorf("there is no workload %q: w1 to w10", name)
		}
		found = append(found, workloads[i])
	}
	return found, nil
}
