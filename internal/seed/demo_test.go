package seed

import (
	"slices"
	"testing"
	"time"

	"stoa/internal/scalar"
)

func TestDemoKeepsTheRules(t *testing.T) {
	d, err := newDemo(closing.Std())
	if err != nil {
		t.Fatal(err)
	}
	a := newAudit(t, fresh)
	likes := a.shop(d.shop())
	if len(d.products) != 60 || len(d.categories) != 8 || len(d.users) != 12 || len(d.posts) != 80 || likes < 400 {
		t.Errorf("%d products, %d categories, %d users, %d posts, %d likes",
			len(d.products), len(d.categories), len(d.users), len(d.posts), likes)
	}
	for i := range d.posts[1:] {
		if d.posts[i].created > d.posts[i+1].created {
			t.Errorf("post %d is older than the one before", i+2)
		}
	}
	for i := range d.products[1:] {
		if d.products[i].created > d.products[i+1].created {
			t.Errorf("product %d is older than the one before", i+2)
		}
	}
}

// The demo shows what there is to show: nulls, zeros, ties, and words that only
// folding finds.
func TestDemoShowsEveryCase(t *testing.T) {
	d, err := newDemo(closing.Std())
	if err != nil {
		t.Fatal(err)
	}
	var bare, out, homeless, changed int
	words := map[string]bool{}
	instants := map[scalar.Time]bool{}
	for _, p := range d.products {
		bare += int(count(p.sku == nil))
		out += int(count(p.inventory == 0))
		changed += int(count(p.version > 1))
		instants[p.created] = true
		for _, word := range p.search {
			words[word] = true
		}
	}
	for _, p := range d.posts {
		homeless += int(count(p.category == nil))
	}
	if bare < 3 || out < 5 || homeless < 5 || changed < 5 || len(instants) == len(d.products) {
		t.Errorf("%d without a sku, %d out of stock, %d posts without a category, %d changed, %d instants",
			bare, out, homeless, changed, len(instants))
	}
	for _, text := range []string{"CRÈME", "GROSSE STRASSE", "ΣΤΟΆ", "急須", "smörgås"} {
		for _, word := range scalar.Words(text) {
			if !words[word] {
				t.Errorf("no product has the word %q", word)
			}
		}
	}
}

func TestDemoIsTheSameEachTime(t *testing.T) {
	var sums []string
	for range 2 {
		d, err := newDemo(closing.Std())
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sumOf(t, d.shop()))
	}
	if len(slices.Compact(sums)) != 1 {
		t.Error("it is not")
	}
}

func TestDemoRefusesUnknownNames(t *testing.T) {
	d := &demo{members: map[string]int64{"one": 1}}
	for _, p := range []demoPost{{Author: "two"}, {Author: "one", LikedBy: []string{"two"}}} {
		if err := d.addPost(filedPost{demoPost: p}); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
}

// However late the demo is opened, something has just happened in it, and nothing
// is still to come.
func TestDemoHasComeToToday(t *testing.T) {
	today := time.Date(2031, 8, 9, 10, 11, 12, 0, time.UTC)
	d, err := newDemo(today)
	if err != nil {
		t.Fatal(err)
	}
	last := d.likes[0].created
	for _, l := range d.likes {
		last = max(last, l.created)
	}
	for _, p := range d.products {
		last = max(last, p.updated)
	}
	if ago := today.Sub(last.Std()); ago < 0 || ago > 10*24*time.Hour {
		t.Errorf("the last row is %s old", ago)
	}
	before, err := newDemo(closing.Std())
	if err != nil {
		t.Fatal(err)
	}
	if later := d.posts[0].created - before.posts[0].created; time.Duration(later)*time.Microsecond%(24*time.Hour) != 0 {
		t.Errorf("the first post was written at another time of its day: %s", d.posts[0].created)
	}
}
