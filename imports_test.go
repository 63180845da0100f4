package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors are the packages of Stoa from below: each may import what lies below its own floor.
var floors = [][]string{
	{"internal/fault", "internal/scalar", "internal/documents", "migrations", "graphiql"},
	{"internal/observe"},
	{"internal/relay", "internal/batch"},
	{"internal/sqldb"},
	{"internal/auth", "internal/live"},
	{"internal/store", "internal/seed", "internal/limit", "internal/rest", "internal/once"},
	{"graph/writer", "internal/openapi"},
	{"graph/generated"},
	{"graph", "graph/generate"},
	{"internal/web", "internal/config"},
	{""},
}

// keepers are the only packages that may import a path; "..." stands for any rest.
var keepers = map[string][]string{
	"database/sql...":                 {"internal/sqldb"},
	"github.com/jmoiron/sqlx...":      {"internal/sqldb"},
	"github.com/lib/pq...":            {"internal/sqldb"},
	"modernc.org/...":                 {"internal/sqldb"},
	"github.com/pressly/goose...":     {"internal/sqldb"},
	"github.com/graph-gophers/...":    {"internal/batch"},
	"github.com/99designs/gqlgen/...": {"graph/generate", "graph/generated", "graph/writer", "graph", "internal/limit", "internal/web", "internal/store"}, // store: Omittable
	"github.com/vektah/gqlparser/...": {"graph/generated", "graph/writer", "graph", "internal/limit", "internal/documents", "internal/rest", "internal/openapi", "internal/web"},
	"github.com/tidwall/...":          {"internal/rest"},
	"github.com/google/jsonschema...": {"internal/openapi"},
	"github.com/alecthomas/kong":      {"internal/config", ""},
	"stoa/internal/config":            {""},
	"net/http":                        {"internal/web", "internal/limit", "internal/observe", ""},
	"github.com/prometheus/...":       {"internal/observe"},
	"go.opentelemetry.io/...":         {"internal/observe"},
}

// Packages that only tests import, and the benchmark, may import anything.
func forTests(name string) bool {
	return strings.HasPrefix(name, "internal/dbtest") || strings.HasPrefix(name, "internal/model") ||
		strings.HasPrefix(name, "bench")
}

func TestImports(t *testing.T) {
	for name, imports := range packages(t) {
		if forTests(name) {
			continue
		}
		floor := floorOf(name)
		if floor < 0 {
			t.Errorf("%s has no floor: see imports_test.go", name)
		}
		for _, path := range imports {
			own, isOwn := strings.CutPrefix(path, "stoa/")
			if isOwn && (forTests(own) || floorOf(own) >= floor) {
				t.Errorf("%s imports %s, which does not lie below it", name, own)
			}
			for pattern, allowed := range keepers {
				if matches(path, pattern) && !slices.Contains(allowed, name) {
					t.Errorf("%s imports %s, which is for %q alone", name, path, allowed)
				}
			}
		}
	}
}

func matches(path, pattern string) bool {
	prefix, open := strings.CutSuffix(pattern, "...")
	return path == prefix || open && strings.HasPrefix(path, prefix)
}

func floorOf(name string) int {
	return slices.IndexFunc(floors, func(names []string) bool { return slices.Contains(names, name) })
}

// packages are the imports of each package of Stoa, tests aside, by its path below stoa/.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for list := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := list.Decode(&p); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "stoa"), "/")] = p.Imports
	}
}
