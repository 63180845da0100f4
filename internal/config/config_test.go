package config

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

type commandLine struct {
	Config
	Serve struct{} `cmd:"" default:"withargs"`
}

// parse reads a command line in an environment without any of the settings but those given.
func parse(t *testing.T, env map[string]string, args ...string) (*Config, error) {
	t.Helper()
	var line commandLine
	k := kong.Must(&line, line.Option())
	for _, f := range k.Model.Flags {
		if len(f.Envs) == 0 {
			continue
		}
		for _, name := range []string{f.Envs[0], f.Envs[0] + inFile} {
			if value, given := env[name]; given {
				t.Setenv(name, value)
			} else if value, had := os.LookupEnv(name); had {
				t.Setenv(name, value) // restores it after the test
				os.Unsetenv(name)
			}
		}
	}
	_, err := k.Parse(args)
	return &line.Config, err
}

func mustParse(t *testing.T, env map[string]string, args ...string) *Config {
	t.Helper()
	c, err := parse(t, env, args...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	c := mustParse(t, nil)
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if got := c.DatabaseURL.URL(); got != "sqlite:stoa.db" {
		t.Errorf("database is %s", got)
	}
	if c.Port != 8080 || c.Host != "127.0.0.1" || !c.Migrate || c.LogLevel != slog.LevelInfo {
		t.Errorf("wrong defaults: %+v", c)
	}
	if want := (Pool{min(4*runtime.NumCPU(), 30), 2, 2 * time.Second, 30 * time.Minute, 5 * time.Minute}); c.Pool() != want {
		t.Errorf("got the pool %+v, want %+v", c.Pool(), want)
	}
	if !c.WantsDemo() {
		t.Error("no demo data on SQLite")
	}
	if c := mustParse(t, map[string]string{"DATABASE_URL": "postgres://localhost/shop"}); c.WantsDemo() {
		t.Error("demo data on PostgreSQL")
	}
}

func TestFlagGoesBeforeEnvironment(t *testing.T) {
	env := map[string]string{"PORT": "wrong", "HOST": "0.0.0.0", "REQUEST_TIMEOUT": "1d12h", "DEMO": "perhaps", "LOG_LEVEL": "WARN", "MIGRATE": ""}
	c := mustParse(t, env, "--port=9090", "--no-demo", "--log-format", "json")
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	if c.Port != 9090 || c.Host != "0.0.0.0" || c.RequestTimeout != 36*time.Hour || c.LogLevel != slog.LevelWarn || c.LogFormat != "json" {
		t.Errorf("got %+v", c)
	}
	if c.WantsDemo() || !c.Migrate {
		t.Errorf("demo %v, migrate %v", c.WantsDemo(), c.Migrate)
	}
}

func TestWhereBudgetsAreShared(t *testing.T) {
	const file, server = "--database-url=sqlite:x.db", "--database-url=postgres://localhost/shop"
	for _, test := range []struct {
		args []string
		want bool
	}{
		{[]string{server}, false},
		{[]string{server, "--rate-limit-store=memory"}, false},
		{[]string{server, "--rate-limit-store=database"}, true},
		{[]string{file, "--rate-limit-store=database"}, false},
	} {
		if got := mustParse(t, nil, test.args...).SharesBudgets(); got != test.want {
			t.Errorf("%q: %v", test.args, got)
		}
	}
}

func TestEveryFaultIsNamed(t *testing.T) {
	env := map[string]string{
		"DATABASE_URL": "mysql://root:hunter2@localhost/shop", "DB_MAX_CONNS": "0", "DB_CONN_IDLE": "-1s", "DB_CONN_LIFETIME": "soon",
		"MIGRATE": "perhaps", "DEMO": "2", "PORT": "65536", "REQUEST_TIMEOUT": "0", "LOG_LEVEL": "loud",
		"TRUSTED_PROXIES": "10.0.0.0/8, 10.0.0.0/33", "RATE_LIMIT_STORE": "disk",
		"CORS_ORIGINS": "https://a.example, b.example",
		"POOL_PRESET":  "large",
	}
	c := mustParse(t, env, "--log-format=xml", "--slow-query=5")
	err := c.Check()
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for name := range env {
		if !strings.Contains(err.Error(), "\n  "+name+" (") {
			t.Errorf("%s is not named", name)
		}
	}
	for _, name := range []string{"LOG_FORMAT (--log-format)", "SLOW_QUERY (--slow-query)"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named", name)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a password is told")
	}
	if got, want := strings.Count(err.Error(), "\n"), len(env)+2; got != want {
		t.Errorf("%d faults, want %d:\n%v", got, want, err)
	}
}

func TestContradictions(t *testing.T) {
	for _, test := range []struct{ args, name string }{
		{"--db-max-conns=3 --db-min-idle=4", "DB_MIN_IDLE"},
		{"--no-migrate --demo", "DEMO"},
		{"--persisted-only --no-rest", "PERSISTED_ONLY"},
		{"--persisted-only", ""},
		{"--database-listen-url=postgres://localhost:2/shop", "DATABASE_LISTEN_URL"},
		{"--database-url=postgres://localhost/shop --database-listen-url=sqlite:x.db", "DATABASE_LISTEN_URL"},
		{"--database-url=postgres://localhost/shop --database-listen-url=postgres://localhost:2/shop", ""},
		{"--database-replica-urls=postgres://localhost:2/shop", "DATABASE_REPLICA_URLS"},
		{"--database-url=postgres://localhost/shop --database-replica-urls=sqlite:x.db", "DATABASE_REPLICA_URLS"},
		{"--database-url=postgres://localhost/shop --database-replica-urls=postgres://localhost:2/shop,,", "DATABASE_REPLICA_URLS"},
		{"--database-url=postgres://localhost/shop --database-replica-urls=postgres://localhost:2/shop,postgres://localhost:3/shop", ""},
		{"--database-distributed", "DATABASE_DISTRIBUTED"},
		{"--database-distributed --database-url=postgres://localhost/shop", ""},
		{"--database-distributed --database-url=postgres://localhost/shop --rate-limit-store=database", "DATABASE_DISTRIBUTED"},
		{"--database-distributed --database-url=postgres://localhost/shop --database-replica-urls=postgres://localhost:2/shop", "DATABASE_DISTRIBUTED"},
		{"--max-db-cost=1000", "MAX_DB_COST"},
		{"--max-db-cost=1000 --database-url=postgres://localhost/shop", ""},
		{"--admin-email=a@shop.example", "ADMIN_EMAIL"},
		{"--admin-password=long-enough", "ADMIN_EMAIL"},
		{"--admin-email=a@ --admin-password=long-enough", "ADMIN_EMAIL"},
		{"--admin-email=a@shop.example --admin-password=short", "ADMIN_PASSWORD"},
		{"--admin-email=a@shop.example --admin-password=long-enough", ""},
		{"--otel-exporter-otlp-endpoint=http://user:secret@localhost:4318", "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{"--db-max-conns=1", ""},
		{"--no-migrate", ""},
		{"--db-max-conns=none --db-min-idle=4", "DB_MAX_CONNS"},
		{"--pool-preset=serverless --db-min-idle=3", "DB_MIN_IDLE"},
		{"--pool-preset=none --db-min-idle=2", "POOL_PRESET"},
	} {
		err := mustParse(t, nil, strings.Fields(test.args)...).Check()
		if test.name == "" && err != nil || test.name != "" && (err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), test.name+" (")) {
			t.Errorf("%s: %v, want %q alone to be named", test.args, err, test.name)
		}
	}
}

func TestOrigins(t *testing.T) {
	for text, want := range map[string]string{
		"": "*", ",": "", "*": "*", "https://shop.example": "https://shop.example",
		" http://localhost:5173,https://*.shop.example,HTTPS://Shop.Example": "http://localhost:5173 https://*.shop.example HTTPS://Shop.Example",
	} {
		c := mustParse(t, map[string]string{"CORS_ORIGINS": text})
		if got := strings.Join(c.Origins(), " "); got != want || c.Check() != nil {
			t.Errorf("%q: %s, %v", text, got, c.Check())
		}
	}
	if c := mustParse(t, map[string]string{"DATABASE_URL": "postgres://localhost/shop"}); len(c.Origins()) != 0 {
		t.Errorf("on PostgreSQL: %v", c.Origins())
	}
	for _, text := range []string{"shop.example", "https://shop.example/", "https://shop.example/x", "https://u@shop.example", "https://", "https://:80", "ftp://shop.example", "null", "https://a?b", "https://a#b"} {
		if err := mustParse(t, map[string]string{"CORS_ORIGINS": text}).Check(); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"--prot=1"}, {"--port"}, {"--port", "--demo"}, {"--migrate=false", "more"}} {
		if _, err := parse(t, nil, args...); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

func TestDatabase(t *testing.T) {
	for text, shown := range map[string]string{
		"sqlite:stoa.db":                           "sqlite:stoa.db",
		"sqlite:/var/lib/stoa.db":                  "sqlite:/var/lib/stoa.db",
		"postgres://u:secret@h:5432/shop?a=secret": "postgres://h:5432/shop",
		"postgresql://h/shop":                      "postgresql://h/shop",
		"postgres:///shop?host=/run":               "postgres:///shop",
	} {
		var d Database
		if err := d.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if d.URL() != text {
			t.Errorf("%s became %s", text, d.URL())
		}
		for _, printed := range []string{d.String(), fmt.Sprintf("%v", d), fmt.Sprintf("%+v", struct{ D Database }{d}), d.LogValue().String()} {
			if strings.Contains(printed, "secret") || !strings.Contains(printed, shown) {
				t.Errorf("%s prints as %s, want %s", text, printed, shown)
			}
		}
	}
	d := Database{"postgres://u:s%20t@h/x?password=other"}
	if got, want := d.Hide("no "+d.URL()+" for u with s t or other"), "no postgres://h/x for u with … or …"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, text := range []string{"stoa.db", "sqlite:", "sqlite::memory:", "mysql://secret@h/x", "postgres:secret", "postgres://u:se%cret@h/x", "postgres://u:secret@h:port/x"} {
		var d Database
		if err := d.UnmarshalText([]byte(text)); err == nil || strings.Contains(err.Error(), "cret") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestReplicaURLs(t *testing.T) {
	c := mustParse(t, map[string]string{"DATABASE_REPLICA_URLS": "postgres://u:secret@a/shop, postgresql://u:secret@b/shop"}, "--database-url=postgres://p/shop")
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	if got, want := fmt.Sprint(c.DatabaseReplicaURLs), "postgres://a/shop,postgresql://b/shop"; got != want {
		t.Errorf("they print as %s, want %s", got, want)
	}
	if got := c.DatabaseReplicaURLs.URLs(); len(got) != 2 || got[1] != "postgresql://u:secret@b/shop" {
		t.Errorf("got %q", got)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30d": 720 * time.Hour, "1d12h": 36 * time.Hour, "0": 0, "500ms": 500 * time.Millisecond, "1h30m": 90 * time.Minute, "0d": 0, "2d1ns": 48*time.Hour + 1,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"d", "-1d", "1.5d", "200000d", "1d-2h", "5", "1d5", "1h1d", "1 d", "9223372036854775807d"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// The README's table is what the struct says.
func TestReadme(t *testing.T) {
	k := kong.Must(&commandLine{}, new(Config).Option())
	table := "| variable | meaning | default |\n| --- | --- | --- |\n"
	var secrets []string
	for _, f := range k.Model.Flags {
		if len(f.Envs) == 0 {
			continue
		}
		if f.Name != strings.TrimPrefix(flag(f.Envs[0]), "--") {
			t.Errorf("%s is the flag --%s", f.Envs[0], f.Name)
		}
		if f.Tag.Has("secret") {
			secrets = append(secrets, "`"+f.Envs[0]+"`")
		}
		initial := f.Tag.Get("shown")
		if initial == "" {
			initial = "`" + f.Default + "`"
		}
		table += fmt.Sprintf("| `%s` | %s | %s |\n", f.Envs[0], f.Help, initial)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s)\| variable \| meaning.*?\n\n`).FindString(string(readme))
	if strings.TrimSpace(found) != strings.TrimSpace(table) {
		t.Errorf("the table in README.md is not what the settings are. It should be:\n%s", table)
	}
	if list := "What is secret (" + strings.Join(secrets, ", ") + ")"; !strings.Contains(string(readme), list) {
		t.Errorf("README.md does not say %q", list)
	}
}
