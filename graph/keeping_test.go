package graph

import (
	"strings"
	"testing"
)

func TestKeeping(t *testing.T) {
	for document, want := range map[string]string{
		"{ categories { totalCount } }":                                                                         "",
		"query @cacheControl(maxAge: 60) { categories { totalCount } }":                                         "public, max-age=60",
		"query @cacheControl(maxAge: 0, scope: PRIVATE) { categories { totalCount } }":                          "private, max-age=0",
		"query @cacheControl(scope: PUBLIC, maxAge: 31536000) { users { nodes { username } } }":                 "public, max-age=31536000",
		`query ($f: UserFilter) @cacheControl(maxAge: 1) { users(filter: $f) { totalCount } }`:                  "public, max-age=1",
		"query @cacheControl { __typename }":                                                                    "1:8: @cacheControl needs a maxAge",
		"query @cacheControl(scope: PUBLIC) { __typename }":                                                     "1:8: @cacheControl needs a maxAge",
		"query @cacheControl(maxAge: -1) { __typename }":                                                        "1:8: @cacheControl needs a maxAge",
		"query @cacheControl(maxAge: 31536001) { __typename }":                                                  "1:8: @cacheControl needs a maxAge",
		"query @cacheControl(maxAge: 99999999999999999999) { __typename }":                                      "1:8: @cacheControl needs a maxAge",
		"query @cacheControl(maxAge: 60, scope: ALL) { __typename }":                                            "1:8: @cacheControl has the scope PUBLIC or PRIVATE",
		`query @cacheControl(maxAge: "60") { __typename }`:                                                      "1:21: @cacheControl has a maxAge",
		"query @cacheControl(maxAge: 60, more: 1) { __typename }":                                               "1:33: @cacheControl has a maxAge",
		"query ($n: Int!) @cacheControl(maxAge: $n) { __typename }":                                             "1:8: Variable \"$n\" is never used",
		"query @cacheControl(maxAge: 1) @cacheControl(maxAge: 2) { __typename }":                                "1:33: @cacheControl stands there twice",
		`mutation @cacheControl(maxAge: 60) { deletePost(id: "x") }`:                                            "1:11: @cacheControl is for queries",
		"subscription @cacheControl(maxAge: 60) { productChanged { id } }":                                      "1:15: @cacheControl is for queries",
		"query @cacheControl(maxAge: 60) { viewer { id } }":                                                     "1:8: @cacheControl is for what all see alike, but Query.viewer",
		"query @cacheControl(maxAge: 60) { rateLimit { limit } }":                                               "1:8: @cacheControl is for what all see alike, but Query.rateLimit",
		"query @cacheControl(maxAge: 60) { posts { nodes { ...P } } } fragment P on Post { a: viewerHasLiked }": "1:8: @cacheControl is for what all see alike, but Post.viewerHasLiked",
		`query @cacheControl(maxAge: 60) { node(id: "x") { ... on User { email } } }`:                           "1:8: @cacheControl is for what all see alike, but User.email",
	} {
		a, err := storing(t, Options{}, map[string]string{"a.graphql": document})
		if err != nil {
			if want = "a.graphql:" + want; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", document, err, want)
			}
			continue
		}
		o, refused := a.Prepare(Request{DocumentID: a.Stored()[0].ID})
		if refused != nil || o.Keeping() != want {
			t.Errorf("%s: got %v, %v, want %s", document, o.Keeping(), refused, want)
		}
	}
}
