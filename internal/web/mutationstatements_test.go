package web_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"stoa/internal/sqldb"
)

// most is how many statements a mutation field takes at the most.
const most = 4

// statements are those of a request, but for the one that reads the viewer.
func (c *client) statements(t *testing.T, document string, variables vars) []string {
	t.Helper()
	var mu sync.Mutex
	var texts []string
	ctx := sqldb.Observe(context.Background(), func(text string, _ []any) {
		mu.Lock()
		defer mu.Unlock()
		texts = append(texts, text)
	})
	r := c.send(ctx, c.authorization(), document, variables)
	if len(r.Errors) > 0 {
		t.Errorf("%.300s\n%.1000s", document, r.raw)
	}
	if c.token != "" {
		if len(texts) == 0 || !strings.Contains(texts[0], "FROM logins") {
			t.Errorf("the viewer is not read first: %q", texts)
		}
		texts = texts[min(1, len(texts)):]
	}
	return texts
}

// TestStatementsOfMutations: at most 4 for each field.
func TestStatementsOfMutations(t *testing.T) {
	fields := []string{
		`signUp(input: {username: "<new>", email: "<new>@example.com", password: "password"}) { token }`,
		`logIn(input: {email: "bob@example.com", password: "` + secret + `"}) { token user { email } }`,
		`refreshToken(token: "<refresh>") { token user { username } }`,
		`createProduct(input: {sku: "<new>", name: "Cup", price: 1, categoryId: "<shelf>"}) { id }`,
		`updateProduct(id: "<product>", ifVersion: 1, input: {sku: "<new>", name: "Mug", categoryId: "<category>"}) { id }`,
		`deleteProduct(id: "<product>", ifVersion: 1)`,
		`setInventory(input: [{productId: "<product>", inventory: 1}]) { id }`,
		`upsertProducts(input: [{sku: "<new>", name: "Cup", price: 1, categoryId: "<shelf>"}, {sku: "TAKEN", name: "<new>", price: 1, categoryId: "<shelf>"}]) { id }`,
		`createCategory(input: {name: "<new>"}) { id }`,
		`updateCategory(id: "<category>", input: {name: "<new>"}) { id }`,
		`deleteCategory(id: "<category>")`,
		`createUser(input: {username: "<new>", email: "<new>@example.com", password: "password"}) { id }`,
		`updateUser(id: "<member>", input: {username: "<new>", email: "<new>@example.com", password: "password", role: ADMIN}) { id }`,
		`deleteUser(id: "<liker>")`,
		`createPost(input: {title: "T", content: "C", categoryId: "<shelf>"}) { id }`,
		`updatePost(id: "<post>", ifVersion: 1, input: {title: "T", categoryId: "<category>"}) { id }`,
		`deletePost(id: "<post>")`,
		`likePost(id: "<post>") { id }`,
		`unlikePost(id: "<liked>") { id }`,
		`logOut(everywhere: true)`,
	}
	eachShop(t, func(t *testing.T, s *shop) {
		for _, field := range fields {
			// Each as the only one of its request, and twice in one.
			for n := range 2 {
				document := ""
				for i := range n + 1 {
					document += fmt.Sprintf(" f%d: %s", i, s.written(t, field))
				}
				admin := s.nobody.logIn(t, "root@example.com", secret)
				if got := admin.statements(t, "mutation {"+document+" }", nil); len(got) > most*(n+1) {
					t.Errorf("%d times %s: %d statements:\n%s", n+1, field, len(got), strings.Join(got, "\n"))
				}
			}
		}
	})
}

// written is a field about things of its own.
func (s *shop) written(t *testing.T, field string) string {
	t.Helper()
	in := &scene{shop: s, t: t, ids: map[string]string{}}
	if strings.Contains(field, "<liked>") {
		in.ids["<liked>"] = s.post(t)
		s.admin.get(t, fmt.Sprintf("mutation { likePost(id: %q) { id } }", in.ids["<liked>"]), nil)
	}
	if strings.Contains(field, "<liker>") { // of several posts, and of one's own
		c := s.signUp(t, s.name("liker"))
		in.ids["<liker>"] = c.id
		own := c.make(t, `createPost(input: {title: "T", content: "C"})`)
		for _, post := range []string{own, s.post(t), s.post(t)} {
			c.get(t, fmt.Sprintf("mutation { likePost(id: %q) { id } }", post), nil)
		}
	}
	return in.fill(field)
}
