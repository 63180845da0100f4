package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"stoa/internal/documents"
)

const (
	rootFile   = "query Root($with: Boolean = false) { __typename a: __typename @include(if: $with) }\n"
	keptFile   = "query Kept($n: Int = 1) @cacheControl(maxAge: 60) { categories(first: $n) { totalCount } }\n"
	deleteFile = "mutation Delete { deletePost(id: \"x\") }\n"
)

// newStore is a shop that has documents stored.
func newStore(t *testing.T, change func(*Options)) *shop {
	t.Helper()
	s := newShop(t, change)
	docs, err := documents.Read(fstest.MapFS{
		"root.graphql":    {Data: []byte(rootFile)},
		"delete.graphql":  {Data: []byte(deleteFile)},
		"watch.graphql":   {Data: []byte("subscription Watch { productChanged { id } }")},
		"manifest.json":   {Data: []byte(`{"0a1b": "{ b: __typename }"}`)},
		"kept.graphql":    {Data: []byte(keptFile)},
		"own.graphql":     {Data: []byte("query Own @cacheControl(maxAge: 5, scope: PRIVATE) { __typename }")},
		"about.graphql":   {Data: []byte("query About { __schema { queryType { name } } }")},
		"private.graphql": {Data: []byte("query Mine { viewer { id } }")},
	})
	if err == nil {
		err = s.Handler.(*Site).Store(docs)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (s *shop) get(media, query string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(call{"GET", "/graphql?" + query, http.Header{"Accept": {media}}, nil})
}

func TestStoredDocumentsAreAskedFor(t *testing.T) {
	for _, only := range []bool{false, true} {
		s := newStore(t, func(o *Options) { o.StoredOnly = only })
		for _, id := range []string{"Root", "sha256:" + sum(rootFile), sum(rootFile)} {
			for _, media := range []string{graphQLJSON, plainJSON} {
				s.check(id+" by GET", s.get(media, "documentId="+id), 200, `{"data":{"__typename":"Query"}}`)
				s.check(id+" by POST", s.post(media, `{"documentId": "`+id+`", "variables": {"with": true}}`), 200, `{"data":{"__typename":"Query","a":"Query"}}`)
				s.check(id+" as an automatic one", s.get(media, persisted(id)), 200, `{"data":{"__typename":"Query"}}`)
			}
		}
		s.check("of a manifest", s.get(plainJSON, "documentId=0a1b&query=&operationName="), 200, `{"data":{"b":"Query"}}`)
		s.check("its operation", s.get(plainJSON, "documentId=Root&operationName=Root"), 200, `{"data":{"__typename":"Query"}}`)
		s.check("about the schema", s.get(plainJSON, "documentId=About"), 200, `{"data":{"__schema":{"queryType":{"name":"Query"}}}}`)
		s.checkCode("another operation", s.get(graphQLJSON, "documentId=Root&operationName=Other"), 400, "GRAPHQL_VALIDATION_FAILED")
		s.checkCode("a variable of another type", s.get(graphQLJSON, `documentId=Root&variables={"with":1}`), 400, "GRAPHQL_VALIDATION_FAILED")
		s.checkCode("a mutation by GET", s.get(plainJSON, "documentId=Delete"), 405, "METHOD_NOT_ALLOWED")
		s.checkCode("a mutation", s.post(plainJSON, `{"documentId": "Delete"}`), 200, "UNAUTHENTICATED")
		s.checkCode("a subscription", s.post(plainJSON, `{"documentId": "Watch"}`), 406, "NOT_ACCEPTABLE")
	}
}

func TestUnknownDocuments(t *testing.T) {
	s := newStore(t, nil)
	for _, id := range []string{"Nosuch", "sha256:" + sum("nosuch"), "x-mine:Root", strings.Repeat("a", 200)} {
		s.checkCode(id, s.get(graphQLJSON, "documentId="+id), 400, "PERSISTED_DOCUMENT_NOT_FOUND")
		w := s.get(plainJSON, "documentId="+id)
		s.checkCode(id+" as JSON", w, 200, "PERSISTED_DOCUMENT_NOT_FOUND")
		if got := w.Header().Get("Cache-Control"); got != "private, no-cache, must-revalidate" {
			t.Errorf("%s may be cached: %q", id, got)
		}
	}
	for _, query := range []string{
		"documentId=", "documentId=../../etc/passwd", "documentId=%00", "documentId=" + strings.Repeat("a", 1<<20), "documentId=sha256:" + sum("")[1:],
		"documentId=Root&query={a}", "documentId=Root&" + persisted(sum(rootFile)), "documentId=md5:00", "documentId=%FF",
		`extensions={"persistedQuery":{"version":2,"sha256Hash":"` + sum("") + `"}}`, `extensions={"persistedQuery":{"version":1}}`,
		`extensions={"persistedQuery":[]}`, `extensions={"persistedQuery":{"version":1,"sha256Hash":"../a"}}`,
		`extensions={"persistedQuery":{"version":1,"sha256Hash":1}}`, `extensions={"persistedQuery":null}`,
		"query={__typename}&" + persisted(sum("another")),
	} {
		for _, media := range []string{graphQLJSON, plainJSON} {
			s.checkCode(query[:min(100, len(query))], s.get(media, query), 400, "BAD_REQUEST")
		}
	}
	for _, body := range []string{`{"documentId": null}`, `{"documentId": 1}`, `{"documentId": "Root", "query": "{ __typename }"}`} {
		s.checkCode(body, s.post(plainJSON, body), 400, "BAD_REQUEST")
	}
}

// persisted is the part of a URL that is for an automatic persisted query.
func persisted(hash string) string {
	return "extensions=" + url.QueryEscape(`{"persistedQuery":{"version":1,"sha256Hash":"`+hash+`"}}`)
}

// What Apollo's and urql's clients understand, to the letter.
const unknownQuery = `{"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}}]}`

func TestQueriesAreLearnt(t *testing.T) {
	s := newStore(t, nil)
	const query = "query Q { c: __typename }"
	asked := persisted(sum(query))
	both := "query=" + url.QueryEscape(query) + "&" + asked
	for _, media := range []string{graphQLJSON, plainJSON} {
		w := s.get(media, asked)
		s.check("before", w, 200, unknownQuery)
		if got := w.Header().Get("Cache-Control"); got != "private, no-cache, must-revalidate" {
			t.Errorf("it may be cached: %q", got)
		}
	}
	s.get(plainJSON, "query="+url.QueryEscape(query)) // which tells no hash
	s.check("the text alone", s.get(plainJSON, asked), 200, unknownQuery)
	s.check("both", s.get(plainJSON, both), 200, `{"data":{"c":"Query"}}`)
	s.check("after", s.get(graphQLJSON, asked), 200, `{"data":{"c":"Query"}}`)
	s.check("once more", s.get(plainJSON, both), 200, `{"data":{"c":"Query"}}`)

	wrong := persisted(sum("{ nosuch }"))
	s.checkCode("a wrong one", s.get(graphQLJSON, "query={+nosuch+}&"+wrong), 400, "GRAPHQL_VALIDATION_FAILED")
	s.check("a wrong one is not learnt", s.get(graphQLJSON, wrong), 200, unknownQuery)
	mutation := `mutation { deletePost(id: "x") }`
	s.checkCode("a mutation", s.post(plainJSON, `{"query": "mutation { deletePost(id: \"x\") }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "`+sum(mutation)+`"}}}`), 200, "UNAUTHENTICATED")
	s.checkCode("a mutation by GET", s.get(plainJSON, persisted(sum(mutation))), 405, "METHOD_NOT_ALLOWED")
}

func TestStoredDocumentsOnly(t *testing.T) {
	s := newStore(t, func(o *Options) { o.StoredOnly = true })
	const query = "query Q { c: __typename }"
	for what, query := range map[string]string{
		"a text":                "query={__typename}",
		"a stored text":         "query=" + url.QueryEscape(rootFile),
		"its hash and the text": "query=" + url.QueryEscape(rootFile) + "&" + persisted(sum(rootFile)),
		"to be learnt":          "query=" + url.QueryEscape(query) + "&" + persisted(sum(query)),
		"about the schema":      "query={__schema{queryType{name}}}",
		"no GraphQL":            "query={",
		"nothing":               "query=",
	} {
		s.checkCode(what, s.get(graphQLJSON, query), 400, "PERSISTED_DOCUMENT_REQUIRED")
		s.checkCode(what, s.get(plainJSON, query), 200, "PERSISTED_DOCUMENT_REQUIRED")
	}
	// Who is told that a query is not found sends it.
	s.checkCode("a hash", s.get(graphQLJSON, persisted(sum(query))), 400, "PERSISTED_DOCUMENT_NOT_FOUND")
	s.checkCode("a batch", s.post(plainJSON, `[{"query": "{ __typename }"}]`), 400, "BAD_REQUEST")
}
