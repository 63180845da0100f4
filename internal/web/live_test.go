package web_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// feed is subscriptions by their ids, all on one socket, and a product by
// whose events one knows that all earlier ones have come.
type feed struct {
	*plug
	shop *shop
	mark string
}

const marking = "mark"

func (s *shop) feed(t *testing.T, url, token string, subscriptions map[string]string) *feed {
	t.Helper()
	mark := s.admin.make(t, fmt.Sprintf(`createProduct(input: {name: "Mark", price: 1, categoryId: %q})`, s.shelf))
	w := &feed{plugIn(t, url, token), s, mark}
	for id, query := range subscriptions {
		w.subscribe(id, query)
	}
	w.subscribe(marking, fmt.Sprintf("subscription { productChanged(id: %q) { id } }", w.mark))
	return w
}

// told are the payloads that have come, each behind the id of its subscription;
// those of the mark aside. Of one change they come in no order.
func (w *feed) told() (texts []string) {
	w.t.Helper()
	w.shop.admin.get(w.t, fmt.Sprintf(`mutation { setInventory(input: [{productId: %q, inventory: %d}]) { id } }`, w.mark, w.shop.count()), nil)
	for {
		text, err := w.receive()
		var m struct {
			ID, Type string
			Payload  json.RawMessage
		}
		if err != nil || json.Unmarshal([]byte(text), &m) != nil {
			w.t.Fatalf("got %s, %v", text, err)
		}
		if m.ID == marking {
			return texts
		}
		if payload := string(m.Payload); !strings.Contains(payload, w.mark) && !strings.Contains(payload, `"Mark"`) {
			texts = append(texts, m.ID+" "+strings.TrimPrefix(strings.TrimSuffix(string(m.Payload), "}"), `{"data":`))
		}
	}
}

func (s *shop) count() int {
	s.made++
	return s.made
}

// TestEvents: who is told of what.
func TestEvents(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		in := &scene{shop: s, t: t, ids: map[string]string{}}
		product := func(args string) string {
			return in.fill("subscription { c: productChanged" + args + " { kind product { name } } }")
		}
		posts := func(args string) string {
			return in.fill("subscription { c: postChanged" + args + " { kind post { title likes } } }")
		}
		added := func(args string) string { return in.fill("subscription { c: postAdded" + args + " { title } }") }
		ann, bob := fmt.Sprintf("authorId: %q", s.ann.id), fmt.Sprintf("authorId: %q", s.bob.id)
		w := s.feed(t, s.served(t, s.handler), "", map[string]string{
			"all": product(""), "one": product(`(id: "<product>")`), "old": product(`(categoryId: "<shelf>")`), "new": product(`(categoryId: "<category>")`),
			"both": product(`(id: "<product>", categoryId: "<category>")`), "none": product(`(id: "<other product>")`),
			"posts": posts(""), "post": posts(`(id: "<post>")`), "ann's": posts("(" + ann + ")"), "bob's": posts("(" + bob + ")"), "shelf": posts(`(categoryId: "<category>")`),
			"added": added(""), "bob's new": added("(" + bob + ")"), "bob's on the shelf": added("(" + bob + `, categoryId: "<category>")`),
		})
		cup, mug := `{"c":{"kind":"UPDATED","product":{"name":"Cup"}}}`, `{"c":{"kind":"UPDATED","product":{"name":"Mug"}}}`
		gone := `{"c":{"kind":"DELETED","product":null}}`
		for _, c := range []struct {
			by       *client
			mutation string
			want     []string
		}{
			{s.admin, `setInventory(input: [{productId: "<product>", inventory: 77}]) { id }`, []string{"all " + cup, "one " + cup, "old " + cup}},
			{s.admin, `setInventory(input: [{productId: "<product>", inventory: 77}]) { id }`, nil},
			{s.admin, `updateProduct(id: "<product>", input: {name: "Mug", categoryId: "<category>"}) { id }`,
				[]string{"all " + mug, "one " + mug, "old " + mug, "new " + mug, "both " + mug}},
			{s.admin, `updateProduct(id: "<product>", input: {price: 3}) { id }`, []string{"all " + mug, "one " + mug, "new " + mug, "both " + mug}},
			{s.admin, `updateCategory(id: "<category>", input: {description: "Other"}) { id }`, nil},
			{s.admin, `deleteProduct(id: "<product>")`, []string{"all " + gone, "one " + gone, "new " + gone, "both " + gone}},
			{s.bob, `likePost(id: "<post>") { id }`, in.each(`{"c":{"kind":"UPDATED","post":{"title":"Title","likes":1}}}`, "posts", "post", "ann's")},
			{s.bob, `likePost(id: "<post>") { id }`, nil},
			{s.ann, `updatePost(id: "<post>", input: {categoryId: "<category>"}) { id }`,
				in.each(`{"c":{"kind":"UPDATED","post":{"title":"Title","likes":1}}}`, "posts", "post", "ann's", "shelf")},
			{s.bob, `createPost(input: {title: "Bob's", content: "x", categoryId: "<category>"}) { id }`, append(
				in.each(`{"c":{"kind":"CREATED","post":{"title":"Bob's","likes":0}}}`, "posts", "bob's", "shelf"),
				in.each(`{"c":{"title":"Bob's"}}`, "added", "bob's new", "bob's on the shelf")...)},
			{s.admin, `deleteCategory(id: "<category>")`, append(
				in.each(`{"c":{"kind":"UPDATED","post":{"title":"Title","likes":1}}}`, "posts", "post", "ann's", "shelf"),
				in.each(`{"c":{"kind":"UPDATED","post":{"title":"Bob's","likes":0}}}`, "posts", "bob's", "shelf")...)},
			// Bob's like is taken back, and his posts go with him.
			{s.bob, fmt.Sprintf(`deleteUser(id: %q)`, s.bob.id), append(
				in.each(`{"c":{"kind":"UPDATED","post":{"title":"Title","likes":0}}}`, "posts", "post", "ann's"),
				in.each(`{"c":{"kind":"DELETED","post":null}}`, "posts", "bob's")...)},
		} {
			c.by.get(t, in.fill("mutation { "+c.mutation+" }"), nil)
			got := w.told()
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: got\n%s\nwant\n%s", c.mutation, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		}
	})
}

// each is the text behind each of the ids.
func (*scene) each(text string, ids ...string) (all []string) {
	for _, id := range ids {
		all = append(all, id+" "+text)
	}
	return all
}

// TestNoEventsOfWhatFails: what is rolled back is told to nobody.
func TestNoEventsOfWhatFails(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		w := s.feed(t, s.served(t, s.handler), "", map[string]string{"1": "subscription { productChanged { id } }"})
		answer := s.admin.do(t, fmt.Sprintf(`mutation {
			a: createProduct(input: {name: "A", price: 1, categoryId: %q}) { id }
			b: createProduct(input: {sku: "TAKEN", name: "B", price: 1, categoryId: %[1]q}) { id }
		}`, s.shelf), nil)
		if len(answer.Errors) == 0 {
			t.Errorf("got %s", answer.raw)
		}
		if got := w.told(); len(got) > 0 {
			t.Errorf("got %q", got)
		}
	})
}

// TestEventsByViewer: each sees what they may see now.
func TestEventsByViewer(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		url := s.served(t, s.handler)
		carl, boss := s.signUp(t, "carl"), s.signUp(t, "boss")
		s.admin.get(t, fmt.Sprintf(`mutation { updateUser(id: %q, input: {role: ADMIN}) { id } }`, boss.id), nil)
		post := s.post(t)
		s.bob.get(t, fmt.Sprintf("mutation { likePost(id: %q) { id } }", post), nil)
		query := fmt.Sprintf("subscription { postChanged(id: %q) { post { viewerHasLiked author { email role } } } }", post)
		clients := map[string]*client{"nobody": s.nobody, "ann": s.ann, "bob": s.bob, "carl": carl, "boss": boss}
		plugs := map[string]*plug{}
		for name, c := range clients {
			plugs[name] = plugIn(t, url, c.token)
			plugs[name].subscribe("1", query)
		}
		sees := func(name string, likes, private bool) {
			t.Helper()
			email, role := "null", "null"
			if private {
				email, role = `"ann@example.com"`, `"USER"`
			}
			plugs[name].expect(fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"postChanged":{"post":{"viewerHasLiked":%v,"author":{"email":%s,"role":%s}}}}}}`, likes, email, role))
		}
		change := func() {
			t.Helper()
			s.ann.get(t, fmt.Sprintf(`mutation { updatePost(id: %q, input: {title: "%d"}) { id } }`, post, s.count()), nil)
		}
		change()
		sees("nobody", false, false)
		sees("ann", false, true)
		sees("bob", true, false)
		sees("carl", false, false)
		sees("boss", false, true)

		s.admin.get(t, fmt.Sprintf(`mutation { a: updateUser(id: %q, input: {role: USER}) { id } b: deleteUser(id: %q) }`, boss.id, carl.id), nil)
		s.bob.get(t, "mutation { logOut }", nil)
		change()
		sees("nobody", false, false)
		sees("ann", false, true)
		sees("boss", false, false)
		plugs["carl"].closed(4403)
		plugs["bob"].closed(4403)
	})
}
