package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"stoa/internal/limit"
	"stoa/internal/scalar"
	"stoa/internal/web"
)

const key, replayed = "Idempotency-Key", "Idempotency-Replayed"

// again is a reply that repeats the first, byte for byte.
func (r *reply) again(t *testing.T, first *reply) {
	t.Helper()
	if r.raw != first.raw || r.status != first.status || r.header.Get("Content-Type") != first.header.Get("Content-Type") {
		t.Errorf("got  %d %.500s\nwant %d %.500s", r.status, r.raw, first.status, first.raw)
	}
	if r.header.Get(replayed) != "true" || first.header.Get(replayed) != "" {
		t.Errorf("replayed: %q, at first %q", r.header.Get(replayed), first.header.Get(replayed))
	}
}

const createsPost = `mutation P($title: String!) { createPost(input: {title: $title, content: "It."}) { id title version createdAt } }`

// TestSentAgain: with the same key a mutation takes effect once, and is answered
// alike.
func TestSentAgain(t *testing.T) {
	shared(t, map[string]func(t *testing.T, s *shop){
		"the same":      sentAgain,
		"other body":    sentOtherwise,
		"other client":  sentByAnother,
		"other media":   sentForOtherMedia,
		"expired":       sentTooLate,
		"refused first": sentAfterRefusal,
		"too large":     answeredAtLength,
		"keys":          sentWithWrongKeys,
		"tokens":        loggedInAgain,
		"statements":    sentInStatements,
	})
}

func (s *shop) titled(t *testing.T, title string) int {
	t.Helper()
	return s.rows(t, "posts WHERE title = ?", title)
}

func sentAgain(t *testing.T, s *shop) {
	title := s.name("title")
	c := s.ann.with(key, title)
	first := c.do(t, createsPost, vars{"title": title})
	s.ann.get(t, fmt.Sprintf("mutation { deletePost(id: %q) }", createdIn(t, first)), nil)
	for range 3 {
		c.do(t, createsPost, vars{"title": title, "unused": 1}).again(t, first)
	}
	if n := s.titled(t, title); n != 0 {
		t.Errorf("%d posts were made again", n)
	}
	query := c.do(t, "{ viewer { username } }", nil)
	query.header.Del("X-Request-Id")
	if query.header.Get(replayed) != "" || len(query.Errors) > 0 {
		t.Errorf("a query: %v %s", query.header, query.raw)
	}
}

func createdIn(t *testing.T, r *reply) string {
	t.Helper()
	var data struct{ CreatePost struct{ ID string } }
	read(t, string(r.Data), &data)
	return data.CreatePost.ID
}

func sentOtherwise(t *testing.T, s *shop) {
	title := s.name("title")
	c := s.ann.with(key, title)
	first := c.do(t, createsPost, vars{"title": title})
	for name, again := range map[string]func() *reply{
		"variables": func() *reply { return c.do(t, createsPost, vars{"title": title + "!"}) },
		"document":  func() *reply { return c.do(t, createsPost+" ", vars{"title": title}) },
	} {
		r := again()
		if got := r.faults(); len(got) != 1 || got[0] != "CONFLICT KEY_REUSED" || r.Data != nil || r.status != http.StatusOK {
			t.Errorf("with other %s: %d %s", name, r.status, r.raw)
		}
	}
	if n := s.rows(t, "posts WHERE title LIKE ?", title+"%"); n != 1 {
		t.Errorf("%d posts", n)
	}
	c.do(t, createsPost, vars{"title": title}).again(t, first)
}

func sentByAnother(t *testing.T, s *shop) {
	title := s.name("title")
	variables := vars{"title": title}
	one := s.ann.with(key, title).do(t, createsPost, variables)
	two := s.bob.with(key, title).do(t, createsPost, variables)
	if one.raw == two.raw || two.header.Get(replayed) != "" || s.titled(t, title) != 2 {
		t.Errorf("another user: %s", two.raw)
	}
	sameUser := s.nobody.logIn(t, "ann@example.com", secret).with(key, title)
	sameUser.do(t, createsPost, variables).again(t, one)

	name := s.name("newcomer")
	signUp := fmt.Sprintf("mutation { signUp(input: {username: %q, email: \"%[1]s@example.com\", password: %q}) { token } }", name, secret)
	here, there := s.nobody.with(key, name).at("192.0.2.1:5"), s.nobody.with(key, name).at("192.0.2.2:5")
	first := here.do(t, signUp, nil)
	if got := there.do(t, signUp, nil).faults(); len(got) != 2 { // the name and the address are taken
		t.Errorf("another address: %q", got)
	}
	here.do(t, signUp, nil).again(t, first)
}

// at is the client at an address.
func (c *client) at(address string) *client {
	other := *c
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = address
		c.handler.ServeHTTP(w, r)
	})
	return &other
}

func sentForOtherMedia(t *testing.T, s *shop) {
	title := s.name("title")
	c := s.ann.with(key, title)
	first := c.do(t, createsPost, vars{"title": title})
	plain := c.with("Accept", "application/json").do(t, createsPost, vars{"title": title})
	if plain.raw != first.raw || plain.header.Get("Content-Type") != "application/json; charset=utf-8" || plain.header.Get(replayed) != "true" {
		t.Errorf("%v %s", plain.header, plain.raw)
	}
	events := c.with("Accept", "text/event-stream").do(t, createsPost, vars{"title": title})
	if !strings.Contains(events.raw, "data: "+strings.TrimSuffix(first.raw, "\n")+"\n") || events.header.Get(replayed) != "true" {
		t.Errorf("%v %s", events.header, events.raw)
	}
}

func sentTooLate(t *testing.T, s *shop) {
	title := s.name("title")
	c := s.ann.with(key, title)
	first := c.do(t, createsPost, vars{"title": title})
	s.aged(t, 23*time.Hour)
	c.do(t, createsPost, vars{"title": title}).again(t, first)
	s.aged(t, 25*time.Hour)
	second := c.do(t, createsPost, vars{"title": title})
	if second.raw == first.raw || s.titled(t, title) != 2 {
		t.Errorf("after a day: %s", second.raw)
	}
	c.do(t, createsPost, vars{"title": title}).again(t, second)
}

// aged has all answers be as old.
func (s *shop) aged(t *testing.T, age time.Duration) {
	t.Helper()
	if _, err := s.db.Exec(t.Context(), "UPDATE idempotency SET at = ?", scalar.TimeOf(time.Now().Add(-age))); err != nil {
		t.Fatal(err)
	}
}

func sentAfterRefusal(t *testing.T, s *shop) {
	sku := s.name("sku")
	c := s.admin.with(key, sku)
	create := fmt.Sprintf(`mutation { it: createProduct(input: {sku: %q, name: "Cup", price: 1, categoryId: %q}) { sku } }`, sku, s.shelf)
	other := s.admin.make(t, fmt.Sprintf(`createProduct(input: {sku: %q, name: "Cup", price: 1, categoryId: %q})`, sku, s.shelf))
	kept := s.rows(t, "idempotency")
	c.do(t, create, nil).refuses(t, "CONFLICT input.sku TAKEN")
	if n := s.rows(t, "idempotency"); n != kept {
		t.Errorf("%d answers to what was rolled back", n-kept)
	}
	s.admin.get(t, fmt.Sprintf("mutation { deleteProduct(id: %q) }", other), nil)
	first := c.do(t, create, nil)
	first.answers(t, fmt.Sprintf(`{"sku":%q}`, sku))
	c.do(t, create, nil).again(t, first)
}

func answeredAtLength(t *testing.T, s *shop) {
	title := s.name("title")
	long := strings.Repeat("x", 20_000)
	create := fmt.Sprintf("mutation P($x: String!) { createPost(input: {title: %q, content: $x}) { %s } }", title, aliases(53, "content"))
	r := s.ann.with(key, title).do(t, create, vars{"x": long})
	if got := r.faults(); len(got) != 1 || got[0] != "BAD_REQUEST" || r.status != http.StatusBadRequest || s.titled(t, title) != 0 {
		t.Errorf("%d %.500s", r.status, r.raw)
	}
	short := s.ann.with(key, title).do(t, strings.Replace(create, "f52: content", "", 1), vars{"x": long})
	s.ann.with(key, title).do(t, strings.Replace(create, "f52: content", "", 1), vars{"x": long}).again(t, short)
}

func aliases(n int, field string) (all string) {
	for i := range n {
		all += fmt.Sprintf(" f%d: %s", i, field)
	}
	return all
}

func sentWithWrongKeys(t *testing.T, s *shop) {
	for _, wrong := range [][]string{{""}, {"a b"}, {"é"}, {"a\x7f"}, {strings.Repeat("k", 256)}, {"a", "a"}} {
		c := s.ann.with(key, wrong...)
		r := c.do(t, `mutation { createPost(input: {title: "Wrong", content: "It."}) { id } }`, nil)
		if got := r.faults(); len(got) != 1 || got[0] != "BAD_REQUEST" || r.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", wrong, r.status, r.raw)
		}
		c.get(t, "{ viewer { id } }", nil)
	}
	for _, right := range []string{"!", "~", `"8e03978e-40d5-43dd-bc93-6894a57f9324"`, strings.Repeat("k", 255)} {
		s.ann.with(key, right).get(t, createsPost, vars{"title": "Right"})
	}
	if s.titled(t, "Wrong") > 0 {
		t.Error("a wrong key did not matter")
	}
}

// Tokens are given again, and not kept as they are: a refresh of which the answer
// was lost ends no log-in.
func loggedInAgain(t *testing.T, s *shop) {
	newcomer, email := s.newcomer(t)
	logIn := fmt.Sprintf(`mutation { begun: logIn(input: {email: %q, password: %q}) { token refreshToken } }`, email, secret)
	c := s.nobody.with(key, email)
	first := c.do(t, logIn, nil)
	c.do(t, logIn, nil).again(t, first)
	var data struct {
		Begun struct{ Token, RefreshToken string }
	}
	read(t, string(first.Data), &data)

	refresh := fmt.Sprintf(`mutation { begun: refreshToken(token: %q) { token refreshToken } }`, data.Begun.RefreshToken)
	second := s.nobody.with(key, email+"-2").do(t, refresh, nil)
	s.nobody.with(key, email+"-2").do(t, refresh, nil).again(t, second)
	read(t, string(second.Data), &data)
	(&client{s.handler, newcomer.id, data.Begun.Token, ""}).live(t, true)

	var answer []byte
	err := s.db.ReadAll(t.Context(), "SELECT answer FROM idempotency", nil, func() {
		if len(answer) == 0 || bytes.Contains(answer, []byte(data.Begun.Token[:20])) {
			t.Errorf("kept as %q", answer)
		}
	}, &answer)
	if err != nil {
		t.Error(err)
	}
}

// One statement more finds the key, and one keeps the answer; to be sent again is
// the first alone.
func sentInStatements(t *testing.T, s *shop) {
	title := vars{"title": s.name("title")}
	without := len(s.ann.statements(t, createsPost, title))
	c := s.ann.with(key, s.name("key"))
	if n := len(c.statements(t, createsPost, title)); n != without+2 {
		t.Errorf("%d statements with a key, %d without", n, without)
	}
	if sent := c.statements(t, createsPost, title); len(sent) != 1 {
		t.Errorf("sent again: %q", sent)
	}
	debugged := (&client{handler: s.site(t, func(o *web.Options) { o.DebugHeaders = true }), token: s.ann.token}).with("Stoa-Debug", "sql")
	r := debugged.with(key, s.name("key")).do(t, createsPost, title)
	if want := fmt.Sprintf(`"statementsPlanned":7,"statements":%d`, without+3); !strings.Contains(r.raw, want) {
		t.Errorf("got %s, want %s", r.raw, want)
	}
}

// TestGuessingByKeys: who knows a key learns no more of the password that was sent
// with it than by log-ins.
func TestGuessingByKeys(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		tries := limit.NewLogins(limit.NewBuckets(5, func() time.Time { return time.Unix(0, 0) }))
		c := (&client{handler: s.site(t, func(o *web.Options) { o.Tries = tries })}).with(key, "k")
		logIn := `mutation { logIn(input: {email: "ann@example.com", password: %q}) { token } }`
		c.get(t, fmt.Sprintf(logIn, secret), nil)
		var codes []string
		for n := range 6 {
			codes = append(codes, c.do(t, fmt.Sprintf(logIn, fmt.Sprint("guess ", n)), nil).faults()...)
		}
		if got := strings.Join(codes, " "); strings.Count(got, "CONFLICT KEY_REUSED") != 4 || strings.Count(got, "RATE_LIMITED") != 2 {
			t.Errorf("guesses are answered %q", got)
		}
	})
}
