package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/rest"
)

func TestSubjectsAreAsTheClientKnowsThem(t *testing.T) {
	all := routes(t, list, change, replace, `query Posts($id: ID!, $size: Int, $word: String) @rest(method: GET, path: "/users/{id}/posts", value: "p") {
		u: user(id: $id) { ...U } } fragment U on User { p: posts(first: $size, last: 5, filter: {or: [{likesMin: 1}, {search: $word}]}) { totalCount } }`)
	path, query, body := rest.InPath, rest.InQuery, rest.InBody
	for _, c := range []struct {
		route, at, field, want string
		in                     rest.In
	}{
		{"List", "", "first", "first", query},
		{"List", "", "sort.thenBy.field", "sort", query},
		{"List", "", "filter.or.0.sku", "filter.or.0.sku", query},
		{"List", "products", "first", "first", query},
		{"List", "products", "sortBy.thenBy", "sort", query},
		{"List", "products", "filter.ids.3", "ids.3", query},
		{"List", "products", "filter.and.1.sku", "filters.1.sku", query},
		{"List", "products", "filter.updatedAfter", "", body}, // which nothing is for
		{"List", "products", "after", "", body},
		{"List", "products", "", "", body},
		{"List", "elsewhere", "first", "", body},
		{"Change", "", "input.price", "price", body},
		{"Change", "", "input", "", body},
		{"Change", "updateProduct", "input.price", "price", body},
		{"Change", "updateProduct", "id", "id", path},
		{"Change", "updateProduct", "ifVersion", "ifVersion", query},
		{"Replace", "updateProduct", "input.name", "name", body},
		{"Replace", "updateProduct", "input.price", "", body},
		{"Posts", "u", "id", "id", path},
		{"Posts", "u.p", "first", "size", query},
		{"Posts", "u.p", "last", "", body}, // the document's own
		{"Posts", "u.p", "filter.or.1.search", "word", query},
		{"Posts", "u.p", "filter.or.0.likesMin", "", body},
		{"Posts", "u.p", "filter.or.7", "", body},
	} {
		var at ast.Path
		for key := range strings.SplitSeq(c.at, ".") {
			if key != "" {
				at = append(at, ast.PathName(key), ast.PathIndex(0))
			}
		}
		if got, in := all[c.route].Subject(at, c.field); got != c.want || in != c.in {
			t.Errorf("%s at %q, %s: got %q in %d, want %q in %d", c.route, c.at, c.field, got, in, c.want, c.in)
		}
	}
}

func TestTheAnswerIsAFieldsValue(t *testing.T) {
	all := routes(t, `query A @rest(method: GET, path: "/a", value: "posts.nodes") { me: viewer { posts { nodes { id } } } }`)
	for data, want := range map[string]string{
		`{"me":{"posts":{"nodes":[{"id":"1"}]}}}`: `[{"id":"1"}]`,
		`{"me":{"posts":{"nodes":null}}}`:         ``,
		`{"me":null}`:                             ``,
		`{}`:                                      ``,
	} {
		if got := string(all["A"].Value([]byte(data))); got != want {
			t.Errorf("%s: got %s, want %s", data, got, want)
		}
	}
}

func TestTheLocationIsMadeOfTheAnswer(t *testing.T) {
	all := routes(t, `mutation A($input: SignUpInput!) @rest(method: POST, path: "/a", location: "/users/{user.id}/{n}/x") { signUp(input: $input) { ...P } }
		fragment P on AuthPayload { user { id } n: expiresAt }`)
	for answer, want := range map[string]string{
		`{"user":{"id":"a/b c"},"n":12}`: `/users/a%2Fb%20c/12/x`,
		`{"user":{"id":"\u00e9"}}`:       `/users/%C3%A9//x`,
	} {
		if got := all["A"].Created([]byte(answer)); got != want {
			t.Errorf("%s: got %s, want %s", answer, got, want)
		}
	}
}

func TestLinksKeepWhatElseIsAsked(t *testing.T) {
	const document = `query %[1]s(%[2]s) @rest(method: GET, path: "/%[1]s") { posts(%[3]s) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
	all := routes(t,
		fmt.Sprintf(document, "All", "$first: Int, $after: String, $last: Int, $before: String, $ids: [ID!]", "first: $first, after: $after, last: $last, before: $before, filter: {ids: $ids}"),
		fmt.Sprintf(document, "On", "$size: Int = 20, $from: String", "first: $size, after: $from"),
		fmt.Sprintf(document, "Twenty", "$first: Int = 20, $after: String, $last: Int, $before: String", "first: $first, after: $after, last: $last, before: $before"),
		`query Bare($first: Int, $after: String) @rest(method: GET, path: "/bare") { posts(first: $first, after: $after) { totalCount } }`,
	)
	const middle = `{"pageInfo":{"hasNextPage":true,"hasPreviousPage":true,"startCursor":"S+","endCursor":"E="}}`
	for _, c := range []struct{ route, query, answer, want string }{
		{"All", "", middle, `</p?after=E%3D&first=10>; rel="next" </p?before=S%2B&last=10>; rel="prev"`},
		{"All", "first=5&after=A&ids=a,b&ids=c", middle, `</p?after=E%3D&first=5&ids=a%2Cb&ids=c>; rel="next" </p?before=S%2B&ids=a%2Cb&ids=c&last=5>; rel="prev"`},
		{"All", "last=7&before=B", middle, `</p?after=E%3D&first=7>; rel="next" </p?before=S%2B&last=7>; rel="prev"`},
		{"All", "", `{"pageInfo":{"hasNextPage":false,"hasPreviousPage":true,"startCursor":"S","endCursor":"E"}}`, `</p?before=S&last=10>; rel="prev"`},
		{"All", "", `{"pageInfo":{"hasNextPage":true,"hasPreviousPage":true,"startCursor":null,"endCursor":null}}`, ``},
		{"On", "", middle, `</p?from=E%3D&size=20>; rel="next"`},
		{"On", "size=3&from=x", middle, `</p?from=E%3D&size=3>; rel="next"`},
		{"Twenty", "", middle, `</p?after=E%3D&first=20>; rel="next"`}, // last would stand beside the default
		{"Twenty", "first=5", middle, `</p?after=E%3D&first=5>; rel="next"`},
		{"Bare", "", `{"totalCount":3}`, ``},
	} {
		if got := strings.Join(all[c.route].Links("/p", c.query, []byte(c.answer)), " "); got != c.want {
			t.Errorf("%s?%s: got %s, want %s", c.route, c.query, got, c.want)
		}
	}
}
