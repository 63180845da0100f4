package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestEffects(t *testing.T) {
	shared(t, map[string]func(t *testing.T, s *shop){
		"absent, null and value":               absentNullAndValue,
		"versions and times":                   versionsAndTimes,
		"a deleted user takes posts and likes": deletedUser,
		"a deleted category leaves its posts":  deletedCategory,
		"selections see what was written":      selectionsSeeWrites,
	})
}

// absentNullAndValue: by literals and variables, in an update and a create.
func absentNullAndValue(t *testing.T, s *shop) {
	const (
		whole = "mutation($id: ID!, $input: UpdateProductInput!) { it: updateProduct(id: $id, input: $input) { sku name price } }"
		parts = `mutation($id: ID!, $sku: String, $name: String, $price: Decimal) {
			it: updateProduct(id: $id, input: {sku: $sku, name: $name, price: $price}) { sku name price }
		}`
		created = `mutation($shelf: ID!, $sku: String) {
			it: createProduct(input: {sku: $sku, name: "Cup", price: 1, categoryId: $shelf}) { sku name description inventory }
		}`
	)
	type values = map[string]any
	for _, document := range []string{whole, parts} {
		id, sku := s.product(t), fmt.Sprintf("sku-%d", s.made)
		update := func(input values) *reply {
			variables := vars{"id": id, "input": input}
			if document == parts {
				variables = vars(input)
				variables["id"] = id
			}
			return s.admin.do(t, document, variables)
		}
		update(values{}).answers(t, fmt.Sprintf(`{"sku":%q,"name":"Cup","price":"1.50"}`, sku))
		update(values{"name": "Mug"}).answers(t, fmt.Sprintf(`{"sku":%q,"name":"Mug","price":"1.50"}`, sku))
		update(values{"price": json.Number("4.35")}).answers(t, fmt.Sprintf(`{"sku":%q,"name":"Mug","price":"4.35"}`, sku))
		update(values{"sku": nil}).answers(t, `{"sku":null,"name":"Mug","price":"4.35"}`)
		update(values{}).answers(t, `{"sku":null,"name":"Mug","price":"4.35"}`)
		update(values{"sku": nil, "name": nil, "price": nil}).refuses(t, about("input.", "name REQUIRED", "price REQUIRED")...)
		update(values{"sku": "B-" + sku, "name": nil}).refuses(t, about("input.", "name REQUIRED")...)
		update(values{"price": json.Number("1.005")}).refuses(t, about("input.", "price TOO_PRECISE 2")...)
		update(values{"price": "99999999.99"}).answers(t, `{"sku":null,"name":"Mug","price":"99999999.99"}`)
	}
	for _, variables := range []vars{{"shelf": s.shelf}, {"shelf": s.shelf, "sku": nil}} {
		s.admin.do(t, created, variables).answers(t, `{"sku":null,"name":"Cup","description":"","inventory":0}`)
	}
}

// state is how often a row has changed, and when.
type state struct {
	Version              int
	CreatedAt, UpdatedAt string
}

// states are those of the rows with the ids, nil of what is not there.
func (s *shop) states(t *testing.T, ids ...string) []*state {
	t.Helper()
	var data struct{ Nodes []*state }
	read(t, s.admin.get(t, `query($ids: [ID!]!) { nodes(ids: $ids) {
		... on Product { version createdAt updatedAt } ... on Category { version createdAt updatedAt }
		... on User { version createdAt updatedAt } ... on Post { version createdAt updatedAt }
	} }`, vars{"ids": ids}), &data)
	return data.Nodes
}

// moves expects a mutation field to change those of the rows of which moved is
// true, by one version, and no other.
func (s *shop) moves(t *testing.T, c *client, field string, ids []string, moved ...bool) {
	t.Helper()
	before := s.states(t, ids...)
	c.get(t, "mutation { "+field+" }", nil)
	for i, after := range s.states(t, ids...) {
		want := *before[i]
		if moved[i] {
			want.Version++
			if after.UpdatedAt <= want.UpdatedAt {
				t.Errorf("%s: updated at %s, before at %s", field, after.UpdatedAt, want.UpdatedAt)
			}
			want.UpdatedAt = after.UpdatedAt
		}
		if *after != want {
			t.Errorf("%s: row %d is %+v, want %+v", field, i, *after, want)
		}
	}
}

// change is a mutation field about the rows with the ids, in it <1>, <2> and so
// on, and which of them it changes.
type change struct {
	by    *client
	field string
	ids   []string
	moved []bool
}

// versionsAndTimes move when a row changes, and only then.
func versionsAndTimes(t *testing.T, s *shop) {
	ann, _ := s.newcomer(t)
	bob, email := s.newcomer(t)
	one, two, category := s.product(t), s.product(t), s.category(t)
	post := ann.make(t, `createPost(input: {title: "Title", content: "x"})`)
	yes, no := []bool{true}, []bool{false}
	for _, c := range []change{
		{s.admin, `updateProduct(id: "<1>", input: {name: " Mug "}) { id }`, []string{one, two}, []bool{true, false}},
		{s.admin, `updateProduct(id: "<1>", input: {name: "Mug", description: "", price: "1.5", inventory: 5}) { id }`, []string{one}, no},
		{s.admin, `updateProduct(id: "<1>", input: {sku: null}) { id }`, []string{one}, yes},
		{s.admin, `updateProduct(id: "<1>", input: {sku: null}) { id }`, []string{one}, no},
		{s.admin, `updateProduct(id: "<1>", input: {sku: "moved"}) { id }`, []string{one}, yes},
		{s.admin, `setInventory(input: [{productId: "<1>", inventory: 5}, {productId: "<2>", inventory: 6}]) { id }`, []string{one, two}, []bool{false, true}},
		{s.admin, `upsertProducts(input: [{sku: "moved", name: "Mug", price: "1.50", inventory: 5, categoryId: "<2>"}]) { id }`, []string{one, s.shelf}, []bool{false, false}},
		{s.admin, `upsertProducts(input: [{sku: "new", name: "Mug", price: 1, categoryId: "<3>"}, {sku: "moved", name: "Mug", price: 1, categoryId: "<3>"}]) { id }`,
			[]string{one, two, s.shelf}, []bool{true, false, false}},
		{s.admin, `updateCategory(id: "<1>", input: {description: "New"}) { id }`, []string{category}, no},
		{s.admin, `updateCategory(id: "<1>", input: {description: "Newer"}) { id }`, []string{category}, yes},
		{bob, `updateUser(id: "<1>", input: {email: " ` + strings.ToUpper(email) + `"}) { id }`, []string{bob.id}, no},
		{bob, `updateUser(id: "<1>", input: {email: "bob.` + email + `"}) { id }`, []string{bob.id, ann.id}, []bool{true, false}},
		{ann, `updatePost(id: "<1>", input: {title: "Title ", categoryId: null}) { id }`, []string{post}, no},
		{ann, `updatePost(id: "<1>", input: {categoryId: "<2>"}) { id }`, []string{post, category}, []bool{true, false}},
		{bob, `unlikePost(id: "<1>") { id }`, []string{post}, no},
		{bob, `likePost(id: "<1>") { id }`, []string{post, ann.id, bob.id}, []bool{true, false, false}},
		{bob, `likePost(id: "<1>") { id }`, []string{post}, no},
		{bob, `unlikePost(id: "<1>") { id }`, []string{post}, yes},
		{s.nobody, `logIn(input: {email: "bob.` + email + `", password: "` + secret + `"}) { token }`, []string{bob.id}, no},
		{bob, `updateUser(id: "<1>", input: {password: "` + secret + `!"}) { id }`, []string{bob.id}, yes},
	} {
		s.moves(t, c.by, replaceOrdinals(c.field, c.ids), c.ids, c.moved...)
	}
}

// replaceOrdinals puts the ids in the places of <1>, <2> and so on.
func replaceOrdinals(text string, ids []string) string {
	for i, id := range ids {
		text = strings.ReplaceAll(text, fmt.Sprintf("<%d>", i+1), id)
	}
	return text
}

// rows is how many rows a condition of SQL keeps.
func (s *shop) rows(t *testing.T, from string, args ...any) int {
	t.Helper()
	var n int
	if _, err := s.db.Read(t.Context(), "SELECT count(*) FROM "+from, args, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// wrongLikes is how many posts do not count the rows of their likes.
const wrongLikes = "posts p WHERE p.likes <> (SELECT count(*) FROM post_likes l WHERE l.post_id = p.id)"

// deletedUser takes posts and likes along, and the counts of others' posts fall.
func deletedUser(t *testing.T, s *shop) {
	ann, _ := s.newcomer(t)
	bob, _ := s.newcomer(t)
	own := ann.make(t, `createPost(input: {title: "Own", content: "x"})`)
	liked := bob.make(t, `createPost(input: {title: "Liked", content: "x"})`)
	other := bob.make(t, `createPost(input: {title: "Other", content: "x"})`)
	for _, c := range []*client{ann, bob, s.admin} {
		c.get(t, fmt.Sprintf("mutation { a: likePost(id: %q) { id } b: likePost(id: %q) { id } }", own, liked), nil)
	}
	bob.get(t, fmt.Sprintf("mutation { likePost(id: %q) { id } }", other), nil)
	before := s.rows(t, "post_likes")
	s.moves(t, ann, fmt.Sprintf("deleteUser(id: %q)", ann.id), []string{liked, other, bob.id}, true, false, false)
	if states := s.states(t, ann.id, own); states[0] != nil || states[1] != nil {
		t.Errorf("still there: %+v", states)
	}
	s.admin.do(t, fmt.Sprintf("{ it: post(id: %q) { likes viewerHasLiked author { likedPosts { nodes { title } } posts { totalCount } } } }", liked), nil).
		answers(t, `{"likes":2,"viewerHasLiked":true,"author":{"likedPosts":{"nodes":[{"title":"Liked"},{"title":"Other"}]},"posts":{"totalCount":2}}}`)
	if n := before - s.rows(t, "post_likes"); n != 4 || s.rows(t, wrongLikes) != 0 || s.rows(t, "logins l WHERE l.user_id NOT IN (SELECT id FROM users)") != 0 {
		t.Errorf("%d likes are gone, and something is left or not counted", n)
	}
}

// deletedCategory leaves its posts without one, and changed.
func deletedCategory(t *testing.T, s *shop) {
	category := s.category(t)
	in := s.ann.make(t, fmt.Sprintf(`createPost(input: {title: "In", content: "x", categoryId: %q})`, category))
	out := s.post(t)
	product := s.admin.make(t, fmt.Sprintf(`createProduct(input: {name: "Cup", price: 1, categoryId: %q})`, category))
	deletion := fmt.Sprintf("mutation { it: deleteCategory(id: %q) }", category)
	s.admin.do(t, deletion, nil).refuses(t, "CONFLICT id IN_USE")
	s.moves(t, s.admin, fmt.Sprintf("a: deleteProduct(id: %q) b: deleteCategory(id: %q)", product, category), []string{in, out, s.shelf}, true, false, false)
	s.nobody.do(t, fmt.Sprintf("{ it: post(id: %q) { title category { id } } }", in), nil).answers(t, `{"title":"In","category":null}`)
	s.admin.do(t, deletion, nil).answers(t, "false")
}

// TestLastAdminStays, whoever asks and however it is put.
func TestLastAdminStays(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		demote := func(id string) string { return fmt.Sprintf("updateUser(id: %q, input: {role: USER}) { role }", id) }
		promote := func(id string) string { return fmt.Sprintf("updateUser(id: %q, input: {role: ADMIN}) { role }", id) }
		remove := func(id string) string { return fmt.Sprintf("deleteUser(id: %q)", id) }
		try := func(fields ...string) *reply {
			document := ""
			for i, field := range fields {
				document += fmt.Sprintf(" f%d: %s", i, field)
			}
			return s.admin.do(t, "mutation {"+document+" }", nil)
		}
		try(demote(s.admin.id)).refuses(t, "CONFLICT input.role IN_USE")
		try(remove(s.admin.id)).refuses(t, "CONFLICT id IN_USE")
		try(promote(s.ann.id), demote(s.ann.id), remove(s.admin.id)).refuses(t, "CONFLICT id IN_USE")
		try(promote(s.ann.id), demote(s.admin.id), remove(s.ann.id)).refuses(t, "CONFLICT id IN_USE")
		try(promote(s.ann.id), remove(s.ann.id), demote(s.admin.id)).refuses(t, "CONFLICT input.role IN_USE")
		if n := s.rows(t, "users WHERE role = 'ADMIN'"); n != 1 {
			t.Fatalf("%d admins", n)
		}
		if r := try(promote(s.ann.id), demote(s.admin.id)); len(r.Errors) > 0 {
			t.Fatal(r.raw)
		}
		try(demote(s.ann.id)).refuses(t, "FORBIDDEN") // at once
		s.ann.do(t, "mutation { it: "+remove(s.ann.id)+" }", nil).refuses(t, "CONFLICT id IN_USE")
		s.ann.do(t, "mutation { it: "+remove(s.admin.id)+" }", nil).answers(t, "true")
	})
}

// selectionsSeeWrites: those of the field, and of the fields before.
func selectionsSeeWrites(t *testing.T, s *shop) {
	author, _ := s.newcomer(t)
	category, post := s.category(t), author.make(t, `createPost(input: {title: "Title", content: "x"})`)
	in := &scene{shop: s, t: t, ids: map[string]string{"<category>": category, "<post>": post, "<product>": s.product(t)}}
	for document, want := range map[string]string{
		`it: createProduct(input: {name: "Vase sélène", price: 3, categoryId: "<category>"}) {
			category { products(filter: {search: "SÉLÈ"}) { totalCount nodes { name } stats { count priceAvg } } }
		}`: `{"category":{"products":{"totalCount":1,"nodes":[{"name":"Vase sélène"}],"stats":{"count":1,"priceAvg":"3.00"}}}}`,
		`it: likePost(id: "<post>") { likes viewerHasLiked author { likedPosts { totalCount } posts { nodes { likes viewerHasLiked } } } }`://
		`{"likes":1,"viewerHasLiked":true,"author":{"likedPosts":{"totalCount":0},"posts":{"nodes":[{"likes":1,"viewerHasLiked":true}]}}}`,
		`it: updateCategory(id: "<shelf>", input: {name: "Board"}) { name products(first: 1) { nodes { category { name } } } }`://
		`{"name":"Board","products":{"nodes":[{"category":{"name":"Board"}}]}}`,
	} {
		s.admin.do(t, "mutation { "+in.fill(document)+" }", nil).answers(t, want)
	}
	document := `mutation {
		a: updateProduct(id: "<product>", input: {inventory: 7}) { inventory version }
		b: setInventory(input: {productId: "<product>", inventory: 8}) { inventory version }
		c: updateProduct(id: "<product>", ifVersion: 3, input: {name: "C"}) { inventory version name }
		d: deleteProduct(id: "<product>", ifVersion: 4)
		e: deleteProduct(id: "<product>")
		f: updateProduct(id: "<product>", input: {name: ""}) { name }
	}`
	s.admin.do(t, in.fill(document), nil).refuses(t, "BAD_USER_INPUT input.name BLANK")
	want := `{"a":{"inventory":7,"version":2},"b":[{"inventory":8,"version":3}],"c":{"inventory":8,"version":4,"name":"C"},"d":true,"e":false,"f":null}`
	if got := s.admin.get(t, strings.ReplaceAll(in.fill(document), `name: ""`, `name: "D"`), nil); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
