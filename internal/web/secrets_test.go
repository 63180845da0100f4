package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// TestLogsHoldNoSecrets: no password, token or hash is in a line of the log,
// whatever succeeds, fails or breaks.
func TestLogsHoldNoSecrets(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s := &talkative{watched: watch(t, kind, dbtest.Open(t, kind)), secrets: []string{secret, string(keyOf("k"))}}
			s.logIns(t)
			s.mistakes(t)
			s.badTokens(t)
			s.panics(t)
			s.secrets = append(s.secrets, strings.Fields(s.text(t, "SELECT string_agg(password_hash, ' ') FROM users"))...)
			s.broken(t)

			log := s.log.String()
			for _, hidden := range s.secrets {
				if at := strings.Index(log, hidden); at >= 0 {
					t.Errorf("the log holds %s: %s", hidden, log[max(0, at-300):min(len(log), at+300)])
				}
			}
			if at := secretive.FindStringIndex(log); at != nil {
				t.Errorf("the log holds a secret: %s", log[max(0, at[0]-300):min(len(log), at[1]+300)])
			}
			for _, said := range []string{"slow request", "msg=panic", "internal error"} {
				if !strings.Contains(log, said) {
					t.Errorf("the log does not say %q", said)
				}
			}
		})
	}
}

// talkative is a shop that is sent all sorts of secrets.
type talkative struct {
	*watched
	secrets []string
}

// keep returns a text that is to be in no log.
func (s *talkative) keep(text string) string {
	s.secrets = append(s.secrets, text)
	return text
}

func (s *talkative) password() string { return s.keep(s.name("unspeakable")) }

// sendAs sends a request with an Authorization.
func (s *talkative) sendAs(t *testing.T, authorization, query string, variables vars) *reply {
	t.Helper()
	return s.nobody.send(t.Context(), authorization, query, variables)
}

func (s *talkative) logIns(t *testing.T) {
	const logIn = `mutation($email: String!, $password: String!) { logIn(input: {email: $email, password: $password}) { token refreshToken } }`
	signUp := func(name, password string) *reply {
		return s.nobody.do(t, fmt.Sprintf(`mutation { signUp(input: {username: %q, email: "%[1]s@example.com", password: %q}) {
			token refreshToken user { email } } }`, name, password), nil)
	}
	signUp("cleo", s.password())
	signUp("cleo", s.password()) // the name is taken
	signUp("dora", s.keep("tacit"))
	signUp("dora", s.keep(strings.Repeat("hush!", 20)))
	signUp("dora", s.keep("a confidential\nline"))
	for _, email := range []string{"root@example.com", "nobody@example.com", "", "\x00"} {
		s.nobody.do(t, logIn, vars{"email": email, "password": s.password()})
	}
	s.nobody.do(t, logIn, vars{"email": "root@example.com", "password": secret})
	s.nobody.do(t, logIn, vars{"email": "root@example.com", "password": 0xc0ffee})
	s.nobody.do(t, logIn, vars{"email": "root@example.com", "password": vars{"password": s.password()}})
	token := s.ann.refresh
	for range 3 { // good, spent, ended
		s.nobody.do(t, fields(fmt.Sprintf("refreshToken(token: %q) { token refreshToken }", s.keep(token))), nil)
	}
	for _, c := range []*client{s.ann, s.bob, s.admin} {
		s.keep(c.token)
		s.keep(c.refresh)
	}
}

// mistakes are requests that are refused for what is beside the secret.
func (s *talkative) mistakes(t *testing.T) {
	for _, query := range []string{
		`mutation { updateUser(id: "x", input: {password: "<secret>", email: "x"}) { id } }`,
		`mutation { createUser(input: {username: "x", email: "x", password: "<secret>", role: ADMIN}) { id } }`,
		`mutation { a: updateUser(id: "` + s.bob.id + `", input: {password: "<secret>"}) { id } b: likePost(id: "x") { id } }`,
		`mutation { updateUser(id: "` + s.bob.id + `", ifVersion: 99, input: {password: "<secret>"}) { id } }`,
		`mutation { refreshToken(token: "<secret>") { token } }`,
		`mutation { signUp(input: {password: "<secret>"}) { token } }`,
		`mutation { signUp(input: {password: "<secret>`,
		`mutation Named { logIn(input: {email: "x", password: "<secret>"}) { nothing } }`,
		`query { users(filter: {password: "<secret>"}) { nodes { id } } }`,
	} {
		s.admin.do(t, strings.ReplaceAll(query, "<secret>", s.password()), nil)
	}
	short, cancel := context.WithCancel(t.Context())
	cancel()
	s.nobody.send(short, "", fmt.Sprintf(`mutation { logIn(input: {email: "root@example.com", password: %q}) { token } }`, s.password()), nil)
}

func (s *talkative) badTokens(t *testing.T) {
	good := s.bob.token
	for _, bad := range []string{
		"Bearer " + s.keep("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."),
		"Bearer " + good[:len(good)-2], "Bearer " + good + "x", "Bearer " + s.bob.refresh, "bearer" + good,
		"Basic " + s.keep("cm9vdDpodW50ZXIy"), s.keep("bare-words"), "Bearer " + s.keep("\x01\x02control"),
	} {
		if r := s.sendAs(t, bad, "{ viewer { id } }", nil); r.status != 401 {
			t.Errorf("%q: %d %s", bad, r.status, r.raw)
		}
	}
}

// panics has the statements of a request panic, where the token is read and
// where a field is resolved.
func (s *talkative) panics(t *testing.T) {
	for _, statement := range []string{" logins ", "INSERT INTO users"} {
		ctx := sqldb.Observe(t.Context(), func(text string, _ []any) {
			if strings.Contains(text, statement) {
				panic("the observer")
			}
		})
		name := s.name("panic")
		r := s.admin.doIn(ctx, fmt.Sprintf(`mutation { createUser(input: {username: %q, email: "%[1]s@example.com", password: %q}) { id } }`, name, s.password()))
		if !strings.Contains(r.raw, "INTERNAL") {
			t.Errorf("%s: %d %s", statement, r.status, r.raw)
		}
	}
}

// broken takes tables and columns away, one after the other.
func (s *talkative) broken(t *testing.T) {
	breaks := []string{"ALTER TABLE users RENAME COLUMN password_hash TO gone", "ALTER TABLE logins RENAME TO lost"}
	if s.kind == dbtest.Postgres { // tells, beside what is wrong, the whole row
		breaks = append([]string{"ALTER TABLE users ADD CONSTRAINT none CHECK (password_hash = '') NOT VALID"}, breaks...)
	}
	for _, statement := range breaks {
		if _, err := s.db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		name := s.name("late")
		for _, query := range []string{
			fmt.Sprintf(`mutation { signUp(input: {username: %q, email: "%[1]s@example.com", password: %q}) { token } }`, name, s.password()),
			fmt.Sprintf(`mutation { logIn(input: {email: "root@example.com", password: %q}) { token } }`, secret),
			fmt.Sprintf(`mutation { refreshToken(token: %q) { token } }`, s.bob.refresh),
		} {
			s.nobody.do(t, query, nil)
			s.bob.do(t, query, nil)
		}
	}
	if r := s.bob.do(t, "{ viewer { id } }", nil); !strings.Contains(r.raw, "INTERNAL") {
		t.Errorf("nothing is broken: %d %s", r.status, r.raw)
	}
}
