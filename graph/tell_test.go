package graph

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWhoseFields: each field whose resolver asks who sees it, or who the client is, is
// known for that, or others would be told what is not for them.
func TestWhoseFields(t *testing.T) {
	for asks, known := range map[string]map[string]bool{
		`(\w+)Resolver\) (\w+)\([^\n]*\{\n[^\n]*\bviewer\(ctx\)`:               viewersOwn,
		`(query)Resolver\) (\w+)\([^\n]*\{\n[^\n]*\.(?:Viewer|\w*From)\(ctx\)`: aboutClients,
	} {
		if found := resolved(t, regexp.MustCompile(`func \(r \*`+asks)); !maps.Equal(found, known) {
			t.Errorf("found %v, want %v", found, known)
		}
	}
}

// resolved are the fields whose resolvers are of the form.
func resolved(t *testing.T, form *regexp.Regexp) map[string]bool {
	t.Helper()
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
		for _, match := range form.FindAllSubmatch(text, -1) {
			object, field := string(match[1]), string(match[2])
			found[strings.ToUpper(object[:1])+object[1:]+"."+strings.ToLower(field[:1])+field[1:]] = true
		}
	}
	return found
}
