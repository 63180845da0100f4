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
