package web_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"stoa/internal/relay"
	"stoa/internal/seed"
)

// workers send requests at once.
const workers = 32

// TestRaces runs the workers against each other, one race after the other.
func TestRaces(t *testing.T) {
	eachWatched(t, func(t *testing.T, s *watched) {
		for _, race := range []struct {
			name string
			run  func(t *testing.T, s *watched)
		}{
			{"likes", raceLikes},
			{"names", raceNames},
			{"a category and its products", raceCategory},
			{"stock", raceStock},
			{"admins", raceAdmins},
			{"a user and their posts", raceLeavers},
			{"readers", raceReaders},
			{"refreshes", raceRefresh},
		} {
			t.Run(race.name, func(t *testing.T) { race.run(t, s) })
		}
	})
}

// crowd has all workers act at once.
func crowd(act func(worker int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for w := range workers {
		all.Go(func() {
			<-start
			act(w)
		})
	}
	close(start)
	all.Wait()
}

// effective tells whether the request took effect; if not it may have been
// refused for these faults alone, each a pattern of agrees.
func (r *reply) effective(t *testing.T, but ...string) bool {
	t.Helper()
	for _, fault := range r.faults() {
		if !slices.ContainsFunc(but, func(one string) bool { return agrees(fault+"   ", one) }) {
			t.Errorf("%d %s", r.status, r.raw)
		}
	}
	return len(r.Errors) == 0
}

// members are clients of n new users, whom nobody knows the passwords of.
func (s *watched) members(t *testing.T, n int) []*client {
	t.Helper()
	last, err := s.db.LastID(t.Context(), "users")
	if err == nil {
		err = seed.Fill(t.Context(), s.db, seed.Options{Users: n})
	}
	if err != nil {
		t.Fatal(err)
	}
	all := make([]*client, n)
	for i := range all {
		key := last + 1 + int64(i)
		tokens, err := s.auth.Begin(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = &client{s.handler, nodeID("User", key), tokens.Token, tokens.RefreshToken}
	}
	return all
}

func nodeID(kind string, key int64) string { return string(relay.NewID(kind, key)) }

// row is the key of an id.
func row(id string) int64 {
	_, key, _ := relay.ID(id).Parse()
	return key
}

// fields is a mutation of the fields.
func fields(all ...string) string {
	var b strings.Builder
	for i, one := range all {
		fmt.Fprintf(&b, " f%d: %s", i, one)
	}
	return "mutation {" + b.String() + " }"
}

// raceLikes: all like some posts and take it back, several in a request. What
// remains is everyone's last word.
func raceLikes(t *testing.T, s *watched) {
	users := s.members(t, workers)
	posts := []string{s.post(t), s.post(t), s.post(t)}
	var likes [workers][3]bool
	crowd(func(w int) {
		for range 10 {
			var all []string
			said := likes[w]
			for _, i := range rand.Perm(len(posts))[:1+rand.IntN(3)] {
				verb := "unlikePost"
				if said[i] = rand.IntN(2) == 0; said[i] {
					verb = "likePost"
				}
				all = append(all, fmt.Sprintf("%s(id: %q) { likes viewerHasLiked }", verb, posts[i]))
			}
			if users[w].do(t, fields(all...), nil).effective(t) {
				likes[w] = said
			}
		}
	})
	for i, post := range posts {
		want := 0
		for w := range workers {
			if likes[w][i] {
				want++
			}
		}
		s.likesAre(t, post, want)
	}
}

// likesAre compares a post's count with its rows.
func (s *watched) likesAre(t *testing.T, post string, want int) {
	t.Helper()
	count := s.number(t, "SELECT likes FROM posts WHERE id = ?", row(post))
	rows := s.number(t, "SELECT count(*) FROM post_likes WHERE post_id = ?", row(post))
	if count != rows || rows != want {
		t.Errorf("%d likes are counted, %d are there, %d were given", count, rows, want)
	}
}

// raceNames: all take the same name; one gets it, and the others are told so.
func raceNames(t *testing.T, s *watched) {
	users := s.members(t, workers)
	for taken, field := range map[string]string{
		"CONFLICT input.username TAKEN": `signUp(input: {username: "<same>", email: "%d-<same>@example.com", password: "password"}) { token }`,
		"CONFLICT input.email TAKEN":    `createUser(input: {username: "%d-<same>", email: "<same>@example.com", password: "password"}) { id }`,
		"CONFLICT input.sku TAKEN":      `createProduct(input: {sku: "<same>", name: "Cup %d", price: 1, categoryId: "` + s.shelf + `"}) { id }`,
		"CONFLICT input.name TAKEN":     `createCategory(input: {name: "<same>", description: "%d"}) { id }`,
	} {
		for range 2 {
			same := s.name("same")
			var won atomic.Int32
			crowd(func(w int) {
				spelt := same
				if w%2 == 1 && !strings.Contains(field, "sku") {
					spelt = strings.ToUpper(same)
				}
				document := fields(strings.ReplaceAll(fmt.Sprintf(field, w), "<same>", spelt))
				if s.admin.do(t, document, nil).effective(t, taken) {
					won.Add(1)
				}
			})
			if won.Load() != 1 {
				t.Errorf("%s: %d got the name", field, won.Load())
			}
		}
	}
	var won atomic.Int32
	crowd(func(w int) {
		document := fields(fmt.Sprintf(`updateUser(id: %q, input: {username: "sought"}) { username }`, users[w].id))
		if users[w].do(t, document, nil).effective(t, "CONFLICT input.username TAKEN") {
			won.Add(1)
		}
	})
	if won.Load() != 1 {
		t.Errorf("%d users are called the same", won.Load())
	}
}

// raceCategory: some fill a category and others delete it.
func raceCategory(t *testing.T, s *watched) {
	creates := []string{
		`createPost(input: {title: "Shelved", content: "Text", categoryId: %q}) { category { posts { totalCount } } }`,
		`createProduct(input: {name: "Shelved", price: 1, categoryId: %q}) { category { products { totalCount } } }`,
	}
	for round := range 6 {
		category := s.category(t)
		var deleted atomic.Int32
		crowd(func(w int) {
			if w%8 == 0 {
				r := s.admin.do(t, fields(fmt.Sprintf("deleteCategory(id: %q)", category)), nil)
				if r.effective(t, "CONFLICT id IN_USE") && strings.Contains(r.raw, "true") {
					deleted.Add(1)
				}
				return
			}
			create := creates[[]int{0, 1, w % 2}[round%3]]
			s.admin.do(t, fields(fmt.Sprintf(create, category)), nil).effective(t, "NOT_FOUND input.categoryId NOT_FOUND")
		})
		if left := s.number(t, "SELECT count(*) FROM categories WHERE id = ?", row(category)); left+int(deleted.Load()) != 1 {
			t.Errorf("deleted %d times, and %d are left", deleted.Load(), left)
		}
	}
	if n := s.number(t, "SELECT count(*) FROM products p WHERE NOT EXISTS (SELECT 1 FROM categories c WHERE c.id = p.category_id)"); n > 0 {
		t.Errorf("%d products without a category", n)
	}
	if n := s.number(t, "SELECT count(*) FROM posts WHERE title = 'Shelved' AND category_id IS NULL AND version = 1"); n > 0 {
		t.Errorf("%d posts lost their category and are as they were", n)
	}
}
