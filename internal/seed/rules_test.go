package seed

import (
	"math"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stoa/internal/scalar"
)

// audit holds rows against the rules of the data, and against one another.
type audit struct {
	t          *testing.T
	first      ids
	until      scalar.Time
	names      map[string]bool
	skus       map[string]bool
	usernames  map[string]bool
	categories map[int64]scalar.Time // when they were created
	users      map[int64]scalar.Time
	posts      map[int64]post
	products   int64
}

func newAudit(t *testing.T, first ids) *audit {
	return &audit{
		t: t, first: first, until: closing,
		names: map[string]bool{}, skus: map[string]bool{}, usernames: map[string]bool{},
		categories: map[int64]scalar.Time{}, users: map[int64]scalar.Time{}, posts: map[int64]post{},
	}
}

// shop audits all rows and returns how many likes there are.
func (a *audit) shop(s shop) int {
	for c := range s.categories {
		a.category(c)
	}
	for p := range s.products {
		a.product(p)
	}
	for u := range s.users {
		a.user(u)
	}
	for p := range s.posts {
		a.post(p)
	}
	return a.likes(s)
}

func (a *audit) category(c category) {
	a.t.Helper()
	a.id("category", c.id, a.first.categories+int64(len(a.categories)))
	a.text(c.name, 1, 100, false)
	a.text(c.description, 0, 20000, true)
	a.history(c.history)
	a.words(c.search, c.name, c.description)
	a.once(a.names, scalar.Fold(c.name))
	a.categories[c.id] = c.created
}

var skuForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (a *audit) product(p product) {
	a.t.Helper()
	a.id("product", p.id, a.first.products+a.products)
	a.products++
	a.text(p.name, 1, 200, false)
	a.text(p.description, 0, 20000, true)
	a.history(p.history)
	a.words(p.search, p.name, p.description)
	if p.sku != nil {
		if !skuForm.MatchString(*p.sku) {
			a.t.Errorf("sku %q", *p.sku)
		}
		a.once(a.skus, *p.sku)
	}
	if p.price < 0 || p.price > 99_999_999_99 {
		a.t.Errorf("price %v", p.price)
	}
	if p.inventory < 0 || p.inventory > math.MaxInt32 {
		a.t.Errorf("inventory %d", p.inventory)
	}
	a.after(a.categories, p.category, p.created)
}

var usernameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{3,30}$`)

func (a *audit) user(u user) {
	a.t.Helper()
	a.id("user", u.id, a.first.users+int64(len(a.users)))
	if !usernameForm.MatchString(u.username) {
		a.t.Errorf("username %q", u.username)
	}
	address, err := mail.ParseAddress(u.email)
	if err != nil || address.Address != u.email || u.email != strings.ToLower(u.email) || len(u.email) > 254 {
		a.t.Errorf("e-mail %q: %v", u.email, err)
	}
	a.history(u.history)
	a.once(a.usernames, strings.ToLower(u.username))
	a.once(a.usernames, u.email)
	a.users[u.id] = u.created
}

func (a *audit) post(p post) {
	a.t.Helper()
	a.id("post", p.id, a.first.posts+int64(len(a.posts)))
	a.text(p.title, 1, 200, false)
	a.text(p.content, 1, 20000, true)
	a.history(p.history)
	a.words(p.search, p.title, p.content)
	a.after(a.users, p.author, p.created)
	if p.category != nil {
		a.after(a.categories, *p.category, p.created)
	}
	a.posts[p.id] = p
}

// likes checks that each user likes a post once, after both came to be, and that
// posts count their likes.
func (a *audit) likes(s shop) int {
	a.t.Helper()
	counts, pairs := map[int64]int64{}, map[[2]int64]bool{}
	for l := range s.likes {
		counts[l.post]++
		if pair := [2]int64{l.post, l.user}; pairs[pair] {
			a.t.Errorf("user %d likes post %d twice", l.user, l.post)
		} else {
			pairs[pair] = true
		}
		a.after(a.users, l.user, l.created)
		if l.created < a.posts[l.post].created || l.created > a.until {
			a.t.Errorf("post %d was liked at %v", l.post, l.created)
		}
	}
	for id, p := range a.posts {
		if p.likes != counts[id] {
			a.t.Errorf("post %d has %d likes and counts %d", id, counts[id], p.likes)
		}
		delete(counts, id)
	}
	if len(counts) > 0 {
		a.t.Errorf("likes of no post: %v", counts)
	}
	return len(pairs)
}

func (a *audit) id(kind string, got, want int64) {
	a.t.Helper()
	if got != want {
		a.t.Errorf("%s %d stands where %d was due", kind, got, want)
	}
}

func (a *audit) once(seen map[string]bool, key string) {
	a.t.Helper()
	if seen[key] {
		a.t.Errorf("%q is there twice", key)
	}
	seen[key] = true
}

func (a *audit) after(since map[int64]scalar.Time, id int64, then scalar.Time) {
	a.t.Helper()
	if start, there := since[id]; !there || then < start {
		a.t.Errorf("at %v refers to %d, of %v (there: %v)", then, id, start, there)
	}
}

func (a *audit) history(h history) {
	a.t.Helper()
	if h.created < opening || h.updated < h.created || h.updated > a.until || h.version < 1 ||
		(h.version == 1) != (h.created == h.updated) {
		a.t.Errorf("history %+v", h)
	}
}

// text checks the length, in code points, and that nothing in the text would
// have been refused or altered.
func (a *audit) text(s string, least, most int, lines bool) {
	a.t.Helper()
	length := utf8.RuneCountInString(s)
	if !utf8.ValidString(s) || length < least || length > most || s != strings.TrimSpace(s) {
		a.t.Errorf("text %q", s)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !(lines && r == '\n') }) {
		a.t.Errorf("text with control characters %q", s)
	}
	if strings.Contains(s, "  ") || strings.ContainsAny(s, "{}[]#") {
		a.t.Errorf("text badly made %q", s)
	}
}

func (a *audit) words(got []string, texts ...string) {
	a.t.Helper()
	if want := scalar.Words(texts...); !slices.Equal(got, want) {
		a.t.Errorf("words of %q:\n%q, not\n%q", texts, got, want)
	}
}
