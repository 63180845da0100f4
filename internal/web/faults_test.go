package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// faultCase is a request and the faults that it must be answered with, all of
// them, each as "CODE field REASON limit" as far as it goes. Where the contract
// leaves a part open it is *.
type faultCase struct {
	name      string
	query     string
	variables vars
	want      []string
}

type vars map[string]any

// list asks for a list of one of the Query's connections.
func list(field, args string) string { return fmt.Sprintf("{ %s(%s) { nodes { id } } }", field, args) }

// nested is n filters in one another.
func nested(n int, open, inner string) string {
	return strings.Repeat("{"+open+": ", n) + inner + strings.Repeat("}", n)
}

// leaves is an "and" of n filters of one field each.
func leaves(n int) string {
	return "{and: [" + strings.Repeat("{inStock: true} ", n) + "]}"
}

func ids(n int) []string { return slices.Repeat([]string{"x"}, n) }

// TestRefusedInput: values of the right type that the rules refuse.
func TestRefusedInput(t *testing.T) {
	category := func(d *model.Dataset, id func(model.Kind, int64) string) string {
		return id(model.KindCategory, d.Categories[0].ID)
	}
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		data := model.NewGen(1).Dataset(120)
		if err := data.Load(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		exec := model.HTTP(web.New(web.Options{DB: db}))
		checker, err := model.Learn(t.Context(), data, exec)
		if err != nil {
			t.Fatal(err)
		}
		for _, cases := range [][]faultCase{pagingFaults(), filterFaults(), idFaults(category(data, checker.ID))} {
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) { c.run(t, exec, 200) })
			}
		}
	})
}

// TestInvalidRequests: what is not GraphQL, not this schema's, or not of its
// type.
func TestInvalidRequests(t *testing.T) {
	exec := model.HTTP(web.New(web.Options{DB: dbtest.Open(t, dbtest.SQLite)}))
	for _, c := range append(typeFaults(), syntaxFaults()...) {
		t.Run(c.name, func(t *testing.T) { c.run(t, exec, 400) })
	}
}

// TestUnusualInput: strange values that are no fault, or whose fault the
// contract leaves open; none is a fault of ours, and the databases agree.
func TestUnusualInput(t *testing.T) {
	sqlite, postgres := dbtest.Pair(t)
	exec := model.Same(model.HTTP(web.New(web.Options{DB: sqlite})), model.HTTP(web.New(web.Options{DB: postgres})))
	for _, text := range []string{"\x00", "a\x00b", "\uFFFD", "'", "\\", "\"", "%", strings.Repeat("é ", 2000), strings.Repeat("x", 5000), "\u202E", "\U0010FFFF"} {
		for _, query := range []string{
			"query($x: String) { products(filter: {search: $x}) { totalCount nodes { id } } }",
			"query($x: String) { products(filter: {sku: $x}) { totalCount nodes { id } } }",
			"query($x: String) { users(filter: {username: $x}) { totalCount nodes { id } } }",
			"query($x: String) { posts(filter: {author: {search: $x}, category: {search: $x}}) { totalCount nodes { id } } }",
			"query($x: String) { products(after: $x) { nodes { id } } }",
			"query($x: ID!) { node(id: $x) { id } }",
			"query($x: ID!) { user(id: $x) { id } }",
			"query($x: ID!) { products(filter: {categoryId: $x}) { nodes { id } } }",
		} {
			response, err := exec(t.Context(), query, vars{"x": text})
			if err != nil {
				t.Errorf("%s with %.40q: %v", query, text, err)
			}
			for _, e := range response.Errors {
				if e.Extensions.Code != "BAD_USER_INPUT" {
					t.Errorf("%s with %.40q: %s", query, text, response.Raw)
				}
			}
		}
	}
}

// TestAccepted: what stands at a bound, on its good side.
func TestAccepted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		exec := model.HTTP(web.New(web.Options{DB: db}))
		for name, query := range map[string]string{
			"100 rows":            list("products", "first: 100"),
			"no rows":             list("products", "last: 0"),
			"nulls":               list("products", "first: null, last: 3, after: null, before: null, filter: null, sortBy: null"),
			"5 deep":              list("products", "filter: "+nested(5, "and", "{}")),
			"5 deep, all kinds":   list("products", "filter: {and: {or: {not: {and: {or: {inStock: true}}}}}}"),
			"50 fields":           list("products", "filter: "+leaves(50)),
			"3 keys":              list("posts", "sortBy: {field: LIKES, thenBy: {field: TITLE, thenBy: {field: CREATED_AT, thenBy: null}}}"),
			"the dearest":         list("products", "filter: {priceMin: 99999999.99, priceMax: \"99999999.990\"}"),
			"a free one":          list("products", "filter: {priceMin: -0, priceMax: 0.00}"),
			"an exponent":         list("products", "filter: {priceMin: 1e7, priceMax: 1E-2}"),
			"no role":             list("users", "filter: {role: null, not: {role: null}}"),
			"the first instant":   list("posts", `filter: {createdAfter: "0000-01-01T00:00:00+23:59", createdBefore: "9999-12-31T23:59:59.999999999-23:59"}`),
			"a leap day":          list("posts", `filter: {createdAfter: "2024-02-29T23:59:59-00:00"}`),
			"the largest Int":     list("posts", "filter: {likesMin: 2147483647, likesMax: 2147483647}"),
			"100 ids":             fmt.Sprintf(`{ nodes(ids: ["%s"]) { id } }`, strings.Join(ids(100), `", "`)),
			"an id of no type":    `{ node(id: "garbage") { id } nodes(ids: ["garbage", ""]) { id } empty: nodes(ids: []) { id } }`,
			"a number for an id":  `{ node(id: 5) { id } }`,
			"one for a list":      `{ nodes(ids: "garbage") { id } }`,
			"a name and an alias": `query A { a: products { n: nodes { id } nodes { id } } }`,
		} {
			response, err := exec(t.Context(), query, nil)
			if err != nil || response.Status != 200 || len(response.Errors) > 0 {
				t.Errorf("%s: %s: %d %s (%v)", name, query, response.Status, response.Raw, err)
			}
		}
	})
}

func (c faultCase) run(t *testing.T, exec model.Exec, status int) {
	t.Helper()
	response, err := exec(t.Context(), c.query, c.variables)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range response.Errors {
		x := e.Extensions
		if e.Message == "" || status == 200 && len(e.Path) == 0 {
			t.Errorf("an error without message or path: %s", response.Raw)
		}
		got = append(got, fmt.Sprintf("%s %s %s %s", x.Code, x.Field, x.Reason, strings.Trim(string(x.Limit), `"`)))
	}
	slices.Sort(got)
	if status != 200 { // how often the same is said is left open
		got = slices.Compact(got)
	}
	want := slices.Sorted(slices.Values(c.want))
	if len(got) != len(want) || !slices.EqualFunc(got, want, agrees) {
		t.Errorf("%s\n%v\ngot  %q\nwant %q", c.query, c.variables, got, want)
	}
	if response.Status != status {
		t.Errorf("%s: status %d, want %d", c.query, response.Status, status)
	}
	if status != 200 && strings.Contains(string(response.Raw), `"data"`) {
		t.Errorf("a refused request has data: %s", response.Raw)
	}
}

// agrees compares part by part; a * agrees with anything, and so does what is
// missing at the end.
func agrees(got, want string) bool {
	parts := strings.Split(got, " ")
	for i, part := range strings.Fields(want) {
		if part != "*" && parts[i] != part {
			return false
		}
	}
	return true
}
