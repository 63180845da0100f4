package model

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

func TestDatasetsAreSeeded(t *testing.T) {
	if !reflect.DeepEqual(NewGen(7).Dataset(60), NewGen(7).Dataset(60)) {
		t.Error("one seed gives two datasets")
	}
	if reflect.DeepEqual(NewGen(7).Dataset(60), NewGen(8).Dataset(60)) {
		t.Error("two seeds give one dataset")
	}
}

// What the database would refuse must not be made, and what makes the data
// worth something must be.
func TestDatasets(t *testing.T) {
	equal, unowned, noSKU := 0, 0, 0
	for seed := range uint64(30) {
		d := NewGen(seed).Dataset(120)
		names, skus := map[string]bool{}, map[string]bool{}
		for _, c := range d.Categories {
			if names[fold(c.Name)] {
				t.Fatalf("seed %d: two categories %q", seed, c.Name)
			}
			names[fold(c.Name)] = true
		}
		prices := map[int64]bool{}
		for _, p := range d.Products {
			if p.SKU == nil {
				noSKU++
			} else if skus[*p.SKU] {
				t.Fatalf("seed %d: two products %q", seed, *p.SKU)
			} else {
				skus[*p.SKU] = true
			}
			if prices[p.Price] {
				equal++
			}
			prices[p.Price] = true
		}
		for _, p := range d.Posts {
			if p.Category == nil {
				unowned++
			}
			if liked := len(slices.DeleteFunc(slices.Clone(d.Likes), func(l Like) bool { return l.Post != p.ID })); int64(liked) != p.Likes {
				t.Fatalf("seed %d: post %d has %d likes, not %d", seed, p.ID, liked, p.Likes)
			}
		}
		for _, k := range Kinds {
			if !slices.IsSortedFunc(d.Rows(k), Sort(nil).Compare) {
				t.Fatalf("seed %d: %s not by number", seed, k)
			}
		}
	}
	if equal == 0 || unowned == 0 || noSKU == 0 {
		t.Errorf("no ties: %d equal prices, %d posts without category, %d products without sku", equal, unowned, noSKU)
	}
}

func TestSeparatorsSeparate(t *testing.T) {
	for _, s := range separators {
		if len(words(s)) > 0 {
			t.Errorf("%q holds a word", s)
		}
	}
}

// Random filters must keep some rows and refuse some, at all depths.
func TestFiltersAreWorthTheirWhile(t *testing.T) {
	kept, refused, some := 0, 0, 0
	for seed := range uint64(40) {
		g := NewGen(seed)
		d := g.Dataset(60)
		for _, k := range Kinds {
			f := g.Filter(d, k, 3)
			n, all := len(d.List(RootField(k), nil, f, nil)), len(d.Rows(k))
			switch {
			case n == all:
				kept++
			case n == 0:
				refused++
			default:
				some++
			}
		}
	}
	if kept < 20 || refused < 20 || some < 20 {
		t.Errorf("%d filters keep all, %d none, %d some", kept, refused, some)
	}
}

func TestRender(t *testing.T) {
	ids := IDs{KindCategory: {1: "C1"}}
	l := List{Alias: "a", Field: RootField(KindProduct), First: new(2), After: &Position{Cursor: "c"}, Nodes: true, Total: true,
		Filter: Filter{{"priceMin", Cents{N: 190, Form: 2}}, {"categoryIds", Refs{KindCategory, []int64{1}, true}}, {"or", Filters{All: []Filter{{}, {{"not", Null{}}}}}}},
		Sort:   Sort{{Field: "PRICE", Desc: true}, {Field: "NAME", Bare: true}}, Row: Selection{Scalars: []string{"id"}}}
	const tail = ` { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id } totalCount }
}`
	for style, want := range map[Style][2]string{
		Literals: {`query {
  a: products(first: 2, after: "c", filter: {priceMin: 1.9, categoryIds: "C1", or: [{}, {not: null}]}, sortBy: {field: PRICE, direction: DESC, thenBy: {field: NAME}})`, `{}`},
		Variables: {`query($v1: Int, $v2: String, $v3: ProductFilter, $v4: ProductSort) {
  a: products(first: $v1, after: $v2, filter: $v3, sortBy: $v4)`,
			`{"v1":2,"v2":"c","v3":{"categoryIds":"C1","or":[{},{"not":null}],"priceMin":1.9},"v4":{"direction":"DESC","field":"PRICE","thenBy":{"field":"NAME"}}}`},
		Leaves: {`query($v1: Int, $v2: String, $v3: Decimal, $v4: [ID!]) {
  a: products(first: $v1, after: $v2, filter: {priceMin: $v3, categoryIds: $v4, or: [{}, {not: null}]}, sortBy: {field: PRICE, direction: DESC, thenBy: {field: NAME}})`,
			`{"v1":2,"v2":"c","v3":1.9,"v4":"C1"}`},
		Defaults: {`query($v1: Int = 2, $v2: String = "c", $v3: Decimal = 1.9, $v4: [ID!] = "C1") {
  a: products(first: $v1, after: $v2, filter: {priceMin: $v3, categoryIds: $v4, or: [{}, {not: null}]}, sortBy: {field: PRICE, direction: DESC, thenBy: {field: NAME}})`, `{}`},
	} {
		query, variables := Document{Lists: []List{l}, Style: style}.Render(ids)
		if query != want[0]+tail || compact(variables) != want[1] {
			t.Errorf("style %d:\n%s\n%s", style, query, compact(variables))
		}
	}
}

func TestSpellings(t *testing.T) {
	for want, v := range map[string]Value{
		`"0.05"`: Cents{N: 5}, `0.05`: Cents{N: 5, Form: 1}, `1.9`: Cents{N: 190, Form: 2}, `10`: Cents{N: 1000, Form: 2}, `190e-2`: Cents{N: 190, Form: 3},
		`0`:                                  Cents{N: 0, Form: 2},
		`"1969-12-31T23:59:59.999999Z"`:      Instant{Micros: -1},
		`"1970-01-01T00:00:00Z"`:             Instant{Form: 1},
		`"1970-01-01T05:30:00.000001+05:30"`: Instant{Micros: 1, Form: 2},
		`"1970-01-01T00:00:00.000001999Z"`:   Instant{Micros: 1, Form: 3},
	} {
		if got := compact(v.JSON(nil)); got != want {
			t.Errorf("%#v is %s, want %s", v, got, want)
		}
	}
	if raw := json.RawMessage(`"a\u003cb"`); !sameScalar(`"a<b"`, raw) || sameScalar(`"1"`, json.RawMessage("1")) {
		t.Error("scalars are not compared by value and type")
	}
}

func TestSameOrder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "PRICE+", false}, {"PRICE+", "PRICE-", false}, {"PRICE+", "PRICE+,PRICE+", true},
		{"PRICE+", "PRICE+,PRICE-", false}, {"PRICE+,NAME+", "NAME+,PRICE+", false}, {"PRICE+,NAME+,PRICE+", "PRICE+,NAME+", true},
	} {
		if sameOrder(c.a, c.b) != c.want {
			t.Errorf("sameOrder(%q, %q) is not %t", c.a, c.b, c.want)
		}
	}
}

func TestRenderParts(t *testing.T) {
	l := List{Alias: "a", Field: RootField(KindProduct), Nodes: true, Row: Selection{Scalars: []string{"id", "sku"}}}
	for parts, want := range map[Parts]string{
		Whole:  "query {\n  a: products { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id sku } }\n}",
		Named:  "query {\n  a: products { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { ...f1 } }\n}\nfragment f1 on Product { id sku }",
		Inline: "query {\n  a: products { ... @include(if: true) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } ... { nodes { ... @include(if: true) { id } ... { sku } ... @skip(if: true) { __typename } } } ... { nodes @skip(if: false) { id } } ... @skip(if: true) { __typename } }\n}",
	} {
		if query, _ := (Document{Lists: []List{l}, Parts: parts}).Render(nil); query != want {
			t.Errorf("parts %d:\n%s", parts, query)
		}
	}
}
