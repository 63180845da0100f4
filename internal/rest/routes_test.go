package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stoa/graph"
	"stoa/internal/documents"
	"stoa/internal/rest"
)

// operations are those of the texts, each of a file of its own, stored.
func operations(t testing.TB, texts ...string) (*graph.API, []rest.Operation) {
	t.Helper()
	var docs []documents.Document
	for i, text := range texts {
		docs = append(docs, documents.Document{ID: fmt.Sprint(i), Text: text, Source: fmt.Sprintf("%d.graphql", i)})
	}
	api := graph.New(graph.Options{})
	if err := api.Store(docs); err != nil {
		t.Fatal(err)
	}
	return api, stored(api)
}

// stored are the operations that the API has stored.
func stored(api *graph.API) []rest.Operation {
	var all []rest.Operation
	for _, one := range api.Stored() {
		all = append(all, rest.Operation{OperationDefinition: one.Operation, Document: one.Document, Rest: one.Directives.ForName("rest")})
	}
	return all
}

// routes are those of the texts, by the names of their operations.
func routes(t testing.TB, texts ...string) map[string]*rest.Route {
	t.Helper()
	api, all := operations(t, texts...)
	found, err := rest.Routes(api.Schema(), all)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*rest.Route{}
	for i := range found {
		byName[found[i].Name] = &found[i]
	}
	return byName
}

func TestWrongRoutesAreNamedWithTheirPlaces(t *testing.T) {
	for text, want := range map[string]string{
		`query @rest(path: "/a") { viewer { id } }`:                                                                                `0.graphql:1:8: @rest: it has no method`,
		`query @rest(method: GET) { viewer { id } }`:                                                                               `it has no path`,
		`query @rest(method: "GET", path: "/a") { viewer { id } }`:                                                                 `the method is "GET"`,
		`query @rest(method: GET, path: $a) { viewer { id } }`:                                                                     `the path is $a`,
		`query @rest(method: GET, path: "/a", cache: 1) { viewer { id } }`:                                                         `there is no argument "cache"`,
		`query @rest(method: TRACE, path: "/a") { viewer { id } }`:                                                                 `and not TRACE`,
		`query @rest(method: DELETE, path: "/a") { viewer { id } }`:                                                                `a query comes by GET or POST`,
		`mutation @rest(method: GET, path: "/a") { logOut }`:                                                                       `a mutation does not come by GET`,
		`subscription @rest(method: GET, path: "/a") { postAdded { id } }`:                                                         `a subscription has no one answer`,
		`query @rest(method: GET, path: "a") { viewer { id } }`:                                                                    `does not begin with /`,
		`query @rest(method: GET, path: "/a/") { viewer { id } }`:                                                                  `a part ""`,
		`query @rest(method: GET, path: "/../a") { viewer { id } }`:                                                                `a part ".."`,
		`query @rest(method: GET, path: "/a?b=c") { viewer { id } }`:                                                               `a part "a?b=c"`,
		`query @rest(method: GET, path: "/a%20") { viewer { id } }`:                                                                `a part "a%20"`,
		`query ($id: ID!) @rest(method: GET, path: "/a-{id}") { user(id: $id) { id } }`:                                            `a part "a-{id}"`,
		`query @rest(method: GET, path: "/{id}") { viewer { id } }`:                                                                `no $id`,
		`query @rest(method: GET, path: "/a{?id}") { viewer { id } }`:                                                              `no $id`,
		`query ($id: ID!) @rest(method: GET, path: "/{id}/{id}") { user(id: $id) { id } }`:                                         `{id} twice`,
		`query ($id: ID!) @rest(method: GET, path: "/{id}{?id}") { user(id: $id) { id } }`:                                         `{id} twice`,
		`query ($ids: [ID!]!) @rest(method: GET, path: "/{ids}") { nodes(ids: $ids) { id } }`:                                      `$ids no single value`,
		`query ($f: UserFilter) @rest(method: GET, path: "/{f}") { users(filter: $f) { totalCount } }`:                             `$f no single value`,
		`query @rest(method: GET, path: "/a") { viewer { id } rateLimit { cost } }`:                                                `not one field`,
		`query @rest(method: GET, path: "/a") { ... { viewer { id } } }`:                                                           `not one field`,
		`query @rest(method: GET, path: "/a", value: "posts") { viewer { id } }`:                                                   `viewer has no posts`,
		`query @rest(method: GET, path: "/a", value: "nodes.author") { posts { nodes { author { id } } } }`:                        `in a list, nodes`,
		`query @rest(method: GET, path: "/a", location: "/a") { viewer { id } }`:                                                   `of what a mutation creates`,
		`mutation @rest(method: POST, path: "/a", location: "a") { likePost(id: 1) { id } }`:                                       `begins with /`,
		`mutation @rest(method: POST, path: "/a", location: "/a/{key}") { likePost(id: 1) { id } }`:                                `{key}, which the response has not`,
		`mutation ($id: ID!, $input: UpdatePostInput!) @rest(method: PUT, path: "/a") { updatePost(id: $id, input: $input) {id} }`: `say {?id} at the end`,
	} {
		api, all := operations(t, text)
		if _, err := rest.Routes(api.Schema(), all); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestRoutesDoNotStandInEachOthersWay(t *testing.T) {
	first, second := `query A($a: ID!) @rest(method: GET, path: "/x/{a}") { user(id: $a) { id } }`, `query B($b: ID!) @rest(method: GET, path: "/x/{b}") { post(id: $b) { id } }`
	api, all := operations(t, first, second)
	if _, err := rest.Routes(api.Schema(), all); err == nil || err.Error() != "1.graphql:1:19: @rest: GET /x/{b} is that of 0.graphql:1:19 too" {
		t.Errorf("got %v", err)
	}
	for shipped := range all {
		all[shipped].Shipped, all[1-shipped].Shipped = true, false
		found, err := rest.Routes(api.Schema(), all)
		if err != nil || len(found) != 1 || found[0].Name != all[1-shipped].Name {
			t.Errorf("with %s shipped: got %v, %v", all[shipped].Name, found, err)
		}
	}
}

func TestAWordGoesBeforeAVariable(t *testing.T) {
	api, all := operations(t,
		`query One($id: ID!) @rest(method: GET, path: "/users/{id}") { user(id: $id) { id } }`,
		`query Me @rest(method: GET, path: "/users/me") { viewer { id } }`,
		`mutation Drop($id: ID!) @rest(method: DELETE, path: "/users/{id}") { deleteUser(id: $id) }`,
		`query Deep($a: ID!, $b: String) @rest(method: GET, path: "/users/{a}/{b}") { user(id: $a) { posts(after: $b) { totalCount } } }`,
		`query Posts($a: ID!) @rest(method: GET, path: "/users/{a}/posts") { user(id: $a) { posts { totalCount } } }`,
	)
	found, err := rest.Routes(api.Schema(), all)
	if err != nil {
		t.Fatal(err)
	}
	table := rest.NewTable(found)
	for path, want := range map[string]string{
		"/users/me":             "DELETE Drop map[id:me], GET Me map[]",
		"/users/5":              "DELETE Drop map[id:5], GET One map[id:5]",
		"/users/a%2Fb%20%C3%A9": "DELETE Drop map[id:a/b é], GET One map[id:a/b é]",
		"/users/5/posts":        "GET Posts map[a:5]",
		"/users/5/likes":        "GET Deep map[a:5 b:likes]",
		"/users/%2e%2e":         "DELETE Drop map[id:..], GET One map[id:..]",
		"/users":                "", "/users/": "", "/Users/5": "", "users/5": "", "/users//": "", "/": "", "": "",
		"/users/%ff": "", "/users/%": "", "/users/%zz": "", "/users/5/6/7": "",
		strings.Repeat("/users", 100_000): "",
	} {
		var got []string
		for method, match := range table.Find(path) {
			got = append(got, fmt.Sprint(method, " ", match.Route.Name, " ", match.Path))
		}
		if slices.Sort(got); strings.Join(got, ", ") != want {
			t.Errorf("%.60s: got %q, want %q", path, got, want)
		}
	}
	if got := fmt.Sprint(table.Find("/users/5").Methods()); got != "[DELETE GET HEAD OPTIONS]" {
		t.Errorf("the methods are %s", got)
	}
}
