package web_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
)

// part is a field of a mutation, and what it is refused with, each as "CODE
// field REASON limit".
type part struct {
	field string
	wants []string
}

// Mutations of an admin that take effect together, in any order of the fields.
// Names in <> stand for ids.
var adminDoes = []string{
	`createProduct(input: {sku: "new", name: "New", price: "1.50", categoryId: <full>}) { id category { products { totalCount } } }`,
	`updateProduct(id: <one>, input: {inventory: 99}) { version updatedAt }`,
	`upsertProducts(input: [{sku: "three", name: "Three", price: 3, categoryId: <full>}, {sku: "two", name: "Too", price: 2, categoryId: <full>}]) { id version }`,
	`deleteCategory(id: <spare>)`,
	`signUp(input: {username: "newcomer", email: "newcomer@example.com", password: "password"}) { token user { email } }`,
	`likePost(id: <mine>) { likes viewerHasLiked }`,
	`deleteUser(id: <bob>)`,
	`logOut(everywhere: true)`,
}

var adminIsRefused = map[string]part{
	"all an input's faults": {`createProduct(input: {sku: "a b", name: " ", price: "-1", inventory: -1, categoryId: "x"}) { id }`,
		[]string{"BAD_USER_INPUT input.sku MALFORMED", "BAD_USER_INPUT input.name BLANK", "BAD_USER_INPUT input.price TOO_SMALL 0",
			"BAD_USER_INPUT input.inventory TOO_SMALL 0", "BAD_USER_INPUT input.categoryId MALFORMED"}},
	"a malformed id": {`likePost(id: "x") { id }`, []string{"BAD_USER_INPUT id MALFORMED"}},
	"an item twice": {`setInventory(input: [{productId: <one>, inventory: 5}, {productId: <one>, inventory: 6}]) { id }`,
		[]string{"BAD_USER_INPUT input.1.productId DUPLICATE"}},
	"taken":            {`createProduct(input: {sku: "one", name: "Uno", price: 1, categoryId: <full>}) { id }`, []string{"CONFLICT input.sku TAKEN"}},
	"taken, an update": {`updateProduct(id: <two>, input: {sku: "one", inventory: 7}) { id }`, []string{"CONFLICT input.sku TAKEN"}},
	"stale":            {`updateProduct(id: <four>, ifVersion: 70, input: {name: "For"}) { id }`, []string{"CONFLICT ifVersion STALE @1"}},
	"in use":           {`deleteCategory(id: <full>)`, []string{"CONFLICT id IN_USE"}},
	"the last admin":   {`updateUser(id: <admin>, input: {role: USER, username: "boot"}) { id }`, []string{"CONFLICT input.role IN_USE"}},
	"no such category": {`createProduct(input: {sku: "lost", name: "Lost", price: 1, categoryId: <none>}) { id }`, []string{"NOT_FOUND input.categoryId NOT_FOUND"}},
	"no such post":     {`likePost(id: <nowhere>) { id }`, []string{"NOT_FOUND id NOT_FOUND"}},
	"a wrong password": {`logIn(input: {email: "root@example.com", password: "password"}) { token }`, []string{"UNAUTHENTICATED"}},
	"a bad refresh":    {`refreshToken(token: "x") { token }`, []string{"UNAUTHENTICATED"}},
	"a selection": {`createCategory(input: {name: "Third"}) { id products(first: 101) { nodes { id } } }`,
		[]string{"BAD_USER_INPUT first TOO_LARGE 100"}},
	"a deep selection": {`setInventory(input: [{productId: <two>, inventory: 6}]) { category { posts(filter: {authorId: "x"}) { totalCount } } }`,
		[]string{"BAD_USER_INPUT filter.authorId MALFORMED"}},
}

// Of ann, who has no role.
var annDoes = []string{
	`createPost(input: {title: "New", content: "Text", categoryId: <spare>}) { author { posts { totalCount } } }`,
	`updatePost(id: <mine>, input: {title: "Newer", categoryId: null}) { version category { id } }`,
	`likePost(id: <theirs>) { likes viewerHasLiked author { likedPosts { totalCount } } }`,
	`updateUser(id: <ann>, input: {username: "renamed", password: "passwords"}) { username }`,
	`deletePost(id: <old>)`,
}

var annIsRefused = map[string]part{
	"by role":         {`createCategory(input: {name: "Third"}) { id }`, []string{"FORBIDDEN"}},
	"by role, a role": {`updateUser(id: <ann>, input: {role: ADMIN}) { id }`, []string{"FORBIDDEN"}},
	"by ownership":    {`updatePost(id: <theirs>, input: {title: "Mine"}) { id }`, []string{"FORBIDDEN"}},
	"another's":       {`deleteUser(id: <bob>)`, []string{"FORBIDDEN"}},
	"in a selection": {`unlikePost(id: <liked>) { author { posts(filter: {author: {role: ADMIN}}) { totalCount } } }`,
		[]string{"FORBIDDEN filter.author.role"}},
}

var nobodyDoes = []string{
	adminDoes[4],
	`logIn(input: {email: "ann@example.com", password: "` + secret + `"}) { token user { email } }`,
}

var nobodyIsRefused = map[string]part{
	"without a log-in": {`createPost(input: {title: "New", content: "Text"}) { id }`, []string{"UNAUTHENTICATED"}},
	"a wrong password": adminIsRefused["a wrong password"],
	"taken": {`signUp(input: {username: "BOB", email: "Ann@example.com ", password: "password"}) { token }`,
		[]string{"CONFLICT input.email TAKEN", "CONFLICT input.username TAKEN"}},
}

// TestAllOrNothing: of requests of several fields one is refused, each in turn.
func TestAllOrNothing(t *testing.T) {
	eachWatched(t, func(t *testing.T, s *watched) {
		names := s.stock(t)
		was := s.tables(t)
		for who, c := range map[string]struct {
			*client
			does    []string
			refused map[string]part
		}{
			"admin":  {s.admin, adminDoes, adminIsRefused},
			"ann":    {s.ann, annDoes, annIsRefused},
			"nobody": {s.nobody, nobodyDoes, nobodyIsRefused},
		} {
			for name, bad := range c.refused {
				for k := range len(c.does) + 1 {
					t.Run(fmt.Sprintf("%s/%s/%d", who, name, k), func(t *testing.T) {
						c.do(t, names.document(c.does, k, bad.field), nil).refusesBad(t, bad.wants...)
						is := s.tables(t)
						unchanged(t, was, is)
						was = is
					})
				}
			}
		}
		// All was refused for the bad field alone.
		s.takeEffect(t, s.nobody, names.document(nobodyDoes[1:], 0, "__typename"))
		s.takeEffect(t, s.ann, names.document(annDoes, 0, "__typename"))
		s.takeEffect(t, s.admin, names.document(adminDoes, 0, "__typename"))
	})
}

func (s *watched) takeEffect(t *testing.T, by *client, document string) {
	t.Helper()
	was := s.tables(t)
	by.get(t, document, nil)
	if maps.Equal(was, s.tables(t)) {
		t.Errorf("it changes nothing: %s", document)
	}
}

// TestConflictsOnlyTheDatabaseFinds: somebody takes the name after it was looked
// at, while fields before have written already.
func TestConflictsOnlyTheDatabaseFinds(t *testing.T) {
	s := watch(t, "postgres", dbtest.Open(t, dbtest.Postgres))
	names := s.stock(t)
	does := adminDoes[1:4]
	for name, c := range map[string]struct {
		part
		statement, others string // the value raced stands for one not used before
	}{
		"a category": {part{`createCategory(input: {name: "raced"}) { id }`, []string{"CONFLICT input.name TAKEN"}},
			"INSERT INTO categories", `createCategory(input: {name: "RACED"}) { id }`},
		"a product": {part{`createProduct(input: {sku: "raced", name: "x", price: 1, categoryId: <full>}) { id }`, []string{"CONFLICT input.sku TAKEN"}},
			"INSERT INTO products", `createProduct(input: {sku: "raced", name: "y", price: 1, categoryId: <full>}) { id }`},
		"a product's update": {part{`updateProduct(id: <four>, input: {sku: "raced"}) { id }`, []string{"CONFLICT input.sku TAKEN"}},
			"UPDATE products", `createProduct(input: {sku: "raced", name: "y", price: 1, categoryId: <full>}) { id }`},
		"a username": {part{`createUser(input: {username: "raced", email: "raced@1.com", password: "password"}) { id }`, []string{"CONFLICT input.username TAKEN"}},
			"INSERT INTO users", `signUp(input: {username: "raced", email: "raced@2.com", password: "password"}) { token }`},
		"an e-mail": {part{`updateUser(id: <ann>, input: {email: "raced@3.com"}) { id }`, []string{"CONFLICT input.email TAKEN"}},
			"UPDATE users", `createUser(input: {username: "raced-3", email: "raced@3.com", password: "password"}) { id }`},
	} {
		for k := range len(does) + 1 {
			t.Run(fmt.Sprintf("%s/%d", name, k), func(t *testing.T) {
				s.outrun(t, names, does, k, c.part, c.statement, c.others)
			})
		}
	}
}

// TestReferencesOnlyTheDatabaseMisses: a category is deleted after it was looked
// at, before anything refers to it.
func TestReferencesOnlyTheDatabaseMisses(t *testing.T) {
	s := watch(t, "postgres", dbtest.Open(t, dbtest.Postgres))
	names := s.stock(t)
	for _, c := range []struct{ field, statement string }{
		{`createPost(input: {title: "Lost", content: "Text", categoryId: <raced>}) { id }`, "INSERT INTO posts"},
		{`updatePost(id: <mine>, input: {categoryId: <raced>}) { id }`, "UPDATE posts"},
		{`updateProduct(id: <one>, input: {categoryId: <raced>}) { id }`, "UPDATE products"},
		{`createProduct(input: {name: "Lost", price: 1, categoryId: <raced>}) { id }`, "INSERT INTO products"},
	} {
		t.Run(c.field, func(t *testing.T) {
			names["raced"] = s.category(t)
			var kept map[string]string
			ctx := before(t.Context(), c.statement, "", func() {
				s.admin.get(t, names.fill("mutation { deleteCategory(id: <raced>) }"), nil)
				kept = s.tables(t)
			})
			r := s.admin.doIn(ctx, names.document(nil, 0, c.field))
			if r.effective(t, "NOT_FOUND * NOT_FOUND") {
				t.Errorf("what is gone was referred to: %s", r.raw)
			}
			unchanged(t, kept, s.tables(t))
		})
	}
}

// outrun sends a mutation that others make fail.
func (s *watched) outrun(t *testing.T, names stock, does []string, k int, bad part, statement, others string) {
	t.Helper()
	value := s.name("raced")
	renamed := strings.NewReplacer("raced", value, "RACED", strings.ToUpper(value))
	var kept map[string]string
	ctx := before(t.Context(), statement, value, func() {
		s.admin.get(t, renamed.Replace("mutation { "+names.fill(others)+" }"), nil)
		kept = s.tables(t)
	})
	s.admin.doIn(ctx, renamed.Replace(names.document(does, k, bad.field))).refusesBad(t, bad.wants...)
	unchanged(t, kept, s.tables(t))
}

// stock is the ids of what a shop has, by name.
type stock map[string]string

func (s *watched) stock(t *testing.T) stock {
	t.Helper()
	full, spare := s.shelf, s.category(t)
	product := func(sku string) string {
		return s.admin.make(t, fmt.Sprintf(`createProduct(input: {sku: %q, name: "Cup", price: 1, categoryId: %q})`, sku, full))
	}
	post := func(by *client) string {
		return by.make(t, fmt.Sprintf(`createPost(input: {title: "Old", content: "Text", categoryId: %q})`, spare))
	}
	names := stock{
		"admin": s.admin.id, "ann": s.ann.id, "bob": s.bob.id, "full": full, "spare": spare,
		"one": product("one"), "two": product("two"), "four": product("four"),
		"mine": post(s.ann), "old": post(s.ann), "theirs": post(s.bob), "liked": post(s.admin),
		"none": nothing("Category"), "nowhere": nothing("Post"),
	}
	for _, by := range []*client{s.ann, s.bob} {
		by.make(t, names.fill("likePost(id: <liked>)"))
	}
	return names
}

// fill puts the ids in place of the names.
func (names stock) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		return `"` + names[strings.Trim(name, "<>")] + `"`
	})
}

// document is a mutation of the fields with one more at the place k, called bad.
func (names stock) document(fields []string, k int, bad string) string {
	var b strings.Builder
	for i, field := range slices.Insert(slices.Clone(fields), k, bad) {
		if i == k {
			fmt.Fprintf(&b, "bad: %s\n", field)
		} else {
			fmt.Fprintf(&b, "good%d: %s\n", i, field)
		}
	}
	return "mutation {\n" + names.fill(b.String()) + "}"
}
