package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStoredDocuments(t *testing.T) {
	s := serve(t, "PERSISTED_ONLY=true", "PERSISTED_DOCUMENTS="+folder(t, map[string]string{
		"root.graphql": "query Root { ...F }", "f.graphql": "fragment F on Query { __typename }", "none.graphql": "query None @rest(method: GET, path: \"/none\") { products(first: 0) { nodes { id } } }", "m.json": "{}",
	}))
	for target, want := range map[string]string{
		"/graphql?documentId=Root":         `{"data":{"__typename":"Query"}}`,
		"/graphql?query={__typename}":      "PERSISTED_DOCUMENT_REQUIRED",
		"/api/none":                        `{"nodes":[]}`,
		"/graphql?documentId=../Root":      "BAD_REQUEST",
		"/graphql?documentId=Root.graphql": "PERSISTED_DOCUMENT_NOT_FOUND",
	} {
		if _, got := get(t, s.url+target); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
	if status, _ := get(t, s.url+"/"); status != 404 {
		t.Errorf("GraphiQL: %d", status)
	}
}

func TestWrongStoredDocuments(t *testing.T) {
	for want, documents := range map[string]string{
		"a.graphql:2:3: Cannot query field \"nosuch\"": folder(t, map[string]string{"a.graphql": "{\n  nosuch }"}),
		"a.graphql:1:4: Expected":                      folder(t, map[string]string{"a.graphql": "{ a"}),
		"b.graphql:1:10: @rest: GET /x is that of a.graphql:1:10 too": folder(t, map[string]string{
			"a.graphql": "query A @rest(method: GET, path: \"/x\") { viewer { id } }", "b.graphql": "query B @rest(method: GET, path: \"/x\") { rateLimit { cost } }"}),
		"m.json: this is no manifest": folder(t, map[string]string{"m.json": "[]"}),
		"no such file or directory":   filepath.Join(t.TempDir(), "nosuch"),
		"not a directory":             os.Args[0],
	} {
		for _, command := range []string{"serve", "config"} {
			cmd := stoa(t, "PERSISTED_DOCUMENTS="+documents, "PORT=0", command)
			out, errs, status := run(t, cmd)
			if status != 2 || out != "" || !strings.Contains(errs, want) || !strings.Contains(errs, "stoa: ") {
				t.Errorf("%s: status %d, %s %s, want %s", command, status, out, errs, want)
			}
			if left, err := os.ReadDir(cmd.Dir); err != nil || len(left) > 0 {
				t.Errorf("%s leaves %v behind, %v", command, left, err)
			}
		}
	}
}
