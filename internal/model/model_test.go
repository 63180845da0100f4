package model

import (
	"slices"
	"strings"
	"testing"
)

func TestFinds(t *testing.T) {
	for _, c := range []struct {
		search, text string
		want         bool
	}{
		{"lamp", "Lampshade", true},
		{"amp", "Lamp", false},
		{"lamp red", "a red LAMP", true},
		{"lamp blue", "a red lamp", false},
		{"lamps", "lamp", false},
		{"", "anything", true},
		{" -!🎉", "", true},
		{"x", "", false},
		{"red-lamp", "lamp/red", true},
		{"o", "wall-o", true},
		{"strasse", "STRAẞE", true},
		{"STRASSE", "Straße", true},
		{"stras", "Straße", true},
		{"straß", "strasse", true},
		{"été", "E\u0301TE\u0301", true},
		{"e", "été", false},
		{"ete", "été", false},
		{"a\u0307\u0323", "a\u0323\u0307", true},
		{"i\u0307stanbul", "İstanbul", true},
		{"i", "İstanbul", true},
		{"istanbul", "İstanbul", false},
		{"istanbul", "ISTANBUL", true},
		{"ıstanbul", "ISTANBUL", false},
		{"σίσυφος", "ΣΊΣΥΦΟΣ", true},
		{"σίσυφοσ", "σίσυφος", true},
		{"k", "\u212A", true},
		{"ω", "\u2126", true},
		{"ﬁ", "fish", true},
		{"f", "ﬁsh", true},
		{"東", "東京", true},
		{"京", "東京", false},
		{"한", "\u1112\u1161\u11ab글", true},
		{"क", "क्षि", true},
		{"١", "١٢٣", true},
		{"1", "١٢٣", false},
		{"ⅷ", "Ⅷ", true},
		{"½", "a ½", true},
		{"𐐨", "𐐀𐐁", true},
		{"\uFE0F", "❤\uFE0F", true}, // a variation selector is a mark
		{"snake", "snake_case", true},
		{"case", "snake_case", true},
		{"b", "a\u200db", true}, // a joiner is none of L, M, N
	} {
		if got := finds(c.search, []string{c.text}); got != c.want {
			t.Errorf("finds(%q, %q) = %t", c.search, c.text, got)
		}
	}
	if !finds("oak red", []string{"Oak", "Red"}) || finds("ab", []string{"a", "b"}) {
		t.Error("words of several texts are those of each, not of the texts joined")
	}
}

// shop has three products, two posts and a user.
func shop() *Dataset {
	sku, one := "AB-1", int64(1)
	return &Dataset{
		Categories: []*Category{{ID: 1, Name: "Lamps"}, {ID: 2, Name: "Chairs"}},
		Users:      []*User{{ID: 5, Username: "Ann-Lee"}, {ID: 6, Username: "bob"}},
		Products: []*Product{
			{ID: 1, SKU: &sku, Name: "b", Price: 100, Inventory: 0, Category: 1, CreatedAt: 10},
			{ID: 2, Name: "B", Price: 200, Inventory: 5, Category: 1, CreatedAt: 10},
			{ID: 3, Name: "a", Price: 100, Inventory: 7, Category: 2, CreatedAt: 9},
		},
		Posts: []*Post{{ID: 1, Title: "x", Author: 5, Category: &one, Likes: 1}, {ID: 2, Title: "y", Author: 6}},
		Likes: []Like{{Post: 1, User: 6}},
	}
}

func TestFilters(t *testing.T) {
	all, none := []int64{1, 2, 3}, []int64(nil)
	for _, c := range []struct {
		filter Filter
		want   []int64
	}{
		{nil, all},
		{Filter{}, all},
		{Filter{{"and", Filters{}}}, all},
		{Filter{{"or", Filters{}}}, none},
		{Filter{{"ids", Refs{}}}, none},
		{Filter{{"categoryIds", Refs{}}}, none},
		{Filter{{"not", Filter{}}}, none},
		{Filter{{"not", Filter{{"priceMin", Null{}}}}}, none},
		{Filter{{"not", Null{}}, {"or", Null{}}, {"ids", Null{}}}, all},
		{Filter{{"or", Filters{All: []Filter{{}}}}}, all},
		{Filter{{"ids", Refs{Rows: []int64{3, 1, 9}}}}, []int64{1, 3}},
		{Filter{{"priceMin", Cents{N: 200}}}, []int64{2}},
		{Filter{{"priceMax", Cents{N: 100}}}, []int64{1, 3}},
		{Filter{{"inStock", Bool(true)}}, []int64{2, 3}},
		{Filter{{"inStock", Bool(false)}}, []int64{1}},
		{Filter{{"inventoryMax", Int(5)}}, []int64{1, 2}},
		{Filter{{"sku", Text("AB-1")}}, []int64{1}},
		{Filter{{"sku", Text("ab-1")}}, none},
		{Filter{{"not", Filter{{"sku", Text("AB-1")}}}}, []int64{2, 3}},
		{Filter{{"createdAfter", Instant{Micros: 10}}}, []int64{1, 2}},
		{Filter{{"createdBefore", Instant{Micros: 10}}}, []int64{3}},
		{Filter{{"categoryId", Ref{KindCategory, 1}}}, []int64{1, 2}},
		{Filter{{"category", Filter{}}}, all},
		{Filter{{"category", Filter{{"search", Text("chair")}}}}, []int64{3}},
		{Filter{{"search", Text("b")}, {"priceMax", Cents{N: 150}}}, []int64{1}},
		{Filter{{"or", Filters{All: []Filter{{{"search", Text("a")}}, {{"priceMin", Cents{N: 150}}}}}}}, []int64{2, 3}},
		{Filter{{"and", Filters{All: []Filter{{{"search", Text("b")}}, {{"priceMin", Cents{N: 150}}}}}}}, []int64{2}},
	} {
		if got := numbers(shop().List(RootField(KindProduct), nil, c.filter, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%v keeps %v, want %v", c.filter, got, c.want)
		}
	}
}

func TestFiltersByRelation(t *testing.T) {
	for _, c := range []struct {
		filter Filter
		want   []int64
	}{
		{Filter{{"category", Filter{}}}, []int64{1}},
		{Filter{{"not", Filter{{"category", Filter{}}}}}, []int64{2}},
		{Filter{{"category", Filter{{"not", Filter{{"search", Text("chairs")}}}}}}, []int64{1}},
		{Filter{{"hasCategory", Bool(false)}}, []int64{2}},
		{Filter{{"not", Filter{{"categoryId", Ref{KindCategory, 2}}}}}, []int64{1, 2}},
		{Filter{{"author", Filter{{"username", Text("ann-LEE")}}}}, []int64{1}},
		{Filter{{"author", Filter{{"username", Text("ann")}}}}, nil},
		{Filter{{"author", Filter{{"search", Text("le")}}}}, []int64{1}},
		{Filter{{"likesMin", Int(1)}}, []int64{1}},
		{Filter{{"likesMax", Int(0)}}, []int64{2}},
	} {
		if got := numbers(shop().List(RootField(KindPost), nil, c.filter, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%v keeps %v, want %v", c.filter, got, c.want)
		}
	}
}

func TestConnections(t *testing.T) {
	d := shop()
	for field, want := range map[string][]int64{
		"Category.products 1": {1, 2}, "Category.products 2": {3}, "Category.posts 1": {1}, "Category.posts 2": nil,
		"User.posts 5": {1}, "User.posts 6": {2}, "User.likedPosts 5": nil, "User.likedPosts 6": {1},
	} {
		for _, f := range Fields {
			name, parent, _ := strings.Cut(field, " ")
			if f.String() != name {
				continue
			}
			if got := numbers(d.Connection(f, d.Find(f.Of, int64(parent[0]-'0')))); !slices.Equal(got, want) {
				t.Errorf("%s has %v, want %v", field, got, want)
			}
		}
	}
	without := d.Without(KindPost, []int64{1})
	if len(without.Posts) != 1 || len(without.Likes) != 0 || len(d.Posts) != 2 {
		t.Error("Without does not take out a post and its likes alone")
	}
}

func TestSort(t *testing.T) {
	for _, c := range []struct {
		sort Sort
		want []int64
	}{
		{nil, []int64{1, 2, 3}},
		{Sort{{Field: "PRICE"}}, []int64{1, 3, 2}},
		{Sort{{Field: "PRICE", Desc: true}}, []int64{2, 3, 1}},
		{Sort{{Field: "PRICE"}, {Field: "PRICE", Desc: true}}, []int64{3, 1, 2}},
		{Sort{{Field: "NAME"}}, []int64{2, 3, 1}},
		{Sort{{Field: "CREATED_AT", Desc: true}, {Field: "PRICE"}}, []int64{1, 2, 3}},
		{Sort{{Field: "CREATED_AT"}, {Field: "INVENTORY", Desc: true}}, []int64{3, 2, 1}},
		{Sort{{Field: "PRICE", Desc: true, Bare: true}}, []int64{1, 3, 2}},
	} {
		if got := numbers(shop().List(RootField(KindProduct), nil, nil, c.sort)); !slices.Equal(got, c.want) {
			t.Errorf("%v gives %v, want %v", c.sort, got, c.want)
		}
	}
	astral := Sort{{Field: "NAME"}}
	if astral.Compare(&Product{ID: 1, Name: "𐐀"}, &Product{ID: 2, Name: "\uFF5E"}) <= 0 {
		t.Error("names are not in order of code points")
	}
}

func TestPaginate(t *testing.T) {
	var list []Row
	for n := int64(1); n <= 5; n++ {
		list = append(list, &Product{ID: n * 10})
	}
	at := func(n int64) Row { return &Product{ID: n} }
	for _, c := range []struct {
		name           string
		w              Window
		want           []int64
		next, previous bool
	}{
		{"neither", Window{}, []int64{10, 20, 30, 40, 50}, false, false},
		{"first", Window{First: new(2)}, []int64{10, 20}, true, false},
		{"last", Window{Last: new(2)}, []int64{40, 50}, false, true},
		{"all", Window{First: new(5)}, []int64{10, 20, 30, 40, 50}, false, false},
		{"first 0", Window{First: new(0)}, nil, true, false},
		{"last 0", Window{Last: new(0)}, nil, false, true},
		{"first 0 after", Window{First: new(0), After: at(20)}, nil, true, true},
		{"last 0 before", Window{Last: new(0), Before: at(20)}, nil, true, true},
		{"last 0 after", Window{Last: new(0), After: at(20)}, nil, false, true},
		{"first 0 before", Window{First: new(0), Before: at(20)}, nil, true, false},
		{"after", Window{First: new(2), After: at(20)}, []int64{30, 40}, true, true},
		{"after a row that is gone", Window{First: new(2), After: at(25)}, []int64{30, 40}, true, true},
		{"after the last", Window{First: new(2), After: at(50)}, nil, false, true},
		{"before the first", Window{Last: new(2), Before: at(10)}, nil, true, false},
		{"before", Window{Last: new(2), Before: at(40)}, []int64{20, 30}, true, true},
		{"a window", Window{After: at(10), Before: at(50)}, []int64{20, 30, 40}, true, true},
		{"the first of a window", Window{First: new(1), After: at(10), Before: at(50)}, []int64{20}, true, true},
		{"the last of a window", Window{Last: new(1), After: at(10), Before: at(50)}, []int64{40}, true, true},
		{"nothing between", Window{After: at(20), Before: at(30)}, nil, true, true},
		{"bounds outside", Window{After: at(5), Before: at(55)}, []int64{10, 20, 30, 40, 50}, false, false},
		{"crossed, forward", Window{First: new(3), After: at(50), Before: at(10)}, nil, false, true},
		{"crossed, backward", Window{Last: new(3), After: at(50), Before: at(10)}, nil, true, false},
		{"before the first, forward", Window{First: new(3), Before: at(10)}, nil, true, false},
		{"after the last, backward", Window{Last: new(3), After: at(50)}, nil, false, true},
	} {
		page := Paginate(list, nil, c.w)
		if !slices.Equal(numbers(page.Rows), c.want) || page.HasNext != c.next || page.HasPrevious != c.previous {
			t.Errorf("%s: %v, next %t, previous %t", c.name, numbers(page.Rows), page.HasNext, page.HasPrevious)
		}
	}
	if page := Paginate(nil, nil, Window{After: at(1)}); page.HasNext || page.HasPrevious {
		t.Error("an empty list has rows beside its page")
	}
}

func TestStats(t *testing.T) {
	stats := StatsOf([]Row{&Product{Price: 1}, &Product{Price: 2, Inventory: 2147483647}})
	if *stats.PriceMin != 1 || *stats.PriceMax != 2 || *stats.PriceAvg != 2 || stats.InventorySum != 2147483647 {
		t.Errorf("%+v", stats)
	}
	if avg := StatsOf([]Row{&Product{Price: 1}, &Product{Price: 1}, &Product{Price: 2}}).PriceAvg; *avg != 1 {
		t.Errorf("4/3 is rounded to %d", *avg)
	}
	if avg := StatsOf([]Row{&Product{Price: 1}, &Product{Price: 2}, &Product{Price: 2}}).PriceAvg; *avg != 2 {
		t.Errorf("5/3 is rounded to %d", *avg)
	}
	if stats := StatsOf(nil); stats.PriceAvg != nil || stats.PriceMin != nil || stats.Count != 0 {
		t.Errorf("%+v", stats)
	}
}
