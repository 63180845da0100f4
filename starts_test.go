package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// TestServersStartTogether has four servers find an empty database at once: one
// makes the tables, the demo and the admin, and all of them come up.
func TestServersStartTogether(t *testing.T) {
	t.Parallel()
	postgres, url := ownPostgres(t)
	if err := postgres.Freeze(); err != nil {
		t.Fatal(err)
	}
	var servers []*server
	for range 4 {
		servers = append(servers, launch(t, stoa(t, "PORT=0", "DATABASE_URL="+url+"&connect_timeout=60", "DEMO=true", "JWT_SECRET="+strings.Repeat("secret", 6),
			"ADMIN_EMAIL=root@example.com", "ADMIN_PASSWORD=correct horse")))
	}
	time.Sleep(time.Second) // in which they come as far as they can
	if err := postgres.Thaw(); err != nil {
		t.Fatal(err)
	}
	const query = `{ products { totalCount } categories { totalCount } users { totalCount } posts { totalCount } }`
	want := string(serve(t, "ADMIN_EMAIL=root@example.com", "ADMIN_PASSWORD=correct horse").ask(t, query)) // alone
	for _, s := range servers {
		s.listens(t)
		if status, body := get(t, s.url+"/readyz"); status != http.StatusOK {
			t.Errorf("not ready: %d %s", status, body)
		}
		if got := string(s.ask(t, query)); got != want {
			t.Errorf("there is %s, want %s", got, want)
		}
		answer := s.ask(t, `mutation { logIn(input: {email: "root@example.com", password: "correct horse"}) { user { role } } }`)
		if !strings.Contains(string(answer), `"ADMIN"`) {
			t.Errorf("the admin cannot log in: %s", answer)
		}
	}
	wantStepsOnce(t, url)
}

// wantStepsOnce fails unless each migration was applied, once.
func wantStepsOnce(t *testing.T, url string) {
	t.Helper()
	db := dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 2})
	steps, err := db.MigrationStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]int{0: 1} // goose's own
	for _, step := range steps {
		want[step.Version] = 1
	}
	var text []byte
	if _, err := db.Read(t.Context(), "SELECT json_object_agg(version_id, n) FROM (SELECT version_id, count(*) AS n FROM goose_db_version GROUP BY 1) AS v", nil, &text); err != nil {
		t.Fatal(err)
	}
	got := map[int64]int{}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("the steps were taken so often: %v, want %v", got, want)
	}
}

// TestUpgrade: an older program goes on, and starts, on tables that a newer one
// has changed.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := &books{url: dbtest.URL(t, kind)}
			s := b.serve(t)
			newer := dbtest.Connect(t, sqldb.Options{URL: b.url, MaxConns: 2})
			for _, text := range []string{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)", "ALTER TABLE products ADD COLUMN colour text"} {
				if _, err := newer.Exec(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				if status, body := get(t, s.url+"/readyz"); status != http.StatusOK {
					t.Errorf("not ready: %d %s", status, body)
				}
				if b.write(t, b.categories[0]) != done || b.read(t, b.categories[0]) != done {
					t.Error("it is not served")
				}
				b.end(t, syscall.SIGTERM)
				s = b.serve(t)
			}
		})
	}
}
