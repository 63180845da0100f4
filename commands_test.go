package main

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
)

func TestHealth(t *testing.T) {
	ask := func(s *server, status int, told string, settings ...string) {
		t.Helper()
		at, err := url.Parse(s.url)
		if err != nil {
			t.Fatal(err)
		}
		out, errs, got := run(t, stoa(t, append(settings, "PORT="+at.Port(), "JWT_SECRET=short", "health")...))
		if got != status || !strings.Contains(out+errs, told) || strings.Count(out+errs, "\n") != 1 {
			t.Errorf("%q: status %d, %q %q", settings, got, out, errs)
		}
	}
	s := serve(t, "HOST=0.0.0.0", "ADMIN_ADDR=127.0.0.1:0")
	ask(s, 1, "404") // on the port of clients
	ask(s, 0, "ready", "ADMIN_ADDR="+strings.TrimPrefix(s.operators, "http://"))
	s = serve(t, "HOST=0.0.0.0")
	ask(s, 0, "ready")
	ask(s, 0, "ready", "HOST=0.0.0.0", "HTTP_PROXY=http://127.0.0.1:1")
	s.Process.Kill()
	s.end(t, -1)
	ask(s, 1, "no answer")
	ask(serve(t, "MIGRATE=false"), 1, "migrations")
}

func TestConfig(t *testing.T) {
	out, errs, status := run(t, stoa(t, "DATABASE_URL=postgres://u:hunter2@h/x", "JWT_SECRET="+strings.Repeat("hunter2", 5), "config", "--port=99"))
	if status != 0 || errs != "" || strings.Contains(out, "hunter2") {
		t.Errorf("status %d, %s %s", status, out, errs)
	}
	for _, line := range []string{"DATABASE_URL postgres://h/x environment", "PORT 99 flag", "MAX_DEPTH 15 default"} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), line) {
			t.Errorf("%q is not told: %s", line, out)
		}
	}
	if out, errs, status := run(t, stoa(t, "DATABASE_URL=postgres://h/x", "config")); status != 2 || out != "" || !strings.Contains(errs, "JWT_SECRET (") {
		t.Errorf("status %d, %s %s", status, out, errs)
	}
}

func TestMigrate(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) { migrating(t, "DATABASE_URL="+dbtest.URL(t, kind)) })
	}
}

// migrating takes all steps back, one by one, and then again.
func migrating(t *testing.T, database string) {
	migrate := func(word string) string {
		t.Helper()
		out, errs, status := run(t, stoa(t, database, "DB_MAX_CONNS=1", "migrate", word))
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
