package documents

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Whatever the files hold, they are refused with their names, or each document is
// one that stands by itself.
func FuzzRead(f *testing.F) {
	f.Add("query Q { ...F }", "fragment F on Query { a ...G }\nfragment G on Query { b }", `{"a": "{ a }"}`)
	f.Add("{ a }\n", "  # é\n fragment F on Q { a(b: \"é\") }\r\n", `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "body": "query Q { a }"}]}`)
	f.Add("query Q { ...F } fragment F on Q { ...F }", "", `{"a": "query Q { a }", "a": "query Q { b }"}`)
	f.Add("{\r...F\r\n}\r", "fragment F on Q {\r\n\ra ...G\r}\r\n\rfragment G on Q { a }", "{}")
	f.Add("query Q @rest(path: \"/{id}\") { ...F }", "fragment F on Q { \"\"\"a\"\"\" }", `{"../a": 1, "format": ""}`)
	f.Fuzz(func(t *testing.T, operation, fragments, manifest string) {
		docs, err := Read(folder(map[string]string{"a.graphql": operation, "b.graphql": fragments, "c.json": manifest}))
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if docs == nil && (strings.HasPrefix(line, "a.graphql:") || strings.HasPrefix(line, "b.graphql:") || strings.HasPrefix(line, "c.json")) {
					return
				}
			}
			t.Fatalf("got %v, %v", docs, err)
		}
		ids := map[string]bool{}
		for _, d := range docs {
			parsed, err := parser.ParseQuery(&ast.Source{Input: d.Text})
			if err != nil || len(parsed.Operations) != 1 || parsed.Operations[0].Name != d.Name || !IsID(d.ID) || ids[d.ID] {
				t.Fatalf("got %+v, %v", d, err)
			}
			ids[d.ID] = true
			for _, definition := range parsed.Fragments {
				p := definition.Position
				if place := d.Place(p.Line, p.Column); strings.HasPrefix(place, "b.graphql:") {
					checkPlace(t, place, fragments, definition.Name)
				}
			}
		}
	})
}

// checkPlace expects the fragment to begin at the place of the file.
func checkPlace(t *testing.T, place, text, name string) {
	t.Helper()
	parsed, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	p := parsed.Fragments.ForName(name).Position
	if want := at("b.graphql", p.Line, p.Column); place != want {
		t.Fatalf("%s is at %s, want %s", name, place, want)
	}
}
