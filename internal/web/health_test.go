package web

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

func checkHealth(t *testing.T, o Options, path string, status int, want string) {
	t.Helper()
	w := httptest.NewRecorder()
	New(o).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if got := w.Body.String(); w.Code != status || got != want+"\n" {
		t.Errorf("%s: got %d %s, want %d %s", path, w.Code, got, status, want)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s: the cache is told %q", path, got)
	}
	if w.Header().Get("X-Request-Id") == "" {
		t.Errorf("%s: no request id", path)
	}
}

const aliveAnswer = `{"status":"alive"}`

func TestReadyWithADatabaseThatIsUpToDate(t *testing.T) {
	o := Options{DB: dbtest.Open(t, dbtest.SQLite)}
	checkHealth(t, o, "/healthz", 200, aliveAnswer)
	checkHealth(t, o, "/readyz", 200, `{"status":"ready"}`)
	o.Stopping = make(chan struct{})
	checkHealth(t, o, "/readyz", 200, `{"status":"ready"}`)
}

func TestNotReadyWhileStopping(t *testing.T) {
	stopping := make(chan struct{})
	close(stopping)
	o := Options{DB: dbtest.Open(t, dbtest.SQLite), Stopping: stopping}
	checkHealth(t, o, "/readyz", 503, `{"status":"not ready","failing":"stopping"}`)
	checkHealth(t, o, "/healthz", 200, aliveAnswer)
}

func TestNotReadyWithoutMigrations(t *testing.T) {
	o := Options{DB: dbtest.Connect(t, sqldb.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "new.db"), MaxConns: 4})}
	checkHealth(t, o, "/readyz", 503, `{"status":"not ready","failing":"migrations"}`)
	if err := o.DB.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	checkHealth(t, o, "/readyz", 200, `{"status":"ready"}`)
	if err := o.DB.MigrateDown(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkHealth(t, o, "/readyz", 503, `{"status":"not ready","failing":"migrations"}`)
}

func TestNotReadyWithoutADatabase(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Options{URL: dbtest.URL(t, dbtest.SQLite)})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	checkHealth(t, Options{DB: db}, "/readyz", 503, `{"status":"not ready","failing":"database"}`)
	checkHealth(t, Options{DB: db}, "/healthz", 200, aliveAnswer)
}

func TestHealthIsOnlyRead(t *testing.T) {
	h := New(Options{DB: dbtest.Open(t, dbtest.SQLite)})
	for _, path := range []string{"/healthz", "/readyz"} {
		for method, want := range map[string]int{"HEAD": 200, "POST": 405, "PUT": 405, "OPTIONS": 405} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			if allow := w.Header().Get("Allow"); w.Code != want || want == 405 && allow != "GET, HEAD" {
				t.Errorf("%s %s: got %d, allowed is %q", method, path, w.Code, allow)
			}
		}
	}
}
