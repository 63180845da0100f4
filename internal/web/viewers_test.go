package web_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestViewers: what is shown depends on who looks.
func TestViewers(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.post(t)
		liked := s.bob.make(t, `createPost(input: {title: "Liked", content: "x"})`)
		s.ann.get(t, fmt.Sprintf("mutation { likePost(id: %q) { id } }", liked), nil)
		t.Run("filters by role", func(t *testing.T) { filtersByRole(t, s) })
		t.Run("private fields", func(t *testing.T) { privateFields(t, s) })
		t.Run("payloads", func(t *testing.T) { payloads(t, s, liked) })
	})
}

// payloads: below user the viewer is already that user, whoever sent the
// request; beside it, they are not.
func payloads(t *testing.T, s *shop, liked string) {
	user := `{
		email role
		posts { nodes { title viewerHasLiked author { username email role } } }
		likedPosts { nodes { title viewerHasLiked author { username email role likedPosts { nodes { id } } posts { nodes { viewerHasLiked author { email } } } } } }
	}`
	sees := `{"email":"ann@example.com","role":"USER",` +
		`"posts":{"nodes":[{"title":"Title","viewerHasLiked":false,"author":{"username":"ann","email":"ann@example.com","role":"USER"}}]},` +
		`"likedPosts":{"nodes":[{"title":"Liked","viewerHasLiked":true,"author":{"username":"bob","email":null,"role":null,` +
		`"likedPosts":{"nodes":[]},"posts":{"nodes":[{"viewerHasLiked":true,"author":{"email":null}}]}}}]}}`
	for _, c := range []*client{s.nobody, s.ann, s.bob, s.admin} {
		c.do(t, fmt.Sprintf("mutation { it: logIn(input: {email: \"ann@example.com\", password: %q}) { user %s } }", secret, user), nil).
			answers(t, `{"user":`+sees+`}`)
		refresh := s.nobody.logIn(t, "ann@example.com", secret).refresh
		c.do(t, fmt.Sprintf("mutation { it: refreshToken(token: %q) { user %s } }", refresh, user), nil).
			answers(t, `{"user":`+sees+`}`)
	}
	admins := fmt.Sprintf(`mutation { it: logIn(input: {email: "root@example.com", password: %q}) { user { role } } }`, secret)
	s.ann.do(t, admins, nil).answers(t, `{"user":{"role":"ADMIN"}}`)

	both := fmt.Sprintf(`mutation { it: logIn(input: {email: "ann@example.com", password: %q}) { user { likedPosts { nodes { viewerHasLiked author { email } } } } }
		then: likePost(id: %q) { likes viewerHasLiked author { email } } }`, secret, liked)
	want := `{"it":{"user":{"likedPosts":{"nodes":[{"viewerHasLiked":true,"author":{"email":null}}]}}},"then":{"likes":2,"viewerHasLiked":true,"author":{"email":"bob@example.com"}}}`
	if got := s.bob.get(t, both, nil); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// privateFields: a user's e-mail and role are theirs and the admins' to see.
func privateFields(t *testing.T, s *shop) {
	own := `{"email":"ann@example.com","role":"USER"}`
	document := fmt.Sprintf("{ it: user(id: %q) { email role } }", s.ann.id)
	s.ann.do(t, document, nil).answers(t, own)
	s.admin.do(t, document, nil).answers(t, own)
	s.bob.do(t, document, nil).answers(t, `{"email":null,"role":null}`)
	s.nobody.do(t, document, nil).answers(t, `{"email":null,"role":null}`)
	s.nobody.do(t, "{ it: viewer { id } }", nil).answers(t, "null")
	s.ann.do(t, "{ it: viewer { email role username } }", nil).answers(t, `{"email":"ann@example.com","role":"USER","username":"ann"}`)
}

// filtersByRole: for admins, wherever the filter stands; a null is as if it
// were left out.
func filtersByRole(t *testing.T, s *shop) {
	count := func(c *client, field, filter string, variables vars) *reply {
		declared := ""
		for name := range variables {
			declared = map[string]string{"role": "($role: Role)", "filter": "($filter: UserFilter)"}[name]
		}
		return c.do(t, fmt.Sprintf("query%s { it: %s(filter: %s) { totalCount } }", declared, field, filter), variables)
	}
	for _, c := range []struct {
		field, filter string
		variables     vars
		total         int
		at            string // where the role stands, "" for nowhere
	}{
		{"users", "{role: ADMIN}", nil, 1, "filter.role"},
		{"users", "{role: USER}", nil, 3, "filter.role"},
		{"users", "{and: [{}, {not: {role: USER}}]}", nil, 1, "filter.and.1.not.role"},
		{"users", "{or: {or: {role: ADMIN}}}", nil, 1, "filter.or.0.or.0.role"},
		{"users", "{role: $role}", vars{"role": "ADMIN"}, 1, "filter.role"},
		{"users", "$filter", vars{"filter": vars{"not": vars{"role": "ADMIN"}}}, 3, "filter.not.role"},
		{"posts", "{author: {role: USER}}", nil, 2, "filter.author.role"},
		{"posts", "{not: {author: {and: {role: ADMIN}}}}", nil, 2, "filter.not.author.and.0.role"},
		{"users", "{role: null}", nil, 4, ""},
		{"users", "{role: $role}", vars{"role": nil}, 4, ""},
		{"users", "{and: {role: null}}", nil, 4, ""},
		{"users", "$filter", vars{"filter": vars{"or": []vars{{"role": nil}}}}, 4, ""},
		{"posts", "{author: {role: null}}", nil, 2, ""},
	} {
		total := fmt.Sprintf(`{"totalCount":%d}`, c.total)
		count(s.admin, c.field, c.filter, c.variables).answers(t, total)
		if c.at == "" {
			count(s.nobody, c.field, c.filter, c.variables).answers(t, total)
			continue
		}
		for code, by := range map[string]*client{"UNAUTHENTICATED": s.nobody, "FORBIDDEN": s.ann} {
			r := count(by, c.field, c.filter, c.variables)
			if got := strings.Join(r.faults(), "; "); got != code+" "+c.at || len(r.Errors[0].Path) != 1 {
				t.Errorf("%s %s: %s", code, c.filter, r.raw)
			}
		}
	}
	nested := fmt.Sprintf("{ it: category(id: %q) { posts(filter: {author: {role: USER}}) { totalCount } } }", s.shelf)
	s.admin.do(t, nested, nil).answers(t, `{"posts":{"totalCount":1}}`)
	if got := s.ann.do(t, nested, nil).faults(); len(got) != 1 || got[0] != "FORBIDDEN filter.author.role" {
		t.Errorf("%q", got)
	}
}
