package main

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
)

// The floor is a process of the same program, which here is the test.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == floorCommand {
		if err := serveFloor(context.Background()); err != nil {
			println(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// All workloads are run, each once by each connection, and the floor and Stoa give the same
// answers: without that, nothing is measured.
func TestFloorAndStoaAnswerAlike(t *testing.T) {
	stoa := build(t)
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			if kind == dbtest.Postgres {
				t.Setenv("BENCH_DATABASE_URL", dbtest.URL(t, kind))
				t.Cleanup(func() { drop(t, os.Getenv("BENCH_DATABASE_URL"), "stoa_bench_1000") })
			}
			docs := t.TempDir()
			page := filepath.Join(docs, "performance.md")
			text := "before\n<!-- bench " + kind + " -->\nold\n<!-- end of bench " + kind + " -->\nafter\n"
			if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := run(t.Context(), []string{"-quick", "-database", kind, "-rows", "1000", "-rounds", "1", "-seconds", "0", "-stoa", stoa, "-write", docs})
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			if rows := strings.Count(string(got), "| W"); rows < len(workloads) || !strings.HasPrefix(string(got), "before\n") ||
				!strings.HasSuffix(string(got), "\nafter\n") || strings.Contains(string(got), "old") {
				t.Errorf("%d rows: %s", rows, got)
			}
		})
	}
}

// What a run measures of growth and of searches goes to sections of its own, and
// the database of a run before is taken as it is.
func TestGrowthAndSearches(t *testing.T) {
	stoa, docs, databases := build(t), t.TempDir(), t.TempDir()
	t.Setenv("BENCH_DATABASE_URL", "sqlite:"+databases)
	for _, c := range []struct {
		page, section, want string
		args                []string
	}{
		{"performance.md", "sqlite growth", "a request takes with 2,000:", []string{"-rows", "1000,2000", "-workloads", "w1", "-rounds", "1", "-seconds", "1"}},
		{"query-plans.md", "sqlite searches", "among 2,000 products", []string{"-rows", "2000", "-searches", "-seconds", "0"}},
	} {
		page := filepath.Join(docs, c.page)
		text := "<!-- bench sqlite -->\nkept\n<!-- end of bench sqlite -->\n<!-- bench " + c.section + " -->\n<!-- end of bench " + c.section + " -->\n"
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args := append(c.args, "-database", "sqlite", "-stoa", stoa, "-write", docs)
		if err := run(t.Context(), args); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(got), "\nkept\n") || !strings.Contains(string(got), c.want) {
			t.Errorf("%s: %q is missing, or what was there: %s", c.section, c.want, got)
		}
	}
	if files, err := filepath.Glob(filepath.Join(databases, "*.db")); len(files) != 2 {
		t.Errorf("%d databases were made: %v", len(files), err)
	}
}

// build builds Stoa as the tests are built: so most of it is there.
func build(t *testing.T) string {
	program := filepath.Join(t.TempDir(), "stoa")
	args := []string{"build", "-o", program}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "stoa")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func drop(t *testing.T, address, name string) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
		t.Error(err)
	}
}
