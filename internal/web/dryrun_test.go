package web_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

const dryRun = "Stoa-Dry-Run"

// TestDryRuns: whatever mutations are tried, all tables are as they were.
func TestDryRuns(t *testing.T) {
	const real, dry, randomSeed = 100, 1000, 14
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s := newShop(t, dbtest.Open(t, kind))
			d := &double{s, map[string]string{}, map[string]string{}, map[string]int{}}
			a := &author{rand.New(rand.NewPCG(randomSeed, 0)), d.count}
			for range real {
				if d.told(t, s.admin.token, a.request()); s.admin.do(t, "{ viewer { id } }", nil).status != http.StatusOK {
					s.admin = s.another(t)
				}
			}
			tokens := []string{s.admin.token, s.admin.token, s.admin.token, s.signUp(t, "trying").token, ""}
			before, outcomes := checksums(t, s.db, kind), map[string]int{}
			d.handler = trying{s.handler}
			for range dry {
				outcomes[outcome(d.told(t, a.one(tokens...), a.request()))]++
			}
			if after := checksums(t, s.db, kind); !slices.Equal(before, after) {
				t.Errorf("the tables were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
			}
			for _, code := range []string{"data", "BAD_USER_INPUT", "CONFLICT", "NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED"} {
				if outcomes[code] < dry/50 {
					t.Errorf("the mutations are one-sided: %v", outcomes)
				}
			}
		})
	}
}

// another is a client of an admin.
func (s *shop) another(t *testing.T) *client {
	t.Helper()
	email := s.name("admin") + "@example.com"
	if err := (&store.Accounts{DB: s.db, Auth: s.auth}).EnsureAdmin(t.Context(), email, secret); err != nil {
		t.Fatal(err)
	}
	return s.nobody.logIn(t, email, secret)
}

// trying has all requests be dry runs.
type trying struct{ site }

func (h trying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Header.Set(dryRun, "true")
	h.site.ServeHTTP(w, r)
}

// tables are all tables, by the kind of database.
var tables = map[string]string{
	dbtest.SQLite:   "SELECT name, (SELECT group_concat('quote(' || c.name || ')', ' || '','' || ') FROM pragma_table_info(m.name) c) FROM sqlite_master m WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
	dbtest.Postgres: "SELECT relname, 't::text' FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname",
}

// checksums are those of all rows of each table.
func checksums(t *testing.T, db *sqldb.DB, kind string) (all []string) {
	t.Helper()
	var names, rows []string
	var name, row string
	if err := db.ReadAll(t.Context(), tables[kind], nil, func() { names, rows = append(names, name), append(rows, row) }, &name, &row); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		sum, n := sha256.New(), 0
		err := db.ReadAll(t.Context(), "SELECT "+rows[i]+" FROM "+name+" t ORDER BY 1", nil, func() { n++; fmt.Fprintln(sum, row) }, &row)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s: %d rows, %x", name, n, sum.Sum(nil)))
	}
	if len(all) < 10 {
		t.Fatalf("only the tables %q", names)
	}
	return all
}

// TestTried: a dry run answers what the mutation would, and has no effect.
func TestTried(t *testing.T) {
	shared(t, map[string]func(t *testing.T, s *shop){
		"answers":    tried,
		"tokens":     triedToLogIn,
		"headers":    triedOtherwise,
		"with a key": triedWithKey,
	})
}

func tried(t *testing.T, s *shop) {
	c := s.admin.with(dryRun, "true")
	sku := s.name("sku")
	create := fmt.Sprintf(`mutation { a: createProduct(input: {sku: %q, name: "Cup", price: 1, categoryId: %q}) { sku category { products(filter: {sku: %[1]q}) { totalCount } } } }`, sku, s.shelf)
	for range 2 {
		r := c.do(t, create, nil)
		if want := fmt.Sprintf(`{"data":{"a":{"sku":%q,"category":{"products":{"totalCount":1}}}}}`+"\n", sku); r.raw != want || r.header.Get(dryRun) != "true" {
			t.Errorf("%v %s", r.header, r.raw)
		}
	}
	wrong := c.do(t, fmt.Sprintf(`mutation { it: createProduct(input: {sku: "a b", name: " ", price: 1, categoryId: %q}) { sku } }`, s.shelf), nil)
	wrong.refuses(t, "BAD_USER_INPUT input.name BLANK", "BAD_USER_INPUT input.sku MALFORMED")
	if wrong.header.Get(dryRun) != "true" {
		t.Errorf("%v", wrong.header)
	}
	if n := s.rows(t, "products WHERE sku = ?", sku); n > 0 {
		t.Errorf("%d products", n)
	}
}

// The tokens of a dry run are good for nothing, also when others come to have the
// ids that it has used.
func triedToLogIn(t *testing.T, s *shop) {
	name := s.name("newcomer")
	signUp := fmt.Sprintf("signUp(input: {username: %q, email: \"%[1]s@example.com\", password: %q})", name, secret)
	shadow := s.nobody.with(dryRun, "true").begin(t, signUp)
	newcomer := s.nobody.begin(t, signUp)
	refresh := fmt.Sprintf("refreshToken(token: %q)", newcomer.refresh)
	next := s.nobody.with(dryRun, "true").begin(t, refresh)
	for _, token := range []string{shadow.token, next.token} {
		if r := s.nobody.send(t.Context(), "Bearer "+token, "{ viewer { id } }", nil); r.status != http.StatusUnauthorized {
			t.Errorf("a token of a dry run: %s", r.raw)
		}
	}
	for _, token := range []string{shadow.refresh, next.refresh} {
		if got := s.nobody.do(t, fmt.Sprintf("mutation { it: refreshToken(token: %q) { token } }", token), nil).faults(); !slices.Equal(got, []string{"UNAUTHENTICATED"}) {
			t.Errorf("a refresh token of a dry run: %q", got)
		}
	}
	traded := newcomer.refresh
	newcomer = s.nobody.begin(t, refresh)
	s.nobody.with(dryRun, "true").do(t, fmt.Sprintf("mutation { it: refreshToken(token: %q) { token } }", traded), nil).refuses(t, "UNAUTHENTICATED")
	newcomer.with(dryRun, "true").get(t, "mutation { logOut(everywhere: true) }", nil)
	newcomer.live(t, true)
}

func triedOtherwise(t *testing.T, s *shop) {
	title := s.name("title")
	for _, wrong := range [][]string{{"1"}, {"True"}, {""}, {"true", "true"}} {
		r := s.ann.with(dryRun, wrong...).do(t, createsPost, vars{"title": title})
		if got := r.faults(); !slices.Equal(got, []string{"BAD_REQUEST"}) || r.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", wrong, r.status, r.raw)
		}
	}
	if n := s.titled(t, title); n > 0 {
		t.Errorf("%d posts", n)
	}
	if r := s.ann.with(dryRun, "true").do(t, "{ viewer { username } }", nil); len(r.Errors) > 0 || r.header.Get(dryRun) != "" {
		t.Errorf("a query: %v %s", r.header, r.raw)
	}
	r := s.ann.with(dryRun, "false").do(t, createsPost, vars{"title": title})
	if s.titled(t, title) != 1 || r.header.Get(dryRun) != "" {
		t.Errorf("%v %s", r.header, r.raw)
	}
}

// A dry run leaves no key, and looks for none.
func triedWithKey(t *testing.T, s *shop) {
	title := s.name("title")
	c := s.ann.with(key, title)
	trial := c.with(dryRun, "true")
	trial.get(t, createsPost, vars{"title": title})
	first := c.do(t, createsPost, vars{"title": title})
	if r := trial.do(t, createsPost, vars{"title": title}); r.raw == first.raw || r.header.Get(replayed) != "" {
		t.Errorf("%v %s", r.header, r.raw)
	}
	c.do(t, createsPost, vars{"title": title}).again(t, first)
	if n := s.titled(t, title); n != 1 {
		t.Errorf("%d posts", n)
	}
}
