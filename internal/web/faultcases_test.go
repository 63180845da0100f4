package web_test

import "fmt"

func pagingFaults() []faultCase {
	const page = "query($first: Int, $last: Int) { products(first: $first, last: $last) { nodes { id } } }"
	return []faultCase{
		{"too many", list("products", "first: 101"), nil, []string{"BAD_USER_INPUT first TOO_LARGE 100"}},
		{"too many, backward", list("posts", "last: 2147483647"), nil, []string{"BAD_USER_INPUT last TOO_LARGE 100"}},
		{"too few", list("users", "first: -1"), nil, []string{"BAD_USER_INPUT first TOO_SMALL 0"}},
		{"too few, backward", list("categories", "last: -2147483648"), nil, []string{"BAD_USER_INPUT last TOO_SMALL 0"}},
		{"both", list("products", "first: 1, last: 1"), nil, []string{"BAD_USER_INPUT last MALFORMED"}},
		{"both, by variables", page, vars{"first": 0, "last": 0}, []string{"BAD_USER_INPUT last MALFORMED"}},
		{"by a variable", page, vars{"first": 101}, []string{"BAD_USER_INPUT first TOO_LARGE 100"}},
		{"empty cursor", list("products", `after: ""`), nil, []string{"BAD_USER_INPUT after MALFORMED"}},
		{"two bad cursors", list("products", `after: "a", before: "b"`), nil, []string{"BAD_USER_INPUT after MALFORMED", "BAD_USER_INPUT before MALFORMED"}},
		{"a fourth key", list("products", "sortBy: {field: PRICE, thenBy: {field: NAME, thenBy: {field: INVENTORY, thenBy: {field: CREATED_AT}}}}"), nil,
			[]string{"BAD_USER_INPUT sortBy.thenBy.thenBy.thenBy TOO_LONG 3"}},
		{"several at once", list("products", `first: 101, after: "x", filter: {priceMin: -1, categoryId: "x", and: [{priceMax: 0.001}]}`), nil,
			[]string{"BAD_USER_INPUT first TOO_LARGE 100", "BAD_USER_INPUT after MALFORMED", "BAD_USER_INPUT filter.priceMin TOO_SMALL 0",
				"BAD_USER_INPUT filter.categoryId MALFORMED", "BAD_USER_INPUT filter.and.0.priceMax TOO_PRECISE 2"}},
		{"two fields", "{ a: products(first: 101) { nodes { id } } b: users(last: -1) { nodes { id } } }", nil,
			[]string{"BAD_USER_INPUT first TOO_LARGE 100", "BAD_USER_INPUT last TOO_SMALL 0"}},
	}
}

func filterFaults() []faultCase {
	const filtered = "query($filter: ProductFilter) { products(filter: $filter) { nodes { id } } }"
	return []faultCase{
		{"a third decimal", list("products", "filter: {and: [{priceMin: 1.005}]}"), nil, []string{"BAD_USER_INPUT filter.and.0.priceMin TOO_PRECISE 2"}},
		{"a third decimal, single", list("products", "filter: {and: {priceMin: 1e-3}}"), nil, []string{"BAD_USER_INPUT filter.and.0.priceMin TOO_PRECISE 2"}},
		{"a third decimal, in a variable", filtered, vars{"filter": vars{"or": []vars{{}, {"not": vars{"priceMax": "0.001"}}}}},
			[]string{"BAD_USER_INPUT filter.or.1.not.priceMax TOO_PRECISE 2"}},
		{"a negative price", list("products", `filter: {priceMin: "-0.01"}`), nil, []string{"BAD_USER_INPUT filter.priceMin TOO_SMALL 0"}},
		{"too dear", list("products", "filter: {priceMax: 100000000}"), nil, []string{"BAD_USER_INPUT filter.priceMax TOO_LARGE 99999999.99"}},
		{"far too dear", list("products", "filter: {priceMax: 1e999999999}"), nil, []string{"BAD_USER_INPUT filter.priceMax TOO_LARGE 99999999.99"}},
		{"a malformed id", list("products", `filter: {categoryId: "garbage"}`), nil, []string{"BAD_USER_INPUT filter.categoryId MALFORMED"}},
		{"an empty id", list("posts", `filter: {authorId: ""}`), nil, []string{"BAD_USER_INPUT filter.authorId MALFORMED"}},
		{"malformed ids", list("products", `filter: {categoryIds: ["garbage"], ids: ["1"]}`), nil,
			[]string{"BAD_USER_INPUT filter.categoryIds.0 MALFORMED", "BAD_USER_INPUT filter.ids.0 MALFORMED"}},
		{"too many ids", filtered, vars{"filter": vars{"ids": ids(101)}}, []string{"BAD_USER_INPUT filter.ids TOO_LONG 100"}},
		{"too many categories", filtered, vars{"filter": vars{"not": vars{"categoryIds": ids(101)}}}, []string{"BAD_USER_INPUT filter.not.categoryIds TOO_LONG 100"}},
		{"6 deep", list("products", "filter: "+nested(6, "and", "{}")), nil, []string{"BAD_USER_INPUT * TOO_LARGE 5"}},
		{"6 deep, not", list("posts", "filter: "+nested(6, "not", "{likesMin: 1}")), nil, []string{"BAD_USER_INPUT * TOO_LARGE 5"}},
		{"6 deep, by a relation", list("posts", "filter: {or: {category: "+nested(6, "or", "{}")+"}}"), nil, []string{"BAD_USER_INPUT * TOO_LARGE 5"}},
		{"51 fields", list("products", "filter: "+leaves(51)), nil, []string{"BAD_USER_INPUT filter TOO_LARGE 50"}},
		{"a role", list("users", "filter: {role: ADMIN}"), nil, []string{"UNAUTHENTICATED"}},
		{"a role, deep", list("users", "filter: {or: [{}, {not: {role: USER}}]}"), nil, []string{"UNAUTHENTICATED"}},
		{"a role, by a relation", list("posts", "filter: {author: {role: USER}}"), nil, []string{"UNAUTHENTICATED"}},
		{"a role, deep by a relation", list("posts", "filter: {not: {author: {and: {role: USER}}}}"), nil, []string{"UNAUTHENTICATED"}},
	}
}

// idFaults takes the id of a category.
func idFaults(category string) []faultCase {
	cases := []faultCase{
		{"nodes of 101", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", vars{"ids": ids(101)}, []string{"BAD_USER_INPUT ids TOO_LONG 100"}},
		{"another type in a filter", list("posts", fmt.Sprintf("filter: {authorId: %q}", category)), nil, []string{"BAD_USER_INPUT filter.authorId MALFORMED"}},
		{"another type among ids", list("products", fmt.Sprintf("filter: {ids: [%q]}", category)), nil, []string{"BAD_USER_INPUT filter.ids.0 MALFORMED"}},
		{"another type below", fmt.Sprintf("{ category(id: %q) { posts(filter: {authorId: %[1]q}) { nodes { id } } } }", category), nil, []string{"BAD_USER_INPUT filter.authorId MALFORMED"}},
		{"below", fmt.Sprintf("{ category(id: %q) { products(first: 101) { nodes { id } } } }", category), nil, []string{"BAD_USER_INPUT first TOO_LARGE 100"}},
	}
	for _, name := range []string{"product", "user", "post"} {
		cases = append(cases, faultCase{name + " of another type", fmt.Sprintf("{ %s(id: %q) { id } }", name, category), nil, []string{"BAD_USER_INPUT id MALFORMED"}})
	}
	for _, name := range []string{"product", "category", "user", "post"} {
		cases = append(cases, faultCase{name + " malformed", fmt.Sprintf(`{ %s(id: "garbage") { id } }`, name), nil, []string{"BAD_USER_INPUT id MALFORMED"}})
	}
	for _, spoilt := range []string{category + "=", category + `\n`, " " + category, ""} {
		cases = append(cases, faultCase{"spoilt " + spoilt, fmt.Sprintf(`{ category(id: "%s") { id } }`, spoilt), nil, []string{"BAD_USER_INPUT id MALFORMED"}})
	}
	return cases
}

// typeFaults are values that are not of their type, as literals and variables.
func typeFaults() []faultCase {
	invalid := []string{"GRAPHQL_VALIDATION_FAILED"}
	var cases []faultCase
	literal := func(name, query string) { cases = append(cases, faultCase{name, query, nil, invalid}) }
	for _, v := range []string{`"abc"`, `""`, `" 1"`, `"1."`, `".5"`, `"+1"`, `"01"`, `"0x10"`, `"1e"`, `"NaN"`, `"1,5"`, `"１"`, "true", "ABC", "{a: 1}"} {
		literal("Decimal "+v, list("products", "filter: {priceMin: "+v+"}"))
	}
	for _, v := range []string{`"2026-01-01 00:00:00"`, `"2026-01-01"`, `"2026-01-01T00:00:00"`, `"2026-02-30T00:00:00Z"`, `"2026-01-01T24:00:00Z"`, `"2026-01-01T00:00:00.1234567890Z"`,
		`"2026-01-01T00:00:00.Z"`, `"2026-01-01T00:00:00+0100"`, `""`, "5", "true"} {
		literal("DateTime "+v, list("posts", "filter: {createdAfter: "+v+"}"))
	}
	for _, v := range []string{"1.5", "1.0", "3000000000", "-3000000000", "99999999999999999999", `"5"`, "true"} {
		literal("Int "+v, list("products", "first: "+v))
		literal("Int in a filter "+v, list("products", "filter: {inventoryMax: "+v+"}"))
	}
	literal("ID 1.5", "{ node(id: 1.5) { id } }")
	literal("no ID", "{ node(id: null) { id } }")
	literal("Boolean", list("products", `filter: {inStock: "true"}`))
	literal("enum", list("products", `sortBy: {field: "PRICE"}`))
	literal("unknown enum", list("products", "sortBy: {field: LIKES}"))
	literal("no direction", list("products", "sortBy: {field: PRICE, direction: null}"))
	literal("null among ids", list("products", "filter: {ids: [null]}"))
	literal("null among filters", list("products", "filter: {and: [null]}"))
	for _, v := range []struct {
		typeName, arg string
		value         any
	}{
		{"Decimal", "filter: {priceMin: $x}", "abc"}, {"Decimal", "filter: {priceMin: $x}", true},
		{"DateTime", "filter: {createdAfter: $x}", "2026-01-01 00:00:00"}, {"DateTime", "filter: {createdAfter: $x}", 5},
		{"Int", "first: $x", 3000000000}, {"Int", "first: $x", 1.5}, {"Int", "first: $x", "5"}, {"Int", "first: $x", true},
		{"Boolean", "filter: {inStock: $x}", "true"}, {"Boolean", "filter: {inStock: $x}", 1},
		{"String", "after: $x", 5}, {"String", "filter: {search: $x}", true}, {"ID", "filter: {categoryId: $x}", 1.5},
		{"ProductFilter", "filter: $x", vars{"priceMin": "abc"}}, {"ProductFilter", "filter: $x", vars{"and": []any{vars{"not": vars{"inventoryMax": 3000000000}}}}},
		{"ProductFilter", "filter: $x", vars{"inventoryMax": "5"}}, {"ProductFilter", "filter: $x", vars{"unknown": 1}}, {"ProductFilter", "filter: $x", vars{"and": []any{nil}}},
		{"ProductFilter", "filter: $x", "text"}, {"ProductSort", "sortBy: $x", vars{"field": "LIKES"}}, {"ProductSort", "sortBy: $x", vars{}},
		{"ProductSort", "sortBy: $x", vars{"field": "PRICE", "direction": nil}},
	} {
		cases = append(cases, faultCase{fmt.Sprintf("%s %v", v.typeName, v.value), fmt.Sprintf("query($x: %s) { products(%s) { nodes { id } } }", v.typeName, v.arg), vars{"x": v.value}, invalid})
	}
	return cases
}

func syntaxFaults() []faultCase {
	invalid, unread := []string{"GRAPHQL_VALIDATION_FAILED"}, []string{"GRAPHQL_PARSE_FAILED"}
	return []faultCase{
		{"unknown field", "{ unknown }", nil, invalid},
		{"unknown field of a row", "{ products { nodes { unknown } } }", nil, invalid},
		{"unknown argument", list("products", "offset: 5"), nil, invalid},
		{"unknown field of a filter", list("products", "filter: {unknown: 1}"), nil, invalid},
		{"no selection", "{ products }", nil, invalid},
		{"a selection of a scalar", "{ products { totalCount { n } } }", nil, invalid},
		{"a required argument", "{ node { id } }", nil, invalid},
		{"a required variable", "query($id: ID!) { node(id: $id) { id } }", nil, invalid},
		{"an undefined variable", "{ node(id: $id) { id } }", nil, invalid},
		{"an unused variable", "query($id: ID) { __typename }", nil, invalid},
		{"a variable of another type", "query($n: String) { products(first: $n) { totalCount } }", nil, invalid},
		{"an unknown fragment", "{ products { ...F } }", nil, invalid},
		{"a fragment of another type", "{ products { nodes { ... on User { id } } } }", nil, invalid},
		{"fields that conflict", "{ products(first: 1) { totalCount } products(first: 2) { totalCount } }", nil, invalid},
		{"a field twice", list("products", "filter: {sku: \"a\", sku: \"b\"}"), nil, []string{"*"}},
		{"no end", "{ products", nil, unread},
		{"nothing between", "{ }", nil, unread},
		{"words", "give me all", nil, unread},
		{"a string without end", `{ node(id: "x) { id } }`, nil, unread},
		{"a bad escape", `{ node(id: "\q") { id } }`, nil, unread},
	}
}
