package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A file of the text, for NAME_FILE.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretsInFiles(t *testing.T) {
	c := mustParse(t, map[string]string{
		"DATABASE_URL_FILE":   file(t, "postgres://u:hunter2@h/shop\r\n"),
		"JWT_SECRET_FILE":     file(t, strings.Repeat("k", 32)),
		"ADMIN_PASSWORD_FILE": file(t, " pass word \n"), // in which blanks may be meant
		"JWT_SECRET":          "",
	}, "--admin-email=a@b")
	if err := c.CheckToServe(); err != nil {
		t.Error(err)
	}
	if got := c.DatabaseURL.URL() + c.JWTSecret + c.AdminPassword; got != "postgres://u:hunter2@h/shop"+strings.Repeat("k", 32)+" pass word " {
		t.Errorf("got %q", got)
	}
	c = mustParse(t, map[string]string{"JWT_SECRET_FILE": file(t, "of the file")}, "--jwt-secret="+strings.Repeat("f", 32))
	if err := c.Check(); err != nil || c.JWTSecret != strings.Repeat("f", 32) {
		t.Errorf("a flag does not go first: %q %v", c.JWTSecret, err)
	}
}

func TestFaultsOfFiles(t *testing.T) {
	env := map[string]string{
		"JWT_SECRET": strings.Repeat("k", 32), "JWT_SECRET_FILE": file(t, strings.Repeat("f", 32)),
		"ADMIN_PASSWORD_FILE": file(t, "\n"),
		"DATABASE_URL_FILE":   file(t, "mysql://u:hunter2@h/shop"),
		"HOST_FILE":           "no/such/file", // not a secret, so nothing
	}
	err := mustParse(t, env).Check()
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, told := range []string{
		"\n  JWT_SECRET (--jwt-secret): must not be given by JWT_SECRET_FILE too",
		"\n  ADMIN_PASSWORD (--admin-password): the file that ADMIN_PASSWORD_FILE names is empty",
		"\n  DATABASE_URL (--database-url): must be sqlite:PATH",
	} {
		if !strings.Contains(err.Error(), told) {
			t.Errorf("%q is not told", told)
		}
	}
	if strings.Count(err.Error(), "\n") != 3 || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
	err = mustParse(t, map[string]string{"DATABASE_URL_FILE": t.TempDir() + "/none"}).Check()
	if err == nil || !strings.Contains(err.Error(), "DATABASE_URL_FILE names cannot be read: no such file") {
		t.Error(err)
	}
}

func TestEffective(t *testing.T) {
	key := file(t, strings.Repeat("secret", 6))
	c := mustParse(t, map[string]string{
		"DATABASE_URL": "postgres://u:secret@h/shop?password=secret", "JWT_SECRET_FILE": key, "PORT": "9000", "MIGRATE": "false",
		"TRUSTED_PROXIES": "10.0.0.0/8, ::1", "DB_MAX_CONNS": "1", "ADMIN_PASSWORD": "secret", "SLOW_QUERY": "",
		"PERSISTED_DOCUMENTS": "documents", "PERSISTED_ONLY": "true",
	}, "--port=9090", "--no-introspection")
	got := map[string]Setting{}
	for _, s := range c.Effective() {
		got[s.Name] = s
		if strings.Contains(s.Value, "secret") {
			t.Errorf("%s tells a secret: %s", s.Name, s.Value)
		}
	}
	for _, want := range []Setting{
		{"DATABASE_URL", "postgres://h/shop", "environment"},
		{"JWT_SECRET", "(hidden)", "file " + key},
		{"ADMIN_PASSWORD", "(hidden)", "environment"},
		{"ADMIN_EMAIL", "(none)", "default"},
		{"PORT", "9090", "flag"},
		{"INTROSPECTION", "false", "flag"},
		{"PERSISTED_DOCUMENTS", "documents", "environment"},
		{"GRAPHIQL", "false", "default"},
		{"MIGRATE", "false", "environment"},
		{"TRUSTED_PROXIES", "10.0.0.0/8,::1/128", "environment"},
		{"SLOW_QUERY", "500ms", "default"},
		{"DB_MIN_IDLE", "1", "default"},
		{"DEMO", "false", "default"},
		{"CORS_ORIGINS", "(none)", "default"},
		{"RATE_LIMIT", "60000", "default"},
		{"LOG_FORMAT", "(text on a terminal, else json)", "default"},
	} {
		if got[want.Name] != want {
			t.Errorf("got %v, want %v", got[want.Name], want)
		}
	}
}

// What is nil while nothing is given has another value in effect.
func TestDerived(t *testing.T) {
	c := mustParse(t, nil)
	for _, s := range c.settings {
		if _, known := c.derived()[s.name()]; !known && s.flag.Target.Kind() == reflect.Pointer {
			t.Errorf("what is %s in effect? derived does not tell", s.name())
		}
	}
}
