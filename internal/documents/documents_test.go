package documents

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// folder holds files, by their names.
func folder(files map[string]string) fstest.MapFS {
	f := fstest.MapFS{}
	for name, text := range files {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func mustRead(t testing.TB, files map[string]string) []Document {
	t.Helper()
	docs, err := Read(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func TestFilesShareFragments(t *testing.T) {
	const operation = "query Shop { ...A ...Own }\nfragment Own on Query { own }\n"
	docs := mustRead(t, map[string]string{
		"shop.graphql":            operation,
		"deep/plain.graphql":      "{ a }",
		"fragments/a.graphql":     "# of A\n  fragment A on Query { a(b: \"é\") ...B }\n\nfragment Unused on Query { u }\nfragment Own on Query { hidden }",
		"fragments/b.graphql":     "fragment B on Query { b }",
		".hidden/wrong.graphql":   "{",
		"..data/wrong.graphql":    "{",
		".wrong.graphql":          "{",
		"fragments/read.me":       "{",
		"fragments/empty.graphql": "",
	})
	if len(docs) != 2 {
		t.Fatalf("got %v", docs)
	}
	plain, shop := docs[0], docs[1]
	if plain.Name != "" || plain.Text != "{ a }" || plain.ID != Hash("{ a }") || plain.Source != "deep/plain.graphql" {
		t.Errorf("got %+v", plain)
	}
	want := operation + "\n\n  fragment A on Query { a(b: \"é\") ...B }\n\n\n\nfragment B on Query { b }"
	if shop.Name != "Shop" || shop.Text != want || shop.ID != Hash(operation) {
		t.Errorf("got %+v, want the text %q", shop, want)
	}
	for place, text := range map[string]string{
		"shop.graphql:2:1":         "fragment Own",
		"fragments/a.graphql:2:3":  "fragment A",
		"fragments/a.graphql:2:25": "a(b:",
		"fragments/b.graphql:1:23": "b }",
	} {
		before, _, found := strings.Cut(want, text)
		line := strings.Count(before, "\n") + 1
		column := len(before) - strings.LastIndexByte(before, '\n')
		if got := shop.Place(line, column); !found || got != place {
			t.Errorf("%q is at %s, want %s", text, got, place)
		}
	}
}

func TestManifests(t *testing.T) {
	docs := mustRead(t, map[string]string{
		"apollo.json": `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
			{"id": "abc", "name": "Shop", "type": "query", "body": "query Shop { a }"}, {"id": "d~1", "body": "{ b }"}]}`,
		"again.json":   `{"abc": "query Shop { a }"}`,
		"relay.json":   `{"0123": "query Shop { other }"}`,
		"shop.graphql": "query Shop { third }",
		"none.json":    `{}`,
	})
	var got []string
	for _, d := range docs {
		got = append(got, d.Source+"|"+d.ID+"|"+d.Name+"|"+d.Text)
	}
	want := []string{
		`again.json, id "abc"|abc|Shop|query Shop { a }`,
		`apollo.json, id "d~1"|d~1||{ b }`,
		`relay.json, id "0123"|0123|Shop|query Shop { other }`,
		`shop.graphql|` + Hash("query Shop { third }") + `|Shop|query Shop { third }`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	for want, files := range map[string]map[string]string{
		"a.graphql:2:4: Expected Name":                                                 {"a.graphql": "{\n  \"text\"}"},
		"a.graphql:2:1: a second operation":                                            {"a.graphql": "{ a }\n{ b }"},
		"a.graphql:1:8: there is no fragment F":                                        {"a.graphql": "{ a ...F }"},
		"f.graphql:2:27: the fragment F is spread within itself":                       {"a.graphql": "{ ...F }", "f.graphql": "fragment F on Q { ...G }\n fragment G on Q { a { ...F } }"},
		"a.graphql:1:31: the fragment F is spread within itself":                       {"a.graphql": "{ ...F } fragment F on Q { ...F }"},
		"g.graphql:1:1: the fragment F is in f.graphql too":                            {"f.graphql": "fragment F on Q { a }", "g.graphql": "fragment F on Q { a }"},
		"b.graphql: the operation Q has another text in a.graphql":                     {"a.graphql": "query Q { a }", "b.graphql": "query Q { b }"},
		"a.graphql:1:1: the operation's name has more than 200 bytes":                  {"a.graphql": "query " + long[:1000] + " { a }"},
		"a.graphql: it has more than 262144 bytes":                                     {"a.graphql": "{" + long + "}"},
		`m.json, id "a": the document has more than 262144 bytes`:                      {"m.json": `{"a": "{` + long + `}"}`},
		`m.json, id "` + long[:80] + `…": an id is up to 200`:                          {"m.json": `{"` + long + `": "{ a }"}`},
		`m.json, id "../../etc/passwd": an id is up to 200`:                            {"m.json": `{"../../etc/passwd": "{ a }"}`},
		`m.json, id "a": the id a has another text in m.json, id "a"`:                  {"m.json": `{"a": "{ a }", "a": "{ b }"}`},
		`n.json, id "a": the id a has another text in m.json, id "a"`:                  {"m.json": `{"a": "{ a }"}`, "n.json": `{"a": "{ b }"}`},
		`m.json, id "b": the operation Q has another text in m.json, id "a"`:           {"m.json": `{"a": "query Q { a }", "b": "query Q { b }"}`},
		`m.json, id "a": the document has no operation`:                                {"m.json": `{"a": "fragment F on Q { a }"}`},
		`m.json, id "a":2:1: Unexpected`:                                               {"m.json": `{"a": "{ a }\n?"}`},
		"m.json:2:10: invalid character 'a'":                                           {"m.json": "{\n  \"a\": { a }}"},
		"m.json: this is no manifest":                                                  {"m.json": `{"name": "shop", "version": 1}`},
		"n.json: this is no manifest":                                                  {"n.json": `[]`},
		"o.json: this is no manifest":                                                  {"o.json": `{"format": "apollo-persisted-query-manifest", "version": 2}`},
		"p.json: this is no manifest":                                                  {"p.json": `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": {}}`},
		"a.graphql:1:1: Unexpected Name \"type\"\nb.graphql:1:2: Expected Name, found": {"a.graphql": "type Q { a: Int }", "b.graphql": "{"},
	} {
		docs, err := Read(folder(files))
		if err == nil || docs != nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, %v, want %s", docs, err, want)
		}
	}
}

// Links may lead to other names within the folder, as where a cluster mounts its
// files, but not out of it; what is no file is not waited for.
func TestLinks(t *testing.T) {
	outside := t.TempDir()
	write(t, filepath.Join(outside, "secret.graphql"), "query Secret { a }")
	inside := t.TempDir()
	write(t, filepath.Join(inside, "..data", "a.graphql"), "query A { a }")
	link(t, filepath.Join("..data", "a.graphql"), filepath.Join(inside, "a.graphql"))
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if docs, err := Read(root.FS()); err != nil || len(docs) != 1 || docs[0].Name != "A" {
		t.Errorf("got %v, %v", docs, err)
	}
	link(t, filepath.Join(outside, "secret.graphql"), filepath.Join(inside, "b.graphql"))
	if docs, err := Read(root.FS()); err == nil || !strings.HasPrefix(err.Error(), "b.graphql: ") || docs != nil {
		t.Errorf("got %v, %v", docs, err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}

func TestIDs(t *testing.T) {
	for text, want := range map[string]bool{
		"Shop": true, "app~1.0.0~0a": true, "sha256:" + Hash(""): true, "x-mine:a.b": true, strings.Repeat("a", 200): true,
		"": false, "a b": false, "sha256:" + Hash("")[1:]: false, "sha256:" + strings.ToUpper(Hash("")): false, "md5:00": false,
		"../a": false, "a:": false, ":a": false, "é": false, strings.Repeat("a", 201): false, "a\n": false, "a\x00": false,
	} {
		if IsID(text) != want {
			t.Errorf("%q: want %t", text, want)
		}
	}
}
