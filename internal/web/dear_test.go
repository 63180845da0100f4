package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// A statement that the database rates too dear is refused: with the whole
// request where nothing else was resolved, and with all of a mutation.
func TestAStatementThatIsTooDear(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	s := newShop(t, small(t, url))
	for _, text := range []string{
		"INSERT INTO products (name, price, category_id) SELECT n, 1, (SELECT min(id) FROM categories) FROM generate_series(1, 4000) n",
		"ANALYZE products",
	} {
		if _, err := s.db.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: fewConns, MaxCost: 80})
	s.admin.handler = web.New(web.Options{DB: db, Auth: s.auth})
	cheap, dear := fmt.Sprintf(`cheap: category(id: %q) { name }`, s.shelf), fmt.Sprintf(`dear: category(id: %q) { products { totalCount } }`, s.shelf)
	for _, c := range []struct {
		query, data string
		status      int
	}{
		{"{" + dear + "}", "", 400},
		{"{" + cheap + dear + "}", `{"cheap":{"name":"Shelf"},"dear":null}`, 200},
		{fmt.Sprintf(`mutation { createCategory(input: {name: "Dear"}) { id } updateCategory(id: %q, input: {description: "New"}) { products { totalCount } } }`, s.shelf), "", 400},
	} {
		answer := s.admin.do(t, c.query, nil)
		if answer.status != c.status || string(answer.Data) != c.data || !slices.Equal(answer.faults(), []string{"QUERY_TOO_COMPLEX"}) {
			t.Errorf("%s: got %d %s", c.query, answer.status, answer.raw)
		}
		if !strings.Contains(answer.raw, `"maxCost":80`) || !strings.Contains(answer.raw, `"hints":[]`) {
			t.Errorf("%s: the error lacks its numbers: %s", c.query, answer.raw)
		}
	}
	if got := s.nobody.get(t, `{ categories(filter: {search: "dear"}) { totalCount } }`, nil); !strings.Contains(got, ":0}") {
		t.Errorf("a refused mutation took effect: %s", got)
	}
}
