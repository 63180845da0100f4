package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stoa/internal/auth"
	"stoa/internal/sqldb"
)

func TestLogIns(t *testing.T) {
	shared(t, map[string]func(t *testing.T, s *shop){
		"refreshing":                    refreshing,
		"refreshing in vain":            refreshingInVain,
		"refresh tokens refused":        refreshTokensRefused,
		"log-out":                       loggingOut,
		"a new password":                newPassword,
		"role and existence":            roleAndExistence,
		"who leaves writes no more":     leaving,
		"failed log-ins are alike":      failedLogIns,
		"all of a long password counts": longPasswords,
	})
}

func refresh(token string) string {
	return fmt.Sprintf("mutation { it: refreshToken(token: %q) { user { id } } }", token)
}

func logIn(email, password string) string {
	return fmt.Sprintf("mutation { it: logIn(input: {email: %q, password: %q}) { user { id } } }", email, password)
}

// live expects the client's token to be good, or no more.
func (c *client) live(t *testing.T, want bool) {
	t.Helper()
	r := c.do(t, whoAmI, nil)
	if want {
		r.answers(t, fmt.Sprintf(`{"id":%q}`, c.id))
	} else {
		r.unauthorized(t)
	}
}

// refreshing: a refresh token is good once; used again it ends the chain, and no
// other, although the request fails.
func refreshing(t *testing.T, s *shop) {
	first, email := s.newcomer(t)
	other := s.nobody.logIn(t, email, secret)
	second := s.nobody.begin(t, fmt.Sprintf("refreshToken(token: %q)", first.refresh))
	third := s.bob.begin(t, fmt.Sprintf("refreshToken(token: %q)", second.refresh)) // whoever sends it
	chain := []*client{first, second, third}
	for _, c := range chain {
		c.live(t, true)
	}
	s.nobody.do(t, refresh(second.refresh), nil).refuses(t, "UNAUTHENTICATED")
	for _, c := range chain {
		c.live(t, false)
		s.nobody.do(t, refresh(c.refresh), nil).refuses(t, "UNAUTHENTICATED")
	}
	other.live(t, true)
	s.bob.live(t, true)
	s.nobody.do(t, refresh(other.refresh), nil).answers(t, fmt.Sprintf(`{"user":{"id":%q}}`, first.id))
}

// refreshingInVain: what fails spends nothing, but a spent token ends its chain
// there too.
func refreshingInVain(t *testing.T, s *shop) {
	first, _ := s.newcomer(t)
	failing := `mutation { a: refreshToken(token: %q) { token } b: createPost(input: {title: "In vain", content: "x"}) { id } c: likePost(id: "x") { id } }`
	first.do(t, fmt.Sprintf(failing, first.refresh), nil).refuses(t, "BAD_USER_INPUT id MALFORMED")
	first.live(t, true)
	second := s.nobody.begin(t, fmt.Sprintf("refreshToken(token: %q)", first.refresh))
	s.bob.do(t, fmt.Sprintf(failing, first.refresh), nil).refuses(t, "UNAUTHENTICATED", "BAD_USER_INPUT id MALFORMED")
	first.live(t, false)
	s.nobody.do(t, refresh(second.refresh), nil).refuses(t, "UNAUTHENTICATED")

	again, _ := s.newcomer(t)
	s.nobody.do(t, fmt.Sprintf("mutation { a: refreshToken(token: %q) { token } b: refreshToken(token: %[1]q) { token } }", again.refresh), nil).
		refuses(t, "UNAUTHENTICATED")
	if n := s.rows(t, "posts WHERE title = 'In vain'"); n > 0 {
		t.Errorf("%d posts of requests that failed", n)
	}
}

// refreshTokensRefused: those that were never good leave the chain as it is.
func refreshTokensRefused(t *testing.T, s *shop) {
	user, email := s.newcomer(t)
	token, key, hs256 := user.refresh, keyOf("k"), jwt.SigningMethodHS256
	expired := s.restarted(t, auth.Options{RefreshTTL: time.Nanosecond}).logIn(t, email, secret)
	for name, refused := range map[string]string{
		"an access token":      user.token,
		"alg none":             forged(t, token, asItIs, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"alg HS384":            forged(t, token, asItIs, jwt.SigningMethodHS384, key),
		"an unknown key":       forged(t, token, asItIs, hs256, keyOf("x")),
		"for ever":             forged(t, token, setting("exp", nil), hs256, key),
		"expired":              expired.refresh,
		"a deleted user's":     s.deleted(t).refresh,
		"a scheme before":      "Bearer " + token,
		"NUL":                  "\x00",
		"one more letter":      token + "A",
		"a token of much text": strings.Repeat("x", 100_000),
	} {
		r := s.nobody.do(t, "mutation($token: String!) { it: refreshToken(token: $token) { token } }", vars{"token": refused})
		r.refuses(t, "UNAUTHENTICATED")
		if t.Failed() || r.header.Get("WWW-Authenticate") != "" {
			t.Fatalf("%s: %v", name, r.header)
		}
	}
	s.nobody.do(t, refresh(token), nil).answers(t, fmt.Sprintf(`{"user":{"id":%q}}`, user.id))
}

// loggingOut ends one log-in, or all of the user's.
func loggingOut(t *testing.T, s *shop) {
	one, email := s.newcomer(t)
	two, three := s.nobody.logIn(t, email, secret), s.nobody.logIn(t, email, secret)
	two.do(t, "mutation { it: logOut }", nil).answers(t, "true")
	two.live(t, false)
	s.nobody.do(t, refresh(two.refresh), nil).refuses(t, "UNAUTHENTICATED")
	one.live(t, true)
	three.live(t, true)

	three.do(t, `mutation { a: logOut(everywhere: true) b: likePost(id: "x") { id } }`, nil).refuses(t, "BAD_USER_INPUT id MALFORMED")
	three.live(t, true)
	three.do(t, "mutation { it: logOut(everywhere: true) }", nil).answers(t, "true")
	for _, c := range []*client{one, three} {
		c.live(t, false)
		s.nobody.do(t, refresh(c.refresh), nil).refuses(t, "UNAUTHENTICATED")
	}
	s.bob.live(t, true)
	s.nobody.logIn(t, email, secret).live(t, true)
	s.nobody.do(t, "mutation { logOut }", nil).refuses(t, "UNAUTHENTICATED")
}

// newPassword ends all log-ins of the user, whoever set it.
func newPassword(t *testing.T, s *shop) {
	one, email := s.newcomer(t)
	two := s.nobody.logIn(t, email, secret)
	set := func(by *client, password, more string) *reply {
		return by.do(t, fmt.Sprintf("mutation { it: updateUser(id: %q, input: {password: %q}) { id } %s }", one.id, password, more), nil)
	}
	done := fmt.Sprintf(`{"id":%q}`, one.id)
	set(s.bob, "a new password", "").refuses(t, "FORBIDDEN")
	set(one, "a new password", `b: likePost(id: "x") { id }`).refuses(t, "BAD_USER_INPUT id MALFORMED")
	one.live(t, true)
	two.live(t, true)
	set(one, "a new password", "").answers(t, done)
	one.live(t, false)
	two.live(t, false)
	s.nobody.do(t, refresh(two.refresh), nil).refuses(t, "UNAUTHENTICATED")
	s.nobody.do(t, logIn(email, secret), nil).refuses(t, "UNAUTHENTICATED")
	again := s.nobody.logIn(t, email, "a new password")
	set(s.admin, "a newer password", "").answers(t, done)
	again.live(t, false)
	s.admin.live(t, true)
	s.bob.live(t, true)
}

// roleAndExistence are read each time: a token says who, and no more.
func roleAndExistence(t *testing.T, s *shop) {
	user, email := s.newcomer(t)
	role := func(role string) {
		s.admin.get(t, fmt.Sprintf("mutation { updateUser(id: %q, input: {role: %s}) { id } }", user.id, role), nil)
	}
	create := `mutation { it: createCategory(input: {name: "The newcomer's"}) { name } }`
	admins := fmt.Sprintf("{ it: users(filter: {role: ADMIN, ids: [%q]}) { totalCount } }", user.id)
	user.do(t, create, nil).refuses(t, "FORBIDDEN")
	role("ADMIN")
	user.do(t, create, nil).answers(t, `{"name":"The newcomer's"}`)
	user.do(t, admins, nil).answers(t, `{"totalCount":1}`)
	role("USER")
	user.do(t, create, nil).refuses(t, "FORBIDDEN")
	if r := user.do(t, admins, nil); strings.Join(r.faults(), "") != "FORBIDDEN filter.role" {
		t.Error(r.raw)
	}
	s.admin.get(t, fmt.Sprintf("mutation { deleteUser(id: %q) }", user.id), nil)
	user.live(t, false)
	s.nobody.do(t, logIn(email, secret), nil).refuses(t, "UNAUTHENTICATED")
}

// leaving: what one writes after one's own end is refused, and the end with it.
func leaving(t *testing.T, s *shop) {
	user, _ := s.newcomer(t)
	for field, refused := range map[string]string{
		`createPost(input: {title: "Last", content: "x"}) { author { id } }`: "CONFLICT",
		fmt.Sprintf("likePost(id: %q) { id }", s.post(t)):                    "UNAUTHENTICATED",
	} {
		user.do(t, fmt.Sprintf("mutation { a: deleteUser(id: %q) b: %s }", user.id, field), nil).refuses(t, refused)
		user.live(t, true)
	}
	for _, last := range []string{"logOut", fmt.Sprintf("deleteUser(id: %q)", user.id)} {
		user.do(t, fmt.Sprintf(`mutation { a: %s b: createPost(input: {title: " ", content: "x"}) { id } }`, last), nil).refuses(t, "BAD_USER_INPUT input.title BLANK")
		user.live(t, true)
	}
	want := fmt.Sprintf(`{"it":{"author":{"id":%q}},"last":true}`, user.id)
	document := fmt.Sprintf(`mutation { it: createPost(input: {title: "Last", content: "x"}) { author { id } } last: deleteUser(id: %q) }`, user.id)
	if got := user.get(t, document, nil); got != want || s.rows(t, "posts WHERE title = 'Last'") != 0 {
		t.Errorf("got %s, want %s; a post may be left", got, want)
	}
	user.live(t, false)
}

// failedLogIns are alike, whatever was wrong: by what they say and by what they
// ask of the database. That they take as long, the package auth tests.
func failedLogIns(t *testing.T, s *shop) {
	var first string
	for _, document := range []string{
		logIn("ann@example.com", secret+"?"), logIn("nobody@example.com", secret), logIn("", ""), logIn("ann@example.com", ""),
		logIn("ann@example.com", strings.Repeat("x", 73)), logIn("nobody@example.com", strings.Repeat("x", 1000)),
	} {
		statements := 0
		ctx := sqldb.Observe(t.Context(), func(string, []any) { statements++ })
		r := s.nobody.send(ctx, "", document, nil)
		if first == "" {
			first = r.raw
		}
		r.refuses(t, "UNAUTHENTICATED")
		if r.raw != first || statements != 1 || r.status != http.StatusOK || r.header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: %d statements, %d %s", document, statements, r.status, r.raw)
		}
	}
}

// longPasswords: all their bytes count.
func longPasswords(t *testing.T, s *shop) {
	longest := strings.Repeat("é", 35) + "ab"
	s.nobody.begin(t, fmt.Sprintf(`signUp(input: {username: "long", email: "long@example.com", password: %q})`, longest)).live(t, true)
	s.nobody.logIn(t, "long@example.com", longest).live(t, true)
	for _, wrong := range []string{longest + "x", longest + longest, longest[:71], longest[:71] + "B"} {
		s.nobody.do(t, logIn("long@example.com", wrong), nil).refuses(t, "UNAUTHENTICATED")
	}
}
