package web_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// author makes up mutations, of which many are refused.
type author struct {
	*rand.Rand
	known map[string]int // how many of each kind have names
}

const (
	seenProduct  = " { id sku name description price inventory version createdAt updatedAt category { id name products { totalCount stats { priceMin priceMax inventorySum } } } }"
	seenCategory = " { id name description version products { nodes { id sku version } } posts { nodes { id version likes } } }"
	seenUser     = " { id username email role version posts { totalCount nodes { id version } } likedPosts { nodes { id likes viewerHasLiked } } }"
	seenPost     = " { id title content likes viewerHasLiked version author { id username email role likedPosts { nodes { id } } } category { id name } }"
	seenLogIn    = " { token expiresAt refreshToken user { id username email role version likedPosts { nodes { id viewerHasLiked author { email } } } } }"

	anItemOf  = ` {sku: <sku>, name: <text>, price: <price>, categoryId: <Category>}`
	aStockOf  = ` {productId: <Product>, inventory: <stock>}`
	ifVersion = `‹ifVersion: <version>›`
)

// sentences are mutation fields: with one of the words in the place of each
// <word>, and with or without what stands in ‹›.
var sentences = []string{
	`createProduct(input: {‹sku: <sku>› name: <text> price: <price> categoryId: <Category> ‹inventory: <stock>› ‹description: <text>›})` + seenProduct,
	`updateProduct(id: <Product> input: {‹sku: <sku>› ‹name: <text>› ‹price: <price>› ‹categoryId: <Category>›} ` + ifVersion + `)` + seenProduct,
	`updateProduct(id: <Product> input: {‹sku: null› ‹inventory: <stock>› ‹description: <text>›})` + seenProduct,
	`deleteProduct(id: <Product> ` + ifVersion + `)`,
	`upsertProducts(input: [` + anItemOf + `‹` + anItemOf + `›‹` + anItemOf + `›])` + seenProduct,
	`setInventory(input: [` + aStockOf + `‹` + aStockOf + `›‹` + aStockOf + `›])` + seenProduct,
	`createCategory(input: {name: <text>})` + seenCategory,
	`updateCategory(id: <Category> input: {‹name: <text>› ‹description: <text>›} ` + ifVersion + `)` + seenCategory,
	`deleteCategory(id: <Category> ` + ifVersion + `)`,
	`createUser(input: {username: <name> email: <mail> password: <password> ‹role: <role>›})` + seenUser,
	`updateUser(id: <User> input: {‹username: <name>› ‹email: <mail>›} ` + ifVersion + `)` + seenUser,
	`updateUser(id: <User> input: {‹password: <password>› ‹role: <role>›} ` + ifVersion + `)` + seenUser,
	`deleteUser(id: <User> ` + ifVersion + `)`,
	`signUp(input: {username: <name> email: <mail> password: <password>})` + seenLogIn,
	`logIn(input: {email: <mail> password: <password>})` + seenLogIn,
	`refreshToken(token: <refreshToken>)` + seenLogIn,
	`logOut(everywhere: <everywhere>)`,
	`createPost(input: {title: <text> content: <text> ‹categoryId: <Category>›})` + seenPost,
	`updatePost(id: <Post> input: {‹title: <text>› ‹content: <text>› ‹categoryId: <Category>›} ` + ifVersion + `)` + seenPost,
	`updatePost(id: <Post> input: {categoryId: null})` + seenPost,
	`deletePost(id: <Post> ` + ifVersion + `)`,
	`likePost(id: <Post>)` + seenPost,
	`likePost(id: <Post>)` + seenPost,
	`unlikePost(id: <Post>)` + seenPost,
}

var words = map[string][]string{
	"text": {`"Cup"`, `" Mug "`, `"Straße"`, `"STRASSE"`, `"é"`, `"e\u0301"`, `"Ǆ"`, `"ﬁn x"`, `"𝒳 y"`, `"\u2003Vase\n"`, `"İ"`, `"a two"`, `"a b c"`, `"ß 3"`,
		`""`, `"x\ty"`, `"a\u0000"`, quoted(strings.Repeat("x", 201)), quoted(strings.Repeat("𝒳", 100))},
	"sku":        {`"a"`, `"B"`, `"_"`, `"-"`, `"a.b"`, `"A"`, `"Zz"`, `"0"`, `"9-"`, `"b"`, `"aa"`, `"~"`},
	"price":      {"0", "1", "19.90", `"19.9"`, "4.35", "99999999.99", "1e3", "-0", "7.00", "2", "3.3", "-1", "1.005"},
	"stock":      {"0", "1", "5", "2147483647", "7", "-1"},
	"version":    {"1", "2", "null"},
	"name":       {`"ann"`, `"Bob"`, `"carl"`, `"CARL"`, `"dora"`, `"eve"`, `" x_y "`, `"a b"`},
	"mail":       {`"ann@example.com"`, `" Carl@Example.com"`, `"carl@example.com"`, `"dora@example.com"`, `"eve@example.com"`, `"eve"`, `"ÉVE@example.com"`},
	"password":   {quoted(secret), quoted(secret), quoted(secret), `"another one"`, `"short"`},
	"role":       {"USER", "ADMIN"},
	"everywhere": {"false", "false", "true"},
}

var (
	choice = regexp.MustCompile(`‹[^‹›]*›`)
	blank  = regexp.MustCompile(`<[A-Za-z]+>`)
)

func (a *author) one(of ...string) string { return of[a.IntN(len(of))] }

// field is a mutation field.
func (a *author) field() string {
	chosen := choice.ReplaceAllStringFunc(a.one(sentences...), func(part string) string {
		return a.one("", strings.Trim(part, "‹›"))
	})
	return blank.ReplaceAllStringFunc(chosen, func(word string) string {
		word = word[1 : len(word)-1]
		if known := words[word]; known != nil {
			return a.one(known...)
		}
		return quoted(a.some(word))
	})
}

// some is the name of one of the kind, now and then of another, or no id.
func (a *author) some(kind string) string {
	switch {
	case a.IntN(12) == 0:
		kind = a.one("Product", "Category", "User", "Post")
	case a.IntN(12) == 0:
		return a.one("", "garbage", nothing(kind))
	}
	if a.known[kind] == 0 {
		return nothing(kind)
	}
	return fmt.Sprintf("#%s-%d", kind, 1+a.IntN(a.known[kind]))
}

// request is a mutation of one field, or now and then of some. Each stands on a
// line of its own: ids differ in length, and errors tell columns.
func (a *author) request() string {
	document := "mutation {"
	for i := range []int{1, 1, 1, 2, 3}[a.IntN(5)] {
		document += fmt.Sprintf("\nf%d: %s", i, a.field())
	}
	return document + "\n}"
}
