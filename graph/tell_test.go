package graph

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var asksWhoSees = regexp.MustCompile(`func \(r \*(\w+)Resolver\) (\w+)\([^\n]*\{\n[^\n]*\bviewer\(ctx\)`)

// TestViewersOwn: each field whose resolver asks who sees it is known to be seen
// otherwise by others, or they would be told what is not for them.
func TestViewersOwn(t *testing.T) {
	files, err := filepath.Glob("*.resolvers.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range asksWhoSees.FindAllSubmatch(text, -1) {
			object, field := string(match[1]), string(match[2])
			found[strings.ToUpper(object[:1])+object[1:]+"."+strings.ToLower(field[:1])+field[1:]] = true
		}
	}
	for name := range found {
		if !viewersOwn[name] {
			t.Errorf("%s depends on who asks", name)
		}
	}
	if len(found) != len(viewersOwn) {
		t.Errorf("found %v, want %v", found, viewersOwn)
	}
}
