package web_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

// TestCountsBesideTheirPages: the number of a list's rows is read at the same time as a page of
// them, where it is asked for whatever the variables are.
func TestCountsBesideTheirPages(t *testing.T) {
	const inAny, nowhere = 10 * time.Second, 30 * time.Millisecond
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db, counter := dbtest.Counted(t, kind)
			s := newShop(t, db)
			if err := seed.Fill(t.Context(), db, seed.Options{Products: 40, Categories: 4, Users: 3, Posts: 3, RandomSeed: 1}); err != nil {
				t.Fatal(err)
			}
			for query, beside := range map[string]bool{
				`{ products(first: 2) { totalCount nodes { id } } }`:                                                                true,
				`{ products(first: 2, filter: {search: "a"}) { nodes { id } total: totalCount } }`:                                  true,
				`{ categories(first: 2) { nodes { products(first: 2) { nodes { id } totalCount } } } }`:                             true,
				`{ products(first: 2) { ...Count nodes { id } } } fragment Count on ProductConnection { totalCount }`:               true,
				`{ products(first: 2) { ... { totalCount } nodes { id } } }`:                                                        true,
				`query Q($no: Boolean = false) { products(first: 2) { totalCount @skip(if: $no) nodes { id } } }`:                   false,
				`query Q($no: Boolean = false) { products(first: 2) { ... @skip(if: $no) { totalCount } nodes { id } } }`:           false,
				`{ products(first: 2) { ... { ... { totalCount } } nodes { id } } }`:                                                false,
				`{ products(first: 2) { nodes { id } } }`:                                                                           false,
				`{ products(first: 2) { nodes { category { products(first: 1) { nodes { id } } } } } categories { totalCount } }`:   false,
				`query Q($all: Boolean = true) { products(first: 2) { ...Count @include(if: $all) nodes { id } } }` + countFragment: false,
			} {
				wait := nowhere
				if beside {
					wait = inAny
				}
				if got := together(counter, " products", wait, func() { s.nobody.get(t, query, nil) }); got != beside {
					t.Errorf("two statements about products at once: %v, want %v: %s", got, beside, query)
				}
			}
		})
	}
}

const countFragment = ` fragment Count on ProductConnection { totalCount }`

// together tells whether two statements with the text in them are under way at the same time while
// do runs; each waits so long for another.
func together(counter *dbtest.Counter, text string, wait time.Duration, do func()) bool {
	var underWay atomic.Int64
	var meet sync.Once
	met := make(chan struct{})
	counter.Hold(func(statement string) {
		if !strings.Contains(statement, text) {
			return
		}
		if underWay.Add(1) == 2 {
			meet.Do(func() { close(met) })
		}
		defer underWay.Add(-1)
		select {
		case <-met:
		case <-time.After(wait):
		}
	})
	defer counter.Hold(nil)
	do()
	select {
	case <-met:
		return true
	default:
		return false
	}
}

// TestCountsByOneConnection: a page and its count do not wait for each other's connection.
func TestCountsByOneConnection(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s := newShop(t, dbtest.Connect(t, sqldb.Options{URL: dbtest.URL(t, kind), MaxConns: 1, AcquireTimeout: time.Minute}))
			s.nobody.get(t, `{ products(first: 2) { totalCount nodes { id } } }`, nil)
			s.nobody.get(t, `{ categories(first: 2) { nodes { products(first: 2) { nodes { id } totalCount } } } }`, nil)
		})
	}
}
