package web_test

import (
	"fmt"
	"slices"
	"strings"
)

const productFields = "{ sku name description price inventory category { id } version }"

var (
	aProduct   = map[string]string{"name": `"Cup"`, "price": "1", "categoryId": `"<shelf>"`}
	anItem     = map[string]string{"sku": `"<new>"`, "name": `"Cup"`, "price": "1", "categoryId": `"<shelf>"`}
	badProduct = []string{"name", `" "`, "description", `"\u0000"`, "price", "1.005", "inventory", "-1", "sku", `"a b"`, "categoryId", `"x"`}
)

// allOfIt are the faults of badProduct.
func allOfIt(path string) []string {
	return about(path, "name BLANK", "description MALFORMED", "price TOO_PRECISE 2", "inventory TOO_SMALL 0", "sku MALFORMED", "categoryId MALFORMED")
}

// about are input faults at the path.
func about(path string, rest ...string) []string {
	faults := make([]string, len(rest))
	for i, one := range rest {
		faults[i] = "BAD_USER_INPUT " + path + one
	}
	return faults
}

// malformedIDs are faults of an id, of whatever mutation; other is one of
// another kind.
func malformedIDs(format, other string) []mutationCase {
	var cases []mutationCase
	for _, id := range []string{"garbage", "", other, other + "=", "0"} {
		cases = append(cases, refused("id "+id, fmt.Sprintf(format, quoted(id)), "BAD_USER_INPUT id MALFORMED"))
	}
	return cases
}

func createProduct(others ...string) string {
	return "createProduct(input: " + object(aProduct, others...) + ") "
}

func updateProduct(others ...string) string {
	return `updateProduct(id: "<product>", input: ` + object(nil, others...) + ") "
}

func productMutations() []mutationCases {
	one := writer{path: "input.", selects: "{ %s }", answers: `{"%s":%s}`}
	creates, updates := one, one
	creates.text = func(field, literal string) string { return createProduct(field, literal) }
	updates.text = func(field, literal string) string { return updateProduct(field, literal) }
	return []mutationCases{
		{"createProduct", adminOnly, slices.Concat(productRules.cases(creates), []mutationCase{
			accepted("the least", createProduct()+productFields,
				`{"sku":null,"name":"Cup","description":"","price":"1.00","inventory":0,"category":{"id":"<shelf>"},"version":1}`),
			accepted("an sku of null", createProduct("sku", "null")+"{ sku }", `{"sku":null}`),
			refused("a taken sku", createProduct("sku", `"TAKEN"`)+"{ id }", "CONFLICT input.sku TAKEN"),
			accepted("an sku in other letters", createProduct("sku", `"taken<new>"`)+"{ sku }", `{"sku":"taken<new>"}`),
			refused("all at once", createProduct(badProduct...)+"{ id }", allOfIt("input.")...),
			refused("the input before what it refers to", createProduct("price", "-1", "categoryId", `"<no category>"`, "sku", `"TAKEN"`)+"{ id }", "BAD_USER_INPUT input.price TOO_SMALL 0"),
			refused("what it refers to before conflicts", createProduct("categoryId", `"<no category>"`, "sku", `"TAKEN"`)+"{ id }", "NOT_FOUND input.categoryId NOT_FOUND"),
		})},
		{"updateProduct", adminOnly, slices.Concat(productRules.cases(updates), nulls(updates, "name", "description", "price", "inventory", "categoryId"),
			malformedIDs(`updateProduct(id: %s, input: {}) { id }`, "<shelf>"), []mutationCase{
				accepted("nothing", updateProduct()+"{ name description price inventory version }", `{"name":"Cup","description":"","price":"1.50","inventory":5,"version":1}`),
				accepted("everything", updateProduct("sku", `"<new>"`, "name", `"N"`, "description", `"D"`, "price", "2", "inventory", "3", "categoryId", `"<category>"`)+productFields,
					`{"sku":"<new>","name":"N","description":"D","price":"2.00","inventory":3,"category":{"id":"<category>"},"version":2}`),
				accepted("no sku more", updateProduct("sku", "null")+"{ sku version }", `{"sku":null,"version":2}`),
				refused("a taken sku", updateProduct("sku", `"TAKEN"`)+"{ id }", "CONFLICT input.sku TAKEN"),
				accepted("what is not there", `updateProduct(id: "<no product>", input: {name: "x"}) { id }`, "null"),
				accepted("the version", `updateProduct(id: "<product>", input: {name: "x"}, ifVersion: 1) { version }`, `{"version":2}`),
				accepted("any version", `updateProduct(id: "<product>", input: {name: "x"}, ifVersion: null) { version }`, `{"version":2}`),
				accepted("the version of what is not there", `updateProduct(id: "<no product>", input: {sku: "TAKEN"}, ifVersion: 7) { version }`, "null"),
				refused("another version", `updateProduct(id: "<product>", input: {}, ifVersion: 2) { id }`, "CONFLICT ifVersion STALE @1"),
				refused("all at once", updateProduct(badProduct...)+"{ id }", allOfIt("input.")...),
				refused("with the id", `updateProduct(id: "x", input: {name: "", price: -1}) { id }`, append(about("input.", "name BLANK", "price TOO_SMALL 0"), "BAD_USER_INPUT id MALFORMED")...),
				refused("the input before existence", `updateProduct(id: "<no product>", input: {name: ""}, ifVersion: 2) { id }`, "BAD_USER_INPUT input.name BLANK"),
				refused("existence before conflicts", `updateProduct(id: "<product>", input: {categoryId: "<no category>", sku: "TAKEN"}, ifVersion: 2) { id }`, "NOT_FOUND input.categoryId NOT_FOUND"),
			})},
		{"deleteProduct", adminOnly, append(malformedIDs("deleteProduct(id: %s)", "<shelf>"),
			accepted("one", `deleteProduct(id: "<product>")`, "true"),
			accepted("the version", `deleteProduct(id: "<product>", ifVersion: 1)`, "true"),
			refused("another version", `deleteProduct(id: "<product>", ifVersion: 0)`, "CONFLICT ifVersion STALE @1"),
			accepted("what is not there", `deleteProduct(id: "<no product>", ifVersion: 3)`, "false"),
		)},
	}
}

// nulls are updates of fields that cannot be null.
func nulls(w writer, fields ...string) []mutationCase {
	var cases []mutationCase
	for _, field := range fields {
		cases = append(cases, refused(field+" null", w.text(field, "null")+"{ id }", "BAD_USER_INPUT input."+field+" REQUIRED"))
	}
	return cases
}

func upsert(items ...string) string {
	return "upsertProducts(input: [" + strings.Join(items, ", ") + "]) "
}

func setInventory(items ...string) string {
	return "setInventory(input: [" + strings.Join(items, ", ") + "]) "
}

// pieces is an item of setInventory.
func pieces(id, inventory string) string {
	return "{productId: " + quoted(id) + ", inventory: " + inventory + "}"
}

func productLists() []mutationCases {
	lists := writer{path: "input.0.", selects: "{ %s }", answers: `[{"%s":%s}]`,
		text: func(field, literal string) string { return upsert(object(anItem, field, literal)) }}
	item := func(others ...string) string { return object(anItem, others...) }
	return []mutationCases{
		{"upsertProducts", adminOnly, slices.Concat(productRules.cases(lists), []mutationCase{
			accepted("the least", upsert(item())+productFields,
				`[{"sku":"<new>","name":"Cup","description":"","price":"1.00","inventory":0,"category":{"id":"<shelf>"},"version":1}]`),
			accepted("one that is no list", "upsertProducts(input: "+item()+") { version }", `[{"version":1}]`),
			accepted("new and old, in order", upsert(item("sku", `"z<new>"`), item("sku", `"TAKEN"`, "name", `"Taken"`), item("sku", `"a<new>"`))+"{ sku name inventory version }",
				`[{"sku":"z<new>","name":"Cup","inventory":0,"version":1},{"sku":"TAKEN","name":"Taken","inventory":0,"version":1},{"sku":"a<new>","name":"Cup","inventory":0,"version":1}]`),
			refused("none", "upsertProducts(input: []) { id }", "BAD_USER_INPUT input TOO_SHORT 1"),
			refused("one twice", upsert(item(), item(), item("sku", `"other"`), item())+"{ id }", "BAD_USER_INPUT input.1.sku DUPLICATE", "BAD_USER_INPUT input.3.sku DUPLICATE"),
			refused("all at once", upsert(item(), item(badProduct...), item("price", "-1"), item("price", "-1"))+"{ id }", slices.Concat(allOfIt("input.1."),
				[]string{"BAD_USER_INPUT input.2.price TOO_SMALL 0", "BAD_USER_INPUT input.2.sku DUPLICATE", "BAD_USER_INPUT input.3.price TOO_SMALL 0", "BAD_USER_INPUT input.3.sku DUPLICATE"})...),
			refused("categories that are not there", upsert(item(), item("sku", `"b"`, "categoryId", `"<no category>"`), item("sku", `"a"`, "categoryId", `"<no category>"`))+"{ id }",
				"NOT_FOUND input.1.categoryId NOT_FOUND", "NOT_FOUND input.2.categoryId NOT_FOUND"),
			refused("the input before existence", upsert(item("categoryId", `"<no category>"`), item("sku", `""`))+"{ id }", "BAD_USER_INPUT input.1.sku TOO_SHORT 1"),
		})},
		{"setInventory", adminOnly, []mutationCase{
			accepted("one", setInventory(pieces("<product>", "2147483647"))+"{ id inventory version }", `[{"id":"<product>","inventory":2147483647,"version":2}]`),
			accepted("in order", setInventory(pieces("<second product>", "0"), pieces("<product>", "5"))+"{ id inventory version }",
				`[{"id":"<second product>","inventory":0,"version":2},{"id":"<product>","inventory":5,"version":1}]`),
			refused("none", "setInventory(input: []) { id }", "BAD_USER_INPUT input TOO_SHORT 1"),
			refused("all are looked for", setInventory(pieces("<no product>", "1"), pieces("<product>", "1"), pieces("<other product>", "1"))+"{ id }",
				"NOT_FOUND input.0.productId NOT_FOUND", "NOT_FOUND input.2.productId NOT_FOUND"),
			refused("one twice", setInventory(pieces("<product>", "1"), pieces("<no product>", "1"), pieces("<product>", "1"))+"{ id }", "BAD_USER_INPUT input.2.productId DUPLICATE"),
			refused("all at once", setInventory(pieces("x", "-1"), pieces("<shelf>", "1"), pieces("x", "-1"), pieces("<no product>", "-1"))+"{ id }",
				about("input.", "0.productId MALFORMED", "0.inventory TOO_SMALL 0", "1.productId MALFORMED", "2.productId MALFORMED", "2.inventory TOO_SMALL 0", "3.inventory TOO_SMALL 0")...),
			refused("one that is not there", setInventory(pieces("<product>", "1"), pieces("<no product>", "1"))+"{ id }", "NOT_FOUND input.1.productId NOT_FOUND"),
		}},
	}
}
