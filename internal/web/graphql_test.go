package web

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestQueriesComeByGETAndByPOST(t *testing.T) {
	s := newShop(t, nil)
	const query, answer = `query ($n: Int) { products(first: $n) { totalCount } }`, `{"data":{"products":{"totalCount":0}}}`
	target := "/graphql?query=" + url.QueryEscape(query) + "&variables=" + url.QueryEscape(`{"n":5}`)
	for _, media := range []string{graphQLJSON, plainJSON} {
		get := s.do(call{"GET", target, http.Header{"Accept": {media}}, nil})
		s.check("GET as "+media, get, 200, answer)
		post := s.post(media, `{"query": "`+query+`", "variables": {"n": 5}}`)
		s.check("POST as "+media, post, 200, answer)
		for _, w := range []*httptest.ResponseRecorder{get, post} {
			if got := w.Header().Get("Content-Type"); got != media+"; charset=utf-8" {
				t.Errorf("%s: got %s", media, got)
			}
			if got := strings.Join(w.Header().Values("Vary"), ","); !strings.Contains(got, "Accept") {
				t.Errorf("%s: varies by %q", media, got)
			}
		}
	}
	s.check("without Accept", s.do(call{"GET", target, nil, nil}), 200, answer)
}

func TestTheStatusOfARequestThatIsRefused(t *testing.T) {
	s := newShop(t, nil)
	for _, c := range []struct {
		name, body string
		status     int // with application/graphql-response+json
		code       string
	}{
		{"no GraphQL", ask(`{`), 400, "GRAPHQL_PARSE_FAILED"},
		{"not of the schema", ask(`{ nosuch }`), 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a literal of another type", ask(`{ products(filter: {priceMin: true}) { totalCount } }`), 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a Decimal that is none", ask(`{ products(filter: {priceMin: "x"}) { totalCount } }`), 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a DateTime that is none", ask(`{ products(filter: {createdAfter: "x"}) { totalCount } }`), 400, "GRAPHQL_VALIDATION_FAILED"},
		{"an object for an enum", ask(`{ products(sortBy: {field: PRICE, direction: {}}) { totalCount } }`), 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a variable of another type", `{"query": "query ($n: Int) { products(first: $n) { totalCount } }", "variables": {"n": "5"}}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a variable that is missing", ask(`query ($i: ID!) { node(id: $i) { id } }`), 400, "GRAPHQL_VALIDATION_FAILED"},
		{"no such operation", `{"query": "query A { __typename }", "operationName": "B"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
	} {
		s.checkCode(c.name, s.post(graphQLJSON, c.body), c.status, c.code)
		s.checkCode(c.name+", as JSON", s.post(plainJSON, c.body), 200, c.code)
	}
}

func TestTheStatusOfAnHTTPRequestThatIsRefused(t *testing.T) {
	s := newShop(t, nil)
	const target = "/graphql?query=%7B__typename%7D"
	sent := func(contentType string) http.Header { return http.Header{"Content-Type": {contentType}} }
	for _, c := range []struct {
		name   string
		call   call
		status int
		code   string
	}{
		{"no JSON", call{"POST", "/graphql", sent(plainJSON), strings.NewReader(`{ a }`)}, 400, "BAD_REQUEST"},
		{"nothing", call{"POST", "/graphql", sent(plainJSON), nil}, 400, "BAD_REQUEST"},
		{"a query beside the body", call{"POST", target, sent(plainJSON), strings.NewReader(`{}`)}, 400, "BAD_REQUEST"},
		{"a batch", call{"POST", "/graphql", sent(plainJSON), strings.NewReader(`[` + ask(`{ __typename }`) + `]`)}, 400, "BAD_REQUEST"},
		{"GET without a query", call{"GET", "/graphql", nil, nil}, 400, "BAD_REQUEST"},
		{"PUT", call{"PUT", target, sent(plainJSON), strings.NewReader(ask(`{ __typename }`))}, 405, "METHOD_NOT_ALLOWED"},
		{"DELETE", call{"DELETE", target, nil, nil}, 405, "METHOD_NOT_ALLOWED"},
		{"PATCH", call{"PATCH", target, sent(plainJSON), strings.NewReader(ask(`{ __typename }`))}, 405, "METHOD_NOT_ALLOWED"},
		{"HEAD", call{"HEAD", target, nil, nil}, 405, "METHOD_NOT_ALLOWED"},
		{"text/html", call{"GET", target, http.Header{"Accept": {"text/html"}}, nil}, 406, "NOT_ACCEPTABLE"},
		{"application/json;q=0", call{"GET", target, http.Header{"Accept": {"application/json;q=0"}}, nil}, 406, "NOT_ACCEPTABLE"},
		{"a form", call{"POST", "/graphql", sent("application/x-www-form-urlencoded"), strings.NewReader(`query={__typename}`)}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"plain text", call{"POST", "/graphql", sent("text/plain"), strings.NewReader(ask(`{ __typename }`))}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"no content type", call{"POST", "/graphql", nil, strings.NewReader(ask(`{ __typename }`))}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"latin1", call{"POST", "/graphql", sent("application/json; charset=iso-8859-1"), strings.NewReader(ask(`{ __typename }`))}, 415, "UNSUPPORTED_MEDIA_TYPE"},
	} {
		w := s.do(c.call)
		s.checkCode(c.name, w, c.status, c.code)
		if allow := w.Header().Get("Allow"); (allow == "GET, POST") != (c.status == 405) {
			t.Errorf("%s: allowed is %q", c.name, allow)
		}
	}
}

func TestAMutationComesByPOSTAlone(t *testing.T) {
	s := newShop(t, nil)
	const query = `mutation { deletePost(id: "x") }`
	for _, media := range []string{graphQLJSON, plainJSON} {
		w := s.do(call{"GET", "/graphql?query=" + url.QueryEscape(query), http.Header{"Accept": {media}}, nil})
		s.checkCode("GET as "+media, w, 405, "METHOD_NOT_ALLOWED")
		if got := w.Header().Get("Allow"); got != "POST" {
			t.Errorf("%s: allowed is %q", media, got)
		}
		s.checkCode("POST as "+media, s.post(media, ask(query)), 200, "UNAUTHENTICATED")
	}
	// Which operation is meant decides, not what else the document holds.
	both := url.QueryEscape(`query Q { __typename } ` + strings.Replace(query, "mutation", "mutation M", 1))
	s.check("the query of both", s.do(call{"GET", "/graphql?operationName=Q&query=" + both, nil, nil}), 200, `{"data":{"__typename":"Query"}}`)
	s.checkCode("the mutation of both", s.do(call{"GET", "/graphql?operationName=M&query=" + both, nil, nil}), 405, "METHOD_NOT_ALLOWED")
}

func TestABodyHasAMebibyte(t *testing.T) {
	s := newShop(t, nil)
	sized := func(n int) string {
		body := ask(`{ __typename }`)
		return body + strings.Repeat(" ", n-len(body))
	}
	for _, media := range []string{graphQLJSON, plainJSON} {
		s.check("1 MiB", s.post(media, sized(1<<20)), 200, `{"data":{"__typename":"Query"}}`)
		s.checkCode("a byte more", s.post(media, sized(1<<20+1)), 413, "PAYLOAD_TOO_LARGE")
	}
	unsized := call{"POST", "/graphql", http.Header{"Content-Type": {plainJSON}}, io.LimitReader(blanks{}, 4<<20)}
	s.checkCode("of no known length", s.do(unsized), 413, "PAYLOAD_TOO_LARGE")
}

type blanks struct{}

func (blanks) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestFaultsStandBesideTheDataTheyLeave(t *testing.T) {
	s := newShop(t, nil)
	for _, media := range []string{graphQLJSON, plainJSON} {
		s.check("a nullable field", s.post(media, ask(`{ product(id: "?") { id } n: node(id: "?") { id } }`)), 200,
			`{"errors":[{"message":"This is not the id of a Product.","path":["product"],`+
				`"locations":[{"line":1,"column":3}],"extensions":{"code":"BAD_USER_INPUT","field":"id","reason":"MALFORMED"}}],"data":{"product":null,"n":null}}`)
		w := s.post(media, ask(`{ products(first: -1, last: 101, after: "x", sortBy: {field: NAME, thenBy: {field: PRICE, thenBy: {field: NAME, thenBy: {field: NAME}}}}, filter: {ids: ["?"]}) { totalCount } }`))
		var answer struct {
			Data   json.RawMessage
			Errors []struct {
				Path       []string
				Extensions struct{ Code, Field, Reason string }
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 || string(answer.Data) != "null" {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		fields := map[string]bool{}
		for _, e := range answer.Errors {
			if e.Extensions.Code != "BAD_USER_INPUT" || e.Extensions.Reason == "" || fmt.Sprint(e.Path) != "[products]" {
				t.Errorf("got %+v", e)
			}
			fields[e.Extensions.Field] = true
		}
		for _, want := range []string{"first", "last", "after", "sortBy.thenBy.thenBy.thenBy", "filter.ids.0"} {
			if !fields[want] {
				t.Errorf("the fault of %s is missing in %s", want, w.Body)
			}
		}
	}
}

func TestAnInternalErrorShowsTheRequestAndNothingElse(t *testing.T) {
	s := newShop(t, nil)
	other, err := sql.Open("sqlite", strings.TrimPrefix(s.url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "DROP TABLE products"); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	const message = `{"message":"Something went wrong on our side; request abc-123."`
	for media, want := range map[string]int{graphQLJSON: 500, plainJSON: 200} {
		w := s.post(media, ask(`{ products { totalCount } }`))
		s.checkCode(media, w, want, "INTERNAL")
		if !strings.Contains(w.Body.String(), message) || strings.Contains(strings.ToLower(w.Body.String()), "table") {
			t.Errorf("%s: got %s", media, w.Body)
		}
		if got := w.Header().Get("X-Request-Id"); got != "abc-123" {
			t.Errorf("the response is %q", got)
		}
		beside := s.post(media, ask(`{ __typename node(id: "UHJvZHVjdDo3") { id } categories { totalCount } }`))
		if beside.Code != 200 || !strings.Contains(beside.Body.String(), `"data":{"__typename":"Query","node":null,"categories":{"totalCount":0}}`) {
			t.Errorf("%s: beside data got %d %s", media, beside.Code, beside.Body)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(s.log.String()), "\n") {
		if !strings.Contains(line, `"request":"abc-123"`) {
			t.Errorf("a line without its request: %s", line)
		}
	}
	if !strings.Contains(s.log.String(), "no such table: products") {
		t.Errorf("the log does not tell the cause: %s", &s.log)
	}
}

func TestARequestHasItsTime(t *testing.T) {
	s := newShop(t, func(o *Options) { o.RequestTimeout = time.Nanosecond })
	for _, media := range []string{graphQLJSON, plainJSON} {
		w := s.post(media, ask(`{ products { totalCount } }`))
		s.checkCode(media, w, 503, "TIMEOUT")
		if w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: it is not told when to come again", media)
		}
	}
}

func TestASlowRequestIsLoggedWithItsOperation(t *testing.T) {
	s := newShop(t, func(o *Options) { o.SlowQuery = time.Nanosecond })
	s.post(plainJSON, ask(`query Slow { products { totalCount } }`))
	if log := s.log.String(); !strings.Contains(log, `"msg":"slow request"`) || !strings.Contains(log, `"operation":"Slow"`) || !strings.Contains(log, `"level":"WARN"`) {
		t.Errorf("logged %s", log)
	}
	s = newShop(t, func(o *Options) { o.SlowQuery = time.Hour })
	s.post(plainJSON, ask(`query Fast { products { totalCount } }`))
	if log := s.log.String(); strings.Contains(log, "slow") || strings.Contains(log, "WARN") {
		t.Errorf("logged %s", log)
	}
}
