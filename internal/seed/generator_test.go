package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"iter"
	"strings"
	"testing"
)

var fresh = ids{1, 1, 1, 1}

func generate(t testing.TB, o Options, first ids) *generator {
	t.Helper()
	g, err := newGenerator(o, first)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGeneratedRowsKeepTheRules(t *testing.T) {
	for name, o := range map[string]Options{
		"many":           {Products: 5000, Categories: 7000, Users: 3000, Posts: 5000, RandomSeed: 7},
		"few users":      {Products: 10, Categories: 1, Users: 3, Posts: 2000, RandomSeed: 1},
		"one of each":    {Products: 1, Categories: 1, Users: 1, Posts: 1},
		"no categories":  {Users: 20, Posts: 300, RandomSeed: 1<<64 - 1},
		"catalogue only": {Products: 500, Categories: 3, RandomSeed: 3},
		"nothing":        {},
	} {
		t.Run(name, func(t *testing.T) {
			g := generate(t, o, fresh)
			a := newAudit(t, fresh)
			likes := a.shop(g.shop())
			if a.products != int64(o.Products) || len(a.categories) != o.Categories || len(a.users) != o.Users || len(a.posts) != o.Posts {
				t.Errorf("%d products, %d categories, %d users and %d posts for %+v",
					a.products, len(a.categories), len(a.users), len(a.posts), o)
			}
			if all := int64(o.Products + o.Categories + o.Users + o.Posts + likes); g.rows() != all {
				t.Errorf("%d rows announced, %d made", g.rows(), all)
			}
		})
	}
}

// What is added to what is there collides with none of it, whatever the seeds.
func TestRowsCanBeAddedAgain(t *testing.T) {
	o := Options{Products: 400, Categories: 400, Users: 400, Posts: 400}
	a := newAudit(t, fresh)
	for seed, first := range []ids{{1, 1, 1, 1}, {401, 401, 401, 401}, {801, 801, 801, 801}} {
		o.RandomSeed = uint64(seed % 2)
		b := newAudit(t, first)
		b.names, b.skus, b.usernames = a.names, a.skus, a.usernames
		b.shop(generate(t, o, first).shop())
	}
	beside := newAudit(t, ids{9, 5000, 13, 81})
	beside.shop(generate(t, o, beside.first).shop())
}

// The same options make the same rows for ever: these sums change only when what
// is generated is meant to change.
func TestRowsOfASeed(t *testing.T) {
	o := Options{Products: 300, Categories: 40, Users: 100, Posts: 300, RandomSeed: 42}
	const want = "0d25b5cc13dfc89d"
	sum := sumOf(t, generate(t, o, fresh).shop())
	if sum != want {
		t.Errorf("the sum of the rows is %s, not %s", sum, want)
	}
	if again := sumOf(t, generate(t, o, fresh).shop()); again != sum {
		t.Errorf("the second time it is %s", again)
	}
	o.RandomSeed++
	if other := sumOf(t, generate(t, o, fresh).shop()); other == sum {
		t.Error("another seed makes the same rows")
	}
}

func sumOf(t *testing.T, s shop) string {
	h := sha256.New()
	hashAll(t, h, s.categories)
	hashAll(t, h, s.products)
	hashAll(t, h, s.users)
	hashAll(t, h, s.posts)
	hashAll(t, h, s.likes)
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func hashAll[R row](t *testing.T, h hash.Hash, rows iter.Seq[R]) {
	for r := range rows {
		text, err := json.Marshal(r.values())
		if err != nil {
			t.Fatal(err)
		}
		h.Write(text)
	}
}

// A row is made when it is asked for, and none before it is kept: the first ones
// of a thousand million come at once.
func TestRowsAreStreamed(t *testing.T) {
	g := generate(t, Options{Products: maxRows, Categories: maxRows, Users: maxRows, Posts: maxRows}, fresh)
	n := 0
	for range g.products() {
		if n++; n == 10 {
			break
		}
	}
	for range g.posts() {
		if n++; n == 20 {
			break
		}
	}
	for range g.likes() {
		if n++; n == 30 {
			break
		}
	}
	if n != 30 {
		t.Errorf("%d rows", n)
	}
}

func TestColumnsHaveValues(t *testing.T) {
	for _, r := range []row{category{}, product{}, user{}, post{}, like{}} {
		if name, columns := r.table(); len(columns) != len(r.values()) {
			t.Errorf("%s: %d columns, %d values", name, len(columns), len(r.values()))
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		o    Options
		says []string
	}{
		{Options{}, nil},
		{Options{Categories: 1, Products: 1, Users: 1, Posts: 1}, nil},
		{Options{Products: 1}, []string{"products need categories"}},
		{Options{Posts: 1}, []string{"posts need users"}},
		{Options{Users: -1, Categories: maxRows + 1}, []string{"-1 users", "1000000001 categories"}},
		{Options{Products: 1, Posts: 1}, []string{"products need categories", "posts need users"}},
	} {
		err := c.o.Check()
		if (err == nil) != (c.says == nil) {
			t.Errorf("%+v: %v", c.o, err)
		}
		for _, part := range c.says {
			if err != nil && !strings.Contains(err.Error(), part) {
				t.Errorf("%+v: %v, nothing about %q", c.o, err, part)
			}
		}
	}
}
