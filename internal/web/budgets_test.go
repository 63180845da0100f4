package web_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/limit"
	"stoa/internal/web"
)

// budgeted is a shop that counts, by a clock that goes on only when it is told to.
type budgeted struct {
	*shop
	now time.Time
}

// tries is how often one may try to log in there.
const tries = 10

func newBudgeted(t *testing.T, perMinute int) *budgeted {
	t.Helper()
	s := &budgeted{shop: newShop(t, dbtest.Open(t, dbtest.SQLite)), now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	clock := func() time.Time { return s.now }
	var proxies limit.Proxies
	if err := proxies.UnmarshalText([]byte("10.0.0.0/8")); err != nil {
		t.Fatal(err)
	}
	s.handler = web.New(web.Options{
		DB: s.db, Auth: s.auth, Introspection: true, DebugHeaders: true, Proxies: proxies, MaxCost: 5000,
		Budget: limit.NewBuckets(perMinute, clock), Tries: limit.NewLogins(limit.NewBuckets(tries, clock)),
	})
	return s
}

// from sends a request of the client, by HTTP from the address; headers are
// "Name: value".
func (s *budgeted) from(t *testing.T, address string, by *client, query string, headers ...string) *reply {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r := by.request(t, http.MethodPost, "/graphql", string(body), append([]string{"Accept: application/graphql-response+json"}, headers...)...)
	r.RemoteAddr = address + ":4711"
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	answer := &reply{status: w.Code, header: w.Header(), raw: w.Body.String()}
	read(t, answer.raw, answer)
	return answer
}

// told are the headers about the budget: limit, remaining, reset and when to
// come again.
func (r *reply) told() string {
	var all []string
	for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"} {
		all = append(all, r.header.Get(name))
	}
	return strings.TrimSpace(strings.Join(all, " "))
}

func (r *reply) tells(t *testing.T, want string) {
	t.Helper()
	if got := fmt.Sprint(r.status, " ", r.told()); got != want {
		t.Errorf("got %s, want %s: %.500s", got, want, r.raw)
	}
}

// page costs n points.
func page(n int) string { return fmt.Sprintf("{ users(first: %d) { nodes { id } } }", n-1) }

func TestABudgetIsTold(t *testing.T) {
	s := newBudgeted(t, 600)
	r := s.from(t, "192.0.2.1", s.nobody, "{ a: rateLimit { limit cost remaining resetAt } users(first: 9) { nodes { id } } }")
	r.tells(t, "200 600 589 2")
	if want := `{"a":{"limit":600,"cost":11,"remaining":589,"resetAt":"2026-01-02T03:04:06.100000Z"}`; !strings.Contains(r.raw, want) {
		t.Errorf("got %s, want %s", r.raw, want)
	}
	s.from(t, "192.0.2.1", s.nobody, "{ __typename }").tells(t, "200 600 589 2") // which costs nothing
	s.now = s.now.Add(time.Second)
	s.from(t, "192.0.2.1", s.nobody, page(11)).tells(t, "200 600 588 2")

	// Without a budget nothing is told.
	free := *s
	free.handler = web.New(web.Options{DB: s.db, Auth: s.auth})
	r = free.from(t, "192.0.2.1", s.nobody, "{ it: rateLimit { cost } }")
	r.tells(t, "200 ")
	r.answers(t, "null")
}

// TestARefusedRequestCostsNothing, whatever it is refused for.
func TestARefusedRequestCostsNothing(t *testing.T) {
	s := newBudgeted(t, 600)
	ask := func(query, want string, headers ...string) *reply {
		t.Helper()
		r := s.from(t, "192.0.2.1", s.nobody, query, headers...)
		r.tells(t, want)
		return r
	}
	for query, headers := range map[string][]string{
		"{ nonsense }": nil, "{": nil, "{ __typename } ": {"Content-Type: text/plain"},
		page(100): {"Authorization: Bearer nonsense"}, "{ users(first: 6000) { nodes { id } } }": nil,
	} {
		if r := s.from(t, "192.0.2.1", s.nobody, query, headers...); r.told() != "" || r.status < 400 {
			t.Errorf("%s: %d %s", query, r.status, r.told())
		}
	}
	for left := 499; left > 0; left -= 101 {
		ask(page(101), fmt.Sprintf("200 600 %d %d", left, (600-left+9)/10))
	}
	for _, media := range []string{"application/graphql-response+json", "application/json"} {
		r := ask(page(100), "429 600 95 51 1", "Accept: "+media)
		if r.Data != nil || strings.Contains(r.raw, `"data"`) || strings.Join(r.faults(), "") != "RATE_LIMITED" {
			t.Error(r.raw)
		}
	}
	ask("mutation { logOut }", "200 600 85 52") // refused by a resolver: it has run
	ask(page(85), "200 600 0 60")
	ask(page(2), "429 600 0 60 1")
	s.now = s.now.Add(200 * time.Millisecond)
	ask(page(2), "200 600 0 60")
	ask(page(101), "429 600 0 60 11")
}

// TestWhoHasABudget: each user, and each address of those who are not logged in.
func TestWhoHasABudget(t *testing.T) {
	s := newBudgeted(t, 100)
	for n, c := range []struct {
		address   string
		by        *client
		forwarded string
		want      string
	}{
		{"192.0.2.1", s.nobody, "", "200 100 0 60"},
		{"192.0.2.1", s.nobody, "198.51.100.1", "429 100 0 60 60"}, // whom nobody believes
		{"192.0.2.2", s.nobody, "", "200 100 0 60"},
		{"192.0.2.1", s.ann, "", "200 100 0 60"}, // where others have spent theirs
		{"192.0.2.3", s.ann, "", "429 100 0 60 60"},
		{"192.0.2.1", s.bob, "", "200 100 0 60"},
		{"192.0.2.3", s.nobody, "", "200 100 0 60"},
		{"10.0.0.1", s.nobody, "198.51.100.1", "200 100 0 60"},
		{"10.0.0.2", s.nobody, "6.6.6.6, 198.51.100.1, 10.0.0.3", "429 100 0 60 60"},
		{"198.51.100.1", s.nobody, "", "429 100 0 60 60"},
		{"10.0.0.1", s.nobody, "198.51.100.2", "200 100 0 60"},
		{"[2001:db8::1]", s.nobody, "", "200 100 0 60"},
		{"[2001:db8::ffff:1]", s.nobody, "", "429 100 0 60 60"},
		{"[2001:db8:0:1::1]", s.nobody, "", "200 100 0 60"},
		{"[::ffff:192.0.2.1]", s.nobody, "", "429 100 0 60 60"},
	} {
		if r := s.from(t, c.address, c.by, page(100), "X-Forwarded-For: "+c.forwarded); fmt.Sprint(r.status, " ", r.told()) != c.want {
			t.Errorf("%d: got %d %s, want %s", n, r.status, r.told(), c.want)
		}
	}
}

// TestTriesToLogIn are counted one by one, by address and by e-mail, whether
// they come in one request or in many.
func TestTriesToLogIn(t *testing.T) {
	s := newBudgeted(t, 60_000)
	refused := func(r *reply, others ...string) {
		t.Helper()
		if got := strings.Join(r.faults(), ","); got != strings.Join(append([]string{"RATE_LIMITED"}, others...), ",") || r.Data != nil {
			t.Errorf("got %s: %.500s", got, r.raw)
		}
	}
	aliases := func(n int, field string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "f%d: %s { user { id } } ", i, strings.ReplaceAll(field, "#", fmt.Sprint(i)))
		}
		return "mutation { " + b.String() + "}"
	}
	good := fmt.Sprintf("logIn(input: {email: \"ann@example.com\", password: %q})", secret)

	r := s.from(t, "192.0.2.1", s.nobody, aliases(tries+1, good))
	refused(r)
	if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "6" {
		t.Errorf("%d %v", r.status, r.header)
	}
	refused(s.from(t, "192.0.2.2", s.nobody, logIn(" ANN@example.com", secret))) // the e-mail has had its tries
	s.from(t, "192.0.2.2", s.nobody, logIn("bob@example.com", secret)).answers(t, fmt.Sprintf(`{"user":{"id":%q}}`, s.bob.id))
	refused(s.from(t, "192.0.2.1", s.nobody, logIn("bob@example.com", secret))) // and so has the address
	refused(s.from(t, "192.0.2.1", s.ann, refresh(s.ann.refresh)))              // a token is no way around it
	s.from(t, "192.0.2.1", s.nobody, page(2)).tells(t, "200 60000 59866 1")

	s.now = s.now.Add(6 * time.Second) // one try comes back
	s.from(t, "192.0.2.1", s.nobody, logIn("ann@example.com", secret)).answers(t, fmt.Sprintf(`{"user":{"id":%q}}`, s.ann.id))
	refused(s.from(t, "192.0.2.1", s.nobody, logIn("ann@example.com", secret)))

	// The three fields count together, and each in each of a request's fields.
	mixed := `mutation {
		a: signUp(input: {username: "x", email: "x", password: "x"}) { token } b: refreshToken(token: "x") { token }
		c: logIn(input: {email: "c@example.com", password: "x"}) { token } d: logIn(input: {email: "d@example.com", password: "x"}) { token }
	}`
	for range 2 {
		if r := s.from(t, "192.0.2.3", s.nobody, mixed); strings.Contains(r.raw, "RATE_LIMITED") {
			t.Error(r.raw)
		}
	}
	if r := s.from(t, "192.0.2.3", s.nobody, mixed); strings.Count(r.raw, "RATE_LIMITED") != 2 {
		t.Error(r.raw)
	}
	refused(s.from(t, "192.0.2.3", s.nobody, "mutation { signUp(input: {username: \"\", email: \"e\", password: \"\"}) { token } }"))
	s.from(t, "192.0.2.4", s.nobody, aliases(tries, `logIn(input: {email: "someone#@example.com", password: "x"})`))
	refused(s.from(t, "192.0.2.4", s.nobody, logIn("another@example.com", "x")))
}

// TestASharedBudget tells as much, and its statements are not the request's.
func TestASharedBudget(t *testing.T) {
	db, counter := dbtest.Counted(t, dbtest.Postgres)
	s := &budgeted{shop: newShop(t, db)}
	s.handler = web.New(web.Options{
		DB: db, Auth: s.auth, DebugHeaders: true,
		Budget: limit.NewShared(db, 60_000, time.Now, slog.New(slog.DiscardHandler)),
		Tries:  limit.NewLogins(limit.NewShared(db, tries, time.Now, slog.New(slog.DiscardHandler))),
	})
	counter.Reset()
	const requests = 20
	for n := range requests {
		r := s.from(t, "192.0.2.1", s.ann, "{ it: rateLimit { limit cost } users { nodes { id } } }", "Stoa-Debug: sql")
		if !strings.Contains(r.raw, `"it":{"limit":60000,"cost":12}`) || !strings.Contains(r.raw, `"statementsPlanned":2,"statements":2,`) {
			t.Errorf("%d: %s", n, r.raw)
		}
	}
	// One, unless so many requests take longer than a lease lives.
	if leases := len(counter.Statements()) - 2*requests; leases < 1 || leases > requests/4 {
		t.Errorf("%d leases for %d requests", leases, requests)
	}
	r := s.from(t, "192.0.2.1", s.nobody, page(60_001))
	if r.status != http.StatusTooManyRequests || r.header.Get("RateLimit-Remaining") != "60000" || r.header.Get("Retry-After") == "" {
		t.Errorf("%d %v", r.status, r.header)
	}
	s.from(t, "192.0.2.1", s.nobody, logIn("ann@example.com", secret)).answers(t, fmt.Sprintf(`{"user":{"id":%q}}`, s.ann.id))
}
