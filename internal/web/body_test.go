package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"stoa/graph"
	"stoa/internal/fault"
)

func TestABodyIsARequest(t *testing.T) {
	for body, want := range map[string]string{
		`{"query": "{ a }"}`:                        `{ a } "" map[]`,
		" \t\r\n{\"query\": \"\"} \n":               ` "" map[]`,
		`{"query": "{ a }", "operationName": null}`: `{ a } "" map[]`,
		`{"query": "{ a }", "operationName": "A"}`:  `{ a } "A" map[]`,
		`{"query": "{ a }", "variables": null}`:     `{ a } "" map[]`,
		`{"query": "{ a }", "variables": {}}`:       `{ a } "" map[]`,
		`{"query": "{ a }", "variables": {"n": 12345678901234567890.10, "l": [1e400, {"x": null}]}}`: `{ a } "" map[l:[1e400 map[x:<nil>]] n:12345678901234567890.10]`,
		`{"query": "{ a }", "extensions": {"any": [1]}, "more": true}`:                               `{ a } "" map[]`,
		`{"query": "{ a }", "extensions": null}`:                                                     `{ a } "" map[]`,
		`{"query": "\u00e9\n"}`:                                                                      "é\n \"\" map[]",
	} {
		r, err := readBody([]byte(body))
		if got := fmt.Sprintf("%s %q %v", r.Query, r.OperationName, r.Variables); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", body, got, err, want)
		}
	}
}

func TestABodyThatIsNoRequestIsRefused(t *testing.T) {
	for _, body := range []string{
		"", " ", "null", "true", "1", `"{ a }"`, "{ a }", "query=%7Ba%7D", "<html>", "\xff", "\uFEFF" + `{"query": "{ a }"}`,
		"[]", `[{"query": "{ a }"}]`, ` [{"query": "{ a }"}, {"query": "{ a }"}]`,
		"{}", `{"variables": {}}`, `{"query": null}`, `{"query": 1}`, `{"query": ["{ a }"]}`, `{"query": {}}`,
		`{"query": "{ a }"`, `{"query": "{ a }"} garbage`, `{"query": "{ a }"}{}`, `{"query": "{ a }",}`, `{'query': '{ a }'}`,
		`{"query": "{ a }", "operationName": 1}`, `{"query": "{ a }", "operationName": {}}`,
		`{"query": "{ a }", "variables": []}`, `{"query": "{ a }", "variables": "{}"}`, `{"query": "{ a }", "variables": 1}`,
		`{"query": "{ a }", "extensions": []}`, `{"query": "{ a }", "extensions": "x"}`,
		`{"query": "{ a }", "variables": {"n": 01}}`, `{"query": "{ a }", "variables": ` + strings.Repeat("[", 20_000) + `}`,
	} {
		r, err := readBody([]byte(body))
		checkBadRequest(t, fmt.Sprintf("%.60s", body), r, err)
	}
}

func checkBadRequest(t *testing.T, what string, r graph.Request, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s is taken for %+v", what, r)
		return
	}
	faults := fault.Of(err)
	if len(faults) != 1 || faults[0].Code != fault.BadRequest || faults[0].Message == "" {
		t.Errorf("%s: got %v", what, err)
	}
	if len(what) > 10 && strings.Contains(err.Error(), what) {
		t.Errorf("%s comes back in the message %q", what, err)
	}
}

func TestAURLIsARequest(t *testing.T) {
	for query, want := range map[string]string{
		`query={a}`: `{a} "" map[]`,
		`query=`:    ` "" map[]`,
		`query={a}&operationName=&variables=&extensions=`:  `{a} "" map[]`,
		`query={a}&operationName=A&more=1`:                 `{a} "A" map[]`,
		`query={a}&variables={"n":0.10}&extensions={}`:     `{a} "" map[n:0.10]`,
		`query={a}&variables=null&extensions=%20null%0A`:   `{a} "" map[]`,
		`query={a}&variables=%7B%22x%22%3A%22%26%2B%22%7D`: `{a} "" map[x:&+]`,
	} {
		r, err := readQuery(values(t, query))
		if got := fmt.Sprintf("%s %q %v", r.Query, r.OperationName, r.Variables); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", query, got, err, want)
		}
	}
	for _, query := range []string{
		``, `Query={a}`, `variables={}`, `query={a}&variables=[]`, `query={a}&variables=x`, `query={a}&variables={}{}`,
		`query={a}&variables="x"`, `query={a}&extensions=1`, `query={a}&variables={"n":1`, `query={a}&variables=%20`,
		`query=%FF`, `query={a}&operationName=%C3`, `query={a}&variables={"x":"%FF"}`,
	} {
		r, err := readQuery(values(t, query))
		checkBadRequest(t, query, r, err)
	}
}

func values(t *testing.T, query string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestABodyIsJSONInUTF8(t *testing.T) {
	for contentType, want := range map[string]bool{
		"application/json":                  true,
		"application/json; charset=utf-8":   true,
		`Application/JSON;charset="UTF-8"`:  true,
		"application/json; version=1":       true,
		"":                                  false,
		"application/json; charset=latin1":  false,
		"application/json; charset=utf-16":  false,
		"application/graphql":               false,
		"application/graphql-response+json": false,
		"application/x-www-form-urlencoded": false,
		"multipart/form-data; boundary=x":   false,
		"text/plain":                        false,
		"application/jsonp":                 false,
		"application/json; charset":         false,
		"application/json, text/plain":      false,
	} {
		if got := isJSON(contentType); got != want {
			t.Errorf("%q: got %v, want %v", contentType, got, want)
		}
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"query": "{ a }"}`, `{"query": "{ a }", "operationName": "A", "variables": {"n": 1e400, "l": [0.10, null]}, "extensions": {}}`,
		`[{"query": "{ a }"}]`, `{"query": null}`, `{}`, `null`, `{"query": "\ud800"}`, `{"query": "{ a }"} x`, `{"query": "a", "query": 1}`,
		`{"QUERY": "{ a }"}`, "\xff", `{"query": "", "variables": []}`, `{"documentId": "A", "query": null}`,
		`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := readBody(body)
		if err != nil {
			if faults := fault.Of(err); len(faults) != 1 || faults[0].Code != fault.BadRequest {
				t.Fatalf("%q: got %v", body, err)
			}
			return
		}
		var object map[string]json.RawMessage
		if json.Unmarshal(body, &object) != nil {
			t.Fatalf("%q is no object", body)
		}
		found := false
		for name, value := range object {
			var text *string
			isText := json.Unmarshal(value, &text) == nil && text != nil
			found = found || isText && (strings.EqualFold(name, "query") && *text == r.Query || strings.EqualFold(name, "documentId") && *text == r.DocumentID)
		}
		if !found && !strings.Contains(string(body), r.Hash) || r.DocumentID != "" && (r.Query != "" || r.Hash != "") {
			t.Fatalf("%q is no request for %+v", body, r)
		}
		checkExact(t, r.Variables)
	})
}

// checkExact reports a number whose digits are lost.
func checkExact(t *testing.T, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			checkExact(t, inner)
		}
	case []any:
		for _, inner := range v {
			checkExact(t, inner)
		}
	case float64:
		t.Fatalf("%v was a float on the way", v)
	}
}
