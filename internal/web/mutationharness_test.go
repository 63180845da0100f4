package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
	"stoa/internal/store"
	"stoa/internal/web"
)

const secret = "correct horse"

// shop is a server above a fresh database: an admin, two users, and clients of
// all of them and of nobody.
type shop struct {
	db                      *sqldb.DB
	auth                    *auth.Service
	handler                 site
	log                     *keptLog
	nobody, admin, ann, bob *client
	shelf                   string // a category that has products
	made                    int    // how many names have been made
	refusing                *scene
}

// eachShop runs the test in a shop over each kind of database.
func eachShop(t *testing.T, test func(t *testing.T, s *shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) { test(t, newShop(t, db)) })
}

// shared runs tests by their names in a shop over each kind of database, which
// they share: each changes only what it has made.
func shared(t *testing.T, tests map[string]func(t *testing.T, s *shop)) {
	t.Helper()
	eachShop(t, func(t *testing.T, s *shop) {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) { test(t, s) })
		}
	})
}

// keyOf is a key of the tests.
func keyOf(letter string) []byte { return []byte(strings.Repeat(letter, 32)) }

func newShop(t *testing.T, db *sqldb.DB) *shop {
	t.Helper()
	s := &shop{db: db}
	s.refusing = &scene{shop: s, t: t, ids: map[string]string{}}
	s.auth = s.service(t, auth.Options{})
	s.handler, s.log = hushed(t, web.Options{DB: db, Auth: s.auth, Introspection: true})
	s.nobody = &client{handler: s.handler}
	if err := (&store.Accounts{DB: db, Auth: s.auth}).EnsureAdmin(t.Context(), "root@example.com", secret); err != nil {
		t.Fatal(err)
	}
	s.admin = s.nobody.logIn(t, "root@example.com", secret)
	s.ann, s.bob = s.signUp(t, "ann"), s.signUp(t, "bob")
	s.shelf = s.admin.make(t, `createCategory(input: {name: "Shelf"})`)
	s.signUp(t, "taken")
	s.admin.make(t, `createCategory(input: {name: "Taken Straße Café"})`)
	s.admin.make(t, fmt.Sprintf(`createProduct(input: {sku: "TAKEN", name: "Taken", price: 1, categoryId: %q})`, s.shelf))
	return s
}

// service is one over the shop's database; what the options leave out is that
// of the shop's own.
func (s *shop) service(t *testing.T, o auth.Options) *auth.Service {
	t.Helper()
	if o.Keys == nil {
		o.Keys = [][]byte{keyOf("k")}
	}
	if o.TokenTTL == 0 {
		o.TokenTTL = time.Hour
	}
	if o.RefreshTTL == 0 {
		o.RefreshTTL = 24 * time.Hour
	}
	o.Cost = bcrypt.MinCost
	service, err := auth.New(s.db, o)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// name is one that has not been used.
func (s *shop) name(kind string) string {
	s.made++
	return fmt.Sprintf("%s-%d", kind, s.made)
}

// newcomer is a client of a new user, with the e-mail by which they log in.
func (s *shop) newcomer(t *testing.T) (c *client, email string) {
	t.Helper()
	name := s.name("newcomer")
	return s.signUp(t, name), name + "@example.com"
}

// signUp is a client of a new user.
func (s *shop) signUp(t *testing.T, name string) *client {
	t.Helper()
	return s.nobody.begin(t, fmt.Sprintf("signUp(input: {username: %q, email: \"%[1]s@example.com\", password: %q})", name, secret))
}

// product, category and post are the ids of new ones, the post one of ann's.
func (s *shop) product(t *testing.T) string {
	t.Helper()
	return s.admin.make(t, fmt.Sprintf(`createProduct(input: {sku: %q, name: "Cup", price: "1.50", inventory: 5, categoryId: %q})`, s.name("sku"), s.shelf))
}

func (s *shop) category(t *testing.T) string {
	t.Helper()
	return s.admin.make(t, fmt.Sprintf(`createCategory(input: {name: %q, description: "New"})`, s.name("Category")))
}

func (s *shop) post(t *testing.T) string {
	t.Helper()
	return s.ann.make(t, fmt.Sprintf(`createPost(input: {title: "Title", content: "Content", categoryId: %q})`, s.shelf))
}

// nothing is the well-formed id of nothing.
func nothing(kind string) string { return string(relay.NewID(kind, 1<<40)) }
