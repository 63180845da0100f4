package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
)

func TestMigrate(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) { migrating(t, "DATABASE_URL="+dbtest.URL(t, kind)) })
	}
}

// migrating takes all steps back, one by one, and then again.
func migrating(t *testing.T, database string) {
	migrate := func(word string) string {
		t.Helper()
		out, errs, status := run(t, stoa(t, database, "migrate", word))
		if status != 0 {
			t.Fatalf("migrate %s: status %d, %s", word, status, errs)
		}
		return out
	}
	steps := strings.Count(migrate("status"), "\n")
	if steps == 0 {
		t.Fatal("there are no steps")
	}
	for n := 1; n <= steps; n++ {
		migrate("down")
		if out := migrate("status"); strings.Count(out, "not yet\n") != n {
			t.Errorf("after %d times down:\n%s", n, out)
		}
	}
	if _, errs, status := run(t, stoa(t, database, "migrate", "down")); status != 1 || strings.Count(errs, "\n") != 1 {
		t.Errorf("down with nothing left: status %d, %s", status, errs)
	}
	migrate("up")
	lines := strings.Split(strings.TrimSpace(migrate("status")), "\n")
	if len(lines) != steps {
		t.Errorf("after up:\n%q", lines)
	}
	for _, line := range lines {
		_, when, _ := strings.Cut(line, " ")
		// A time zone is off by more.
		if at, err := time.Parse(time.RFC3339, strings.TrimSpace(when)); err != nil || time.Since(at).Abs() > 10*time.Minute {
			t.Errorf("taken just now: %q", line)
		}
	}
}

func TestOutdatedDatabaseIsNotReady(t *testing.T) {
	s := serve(t, "MIGRATE=false")
	if status, body := get(t, s.url+"/readyz"); status != 503 || !strings.Contains(body, "migrations") {
		t.Errorf("%d %s", status, body)
	}
	if status, body := get(t, s.url+"/healthz"); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestSeed(t *testing.T) {
	database := "DATABASE_URL=sqlite:" + t.TempDir() + "/shop.db"
	seed := func(status int, words ...string) string {
		t.Helper()
		words = append([]string{database, "seed", "--products=30", "--categories=4", "--users=5", "--posts=6"}, words...)
		_, errs, got := run(t, stoa(t, words...))
		if got != status {
			t.Fatalf("%q: status %d, %s", words, got, errs)
		}
		return errs
	}
	seed(0, "--random-seed=7")
	if told := seed(1); !strings.Contains(told, "--force") {
		t.Errorf("a full database is refused with %s", told)
	}
	seed(0, "--force")

	answer := serve(t, database).ask(t, "{ products { totalCount } categories { totalCount } users { totalCount } posts { totalCount } }")
	var got struct {
		Data map[string]struct{ TotalCount int }
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"products": 60, "categories": 8, "users": 10, "posts": 12} {
		if got.Data[name].TotalCount != want {
			t.Errorf("%s: %s, want %d", name, answer, want)
		}
	}
}
