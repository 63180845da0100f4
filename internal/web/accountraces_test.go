package web_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"stoa/internal/seed"
)

// raceAdmins: the only two admins take the role from each other, and leave.
func raceAdmins(t *testing.T, s *watched) {
	const promote = `updateUser(id: %q, input: {role: ADMIN}) { id }`
	for range 4 {
		two := append(s.members(t, 1), s.admin)
		s.admin.get(t, fields(fmt.Sprintf(promote, two[0].id)), nil)
		crowd(func(w int) {
			by, whom := two[w%2], two[w/2%2]
			document := fields(fmt.Sprintf(`updateUser(id: %q, input: {role: USER}) { role }`, whom.id))
			if w%8 == 7 && whom != s.admin {
				document = fields(fmt.Sprintf("deleteUser(id: %q)", whom.id))
			}
			by.do(t, document, nil).effective(t, "CONFLICT input.role IN_USE", "CONFLICT id IN_USE", "FORBIDDEN", "UNAUTHENTICATED")
		})
		if n := s.number(t, "SELECT count(*) FROM users WHERE role = 'ADMIN'"); n != 1 {
			t.Fatalf("%d admins are left", n)
		}
		if s.number(t, "SELECT count(*) FROM users WHERE role = 'ADMIN' AND id = ?", row(s.admin.id)) == 0 {
			two[0].get(t, fields(fmt.Sprintf(promote, s.admin.id), fmt.Sprintf("deleteUser(id: %q)", two[0].id)), nil)
		}
	}
}

// raceLeavers: users are deleted while they write and like. What they did goes
// with them.
func raceLeavers(t *testing.T, s *watched) {
	posts := []string{s.post(t), s.post(t), s.post(t), s.post(t)}
	for range 4 {
		leavers := s.members(t, workers/4)
		crowd(func(w int) {
			leaver := leavers[w/4]
			for n := range 6 {
				document := `createPost(input: {title: "Leaver's", content: "Text"}) { author { username } }`
				switch {
				case w%4 == 0 && n == 3:
					document = fmt.Sprintf("deleteUser(id: %q)", leaver.id)
				case w%4 < 3:
					verb := []string{"likePost", "unlikePost"}[rand.IntN(2)]
					document = fmt.Sprintf("%s(id: %q) { likes }", verb, posts[rand.IntN(len(posts))])
				}
				leaver.do(t, fields(document), nil).effective(t, "UNAUTHENTICATED", "CONFLICT")
			}
		})
		if n := s.number(t, "SELECT count(*) FROM posts WHERE title = 'Leaver''s'"); n > 0 {
			t.Errorf("%d posts are left", n)
		}
		for _, post := range posts {
			s.likesAre(t, post, 0)
		}
	}
}

// raceReaders: users are deleted while others read what they wrote.
func raceReaders(t *testing.T, s *watched) {
	const users = 16
	last, err := s.db.LastID(t.Context(), "users")
	if err != nil {
		t.Fatal(err)
	}
	if err := seed.Fill(t.Context(), s.db, seed.Options{Users: users, Posts: 4 * users}); err != nil {
		t.Fatal(err)
	}
	var next, reads, torn atomic.Int64
	crowd(func(w int) {
		if w%8 == 0 {
			for n := next.Add(1); n <= users; n = next.Add(1) {
				s.admin.do(t, fields(fmt.Sprintf("deleteUser(id: %q)", nodeID("User", last+n))), nil).effective(t)
			}
			return
		}
		for next.Load() <= users {
			r := s.nobody.do(t, "{ posts(last: 20) { nodes { title author { username posts(first: 2) { nodes { author { id } } } } } } }", nil)
			reads.Add(1)
			if !r.effective(t, "CONFLICT") {
				torn.Add(1)
			}
		}
	})
	t.Logf("of %d reads %d fell between the rows and their authors", reads.Load(), torn.Load())
}

// raceRefresh: one token is traded by all. One trade is good; the others end
// the log-in, the new tokens' included.
func raceRefresh(t *testing.T, s *watched) {
	for _, user := range s.members(t, 4) {
		var won []*reply
		replies := make([]*reply, workers)
		crowd(func(w int) {
			replies[w] = s.nobody.do(t, "mutation($token: String!) { refreshToken(token: $token) { token refreshToken } }", vars{"token": user.refresh})
			replies[w].effective(t, "UNAUTHENTICATED")
		})
		for _, r := range replies {
			if len(r.Errors) == 0 {
				won = append(won, r)
			}
		}
		if len(won) != 1 {
			t.Fatalf("%d trades of one token were good", len(won))
		}
		var data struct {
			RefreshToken struct{ Token, RefreshToken string }
		}
		read(t, string(won[0].Data), &data)
		fresh := &client{s.handler, user.id, data.RefreshToken.Token, data.RefreshToken.RefreshToken}
		for _, c := range []*client{user, fresh} {
			if r := c.do(t, "{ viewer { id } }", nil); !slices.Equal(r.faults(), []string{"UNAUTHENTICATED"}) || r.status != 401 {
				t.Errorf("the log-in has not ended: %d %s", r.status, r.raw)
			}
		}
		if r := s.nobody.do(t, fields(fmt.Sprintf("refreshToken(token: %q) { token }", fresh.refresh)), nil); r.effective(t, "UNAUTHENTICATED") {
			t.Error("the next token of an ended log-in was traded")
		}
	}
}
