package web_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// double is a shop over one of two databases that are told the same. What each
// makes has ids and tokens of its own; both call it by the same names, as in
// #Product-3: the third that an answer showed.
type double struct {
	*shop
	names map[string]string // by id or token
	ids   map[string]string // by name
	count map[string]int
}

var (
	shownID    = regexp.MustCompile(`"id":"([A-Za-z0-9_-]+)"`)
	shownToken = regexp.MustCompile(`"(token|refreshToken)":"([^"]+)"`)
	shownTime  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`)
	symbol     = regexp.MustCompile(`#[A-Za-z]+-\d+`)
)

// told sends a request and returns the answer in names.
func (d *double) told(t *testing.T, token, document string) string {
	t.Helper()
	c := &client{handler: d.handler, token: d.meant(token)}
	r := c.do(t, d.meant(document), nil)
	for _, found := range shownID.FindAllStringSubmatch(r.raw, -1) {
		kind, _, ok := relay.ID(found[1]).Parse()
		if !ok {
			t.Fatalf("%s is no id", found[1])
		}
		d.learn(kind, found[1])
	}
	for _, found := range shownToken.FindAllStringSubmatch(r.raw, -1) {
		d.learn(found[1], found[2])
	}
	answer := shownID.ReplaceAllStringFunc(r.raw, func(text string) string { return `"id":"` + d.names[shownID.FindStringSubmatch(text)[1]] + `"` })
	answer = shownToken.ReplaceAllString(answer, `"$1":"?"`)
	return fmt.Sprintln(r.status, shownTime.ReplaceAllString(answer, "?"))
}

func (d *double) learn(kind, id string) {
	if d.names[id] == "" {
		d.count[kind]++
		name := fmt.Sprintf("#%s-%d", kind, d.count[kind])
		d.names[id], d.ids[name] = name, id
	}
}

// meant is a text with ids and tokens in the places of their names.
func (d *double) meant(text string) string {
	return symbol.ReplaceAllStringFunc(text, func(name string) string { return d.ids[name] })
}

// everything is all that an admin sees.
const everything = `{ products(first: 100, sortBy: {field: NAME, thenBy: {field: PRICE}}) { totalCount nodes` + seenProduct + ` stats { count priceAvg } }
	categories(first: 100, sortBy: {field: NAME}) { nodes` + seenCategory + ` }
	users(first: 100) { nodes` + seenUser + ` }
	posts(first: 100, sortBy: {field: LIKES}) { nodes` + seenPost + ` }
	found: products(filter: {search: "strasse"}) { nodes { id } } more: posts(filter: {search: "É", not: {search: "vase"}}) { nodes { id } } people: users(filter: {search: "x"}) { nodes { id } } }`

// pair is both databases' shops, told the same.
type pair [2]*double

// tell sends both a request and returns their answer, which is one.
func (p pair) tell(t *testing.T, token, document string) string {
	t.Helper()
	one, two := p[0].told(t, token, document), p[1].told(t, token, document)
	if one != two || strings.Contains(one, "INTERNAL") {
		t.Fatalf("as %s: %s\nSQLite answers     %sPostgreSQL answers %s", token, document, one, two)
	}
	return one
}

// alive is the token, or that of a new log-in where it is no more, of a new
// user where there is none.
func (p pair) alive(t *testing.T, token, email, username string) string {
	t.Helper()
	if token != "" && strings.HasPrefix(p.tell(t, token, "{ viewer { role } }"), "200") {
		return token
	}
	answer := p.tell(t, "", fmt.Sprintf("mutation { logIn(input: {email: %q, password: %q})"+seenLogIn+" }", email, secret))
	if outcome(answer) != "data" {
		p.tell(t, "", fmt.Sprintf("mutation { signUp(input: {email: %q, username: %q, password: %q})"+seenLogIn+" }", email, username, secret))
	}
	return fmt.Sprintf("#token-%d", p[0].count["token"])
}

// TestBothDatabasesAnswerAlike: a long sequence of mutations, valid and not.
func TestBothDatabasesAnswerAlike(t *testing.T) {
	sqlite, postgres := dbtest.Pair(t)
	answerAlike(t, sqlite, postgres, 300)
}

func answerAlike(t *testing.T, sqlite, postgres *sqldb.DB, requests int) {
	t.Helper()
	const randomSeed = 8
	var both pair
	for i, s := range []*shop{newShop(t, sqlite), newShop(t, postgres)} {
		both[i] = &double{s, map[string]string{}, map[string]string{}, map[string]int{}}
	}
	a := &author{rand.New(rand.NewPCG(randomSeed, 0)), both[0].count}
	admin := both.alive(t, "", "root@example.com", "root")
	both.tell(t, admin, everything)
	user, outcomes := "", map[string]int{}
	for range requests {
		var token string
		switch n := a.IntN(9); {
		case n < 4:
			admin = both.alive(t, admin, "root@example.com", "root")
			token = admin
		case n < 7:
			user = both.alive(t, user, "user@example.com", "user")
			token = user
		case n < 8:
			token = a.some("token")
		}
		outcomes[outcome(both.tell(t, token, a.request()))]++
	}
	admin = both.alive(t, admin, "root@example.com", "root")
	both.tell(t, admin, everything)
	for _, d := range both {
		if n := d.rows(t, wrongLikes); n > 0 {
			t.Errorf("%d posts miscount their likes", n)
		}
	}
	for _, code := range []string{"data", "BAD_USER_INPUT", "CONFLICT", "NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED"} {
		if outcomes[code] < requests/40 {
			t.Errorf("the sequence is one-sided: %v", outcomes)
		}
	}
}

var shownCode = regexp.MustCompile(`"code":"([A-Z_]+)"`)

// outcome is the first code of an answer, "data" if it has none.
func outcome(answer string) string {
	if found := shownCode.FindStringSubmatch(answer); found != nil {
		return found[1]
	}
	return "data"
}
