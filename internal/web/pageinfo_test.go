package web_test

import (
	"fmt"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/seed"
)

// TestPageInfoInParts: what is read beyond a page depends on what is asked of it, the
// answers do not.
func TestPageInfoInParts(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, dbtest.Open(t, kind))
			if err := seed.Fill(t.Context(), s.db, seed.Options{Products: 400, Categories: 2, Users: 3, Posts: 3, RandomSeed: 1}); err != nil {
				t.Fatal(err)
			}
			for _, list := range []string{`sortBy: {field: PRICE}`, `filter: {search: "a"}`, `filter: {category: {search: "a"}}, sortBy: {field: PRICE}`} {
				for _, within := range []string{"products(%s)", "categories(last: 2) { nodes { products(%s)"} {
					s.comparePageInfo(t, within, list)
				}
			}
		})
	}
}

// comparePageInfo asks for pages of the list with all of pageInfo, and with parts of it.
func (s *shop) comparePageInfo(t *testing.T, within, list string) {
	t.Helper()
	ask := func(args, selected string) string {
		query := fmt.Sprintf(within, args+list) + " { " + selected + " nodes { id } }"
		query = "{ " + query + strings.Repeat(" }", 1+strings.Count(within, "{"))
		return s.nobody.get(t, query, nil)
	}
	cursors := strings.Split(ask("first: 12, ", "edges { cursor }"), `"cursor":"`)[1:]
	if len(cursors) < 6 {
		t.Fatalf("%s has %d rows", list, len(cursors))
	}
	first, sixth := strings.Split(cursors[0], `"`)[0], strings.Split(cursors[5], `"`)[0]
	for _, args := range []string{
		"first: 3, ", "last: 3, ", "first: 0, ", "first: 100, ", "last: 100, ",
		fmt.Sprintf("first: 3, after: %q, ", first), fmt.Sprintf("last: 3, before: %q, ", sixth),
		fmt.Sprintf("last: 3, after: %q, ", first), fmt.Sprintf("first: 3, before: %q, ", sixth),
		fmt.Sprintf("first: 9, after: %q, before: %q, ", first, sixth),
	} {
		whole := ask(args, "pageInfo { hasNextPage hasPreviousPage }")
		next, previous, none := ask(args, "pageInfo { hasNextPage }"), ask(args, "pageInfo { hasPreviousPage }"), ask(args, "")
		infos := func(text string) []string {
			var all []string
			for _, part := range strings.Split(text, `"pageInfo":{`)[1:] {
				info, _, _ := strings.Cut(part, "}")
				all = append(all, info)
			}
			return all
		}
		bare, nexts, previouses := whole, infos(next), infos(previous)
		for i, info := range infos(whole) {
			if got := nexts[i] + "," + previouses[i]; got != info {
				t.Errorf("%s%s: got %s, want %s", args, list, got, info)
			}
			bare = strings.Replace(bare, `"pageInfo":{`+info+`},`, "", 1)
		}
		if none != bare {
			t.Errorf("%s%s: got %s, want %s", args, list, none, bare)
		}
	}
}
