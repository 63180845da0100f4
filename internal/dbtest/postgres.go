package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"

	"stoa/internal/dbtest/pgserver"
	"stoa/migrations"
)

// postgres is the server that the tests of this process use.
type postgres struct {
	url      *url.URL
	admin    *sql.DB // on the database of url
	template string  // the database that the tests' own are copies of

	// server is kept from the garbage collector: with it the server would end.
	server *pgserver.Server
}

var thePostgres = sync.OnceValues(func() (*postgres, error) {
	p := new(postgres)
	address := os.Getenv("STOA_TEST_POSTGRES_URL")
	if address == "" {
		var err error
		if p.server, err = pgserver.Start(); err != nil {
			return nil, err
		}
		address = p.server.URL
	}
	var err error
	if p.url, err = url.Parse(address); err != nil {
		return nil, err
	}
	if p.admin, err = sql.Open("postgres", address); err != nil {
		return nil, err
	}
	return p, p.prepare(context.Background())
})

// postgresURL is that of a copy of the template.
func postgresURL(t testing.TB) string {
	t.Helper()
	p, err := thePostgres()
	if errors.Is(err, pgserver.ErrNotInstalled) {
		Need(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	name := newName()
	if _, err := p.admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+p.template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.drop(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	return p.address(name)
}

// prepare makes the template, unless another process has made the same one. It
// stays on the server for those that follow.
func (p *postgres) prepare(ctx context.Context) error {
	var err error
	if p.template, err = templateName(); err != nil {
		return err
	}
	var exists bool
	err = p.admin.QueryRowContext(ctx,
		"SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", p.template).Scan(&exists)
	if err != nil || exists {
		return err
	}
	// It gets its name when it is complete: it was not interrupted then, and
	// whoever comes second drops what it made.
	name := newName()
	if _, err := p.admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	if err := migrate(ctx, p.address(name)); err != nil {
		return errors.Join(err, p.drop(ctx, name))
	}
	_, err = p.admin.ExecContext(ctx, "ALTER DATABASE "+name+" RENAME TO "+p.template)
	if err == nil {
		return nil
	}
	// Which of the two it is depends on how close the other was.
	if taken := new(pq.Error); errors.As(err, &taken) && slices.Contains([]string{"duplicate_database", "unique_violation"}, taken.Code.Name()) {
		err = nil
	}
	return errors.Join(err, p.drop(ctx, name))
}

// address is the URL of the server's database of that name.
func (p *postgres) address(name string) string {
	u := *p.url
	u.Path = "/" + name
	return u.String()
}

func (p *postgres) drop(ctx context.Context, name string) error {
	_, err := p.admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
	return err
}

func newName() string { return "stoa_test_" + strings.ToLower(rand.Text()) }

// templateName tells the migrations by what they say.
func templateName() (string, error) {
	all := sha256.New()
	err := fs.WalkDir(migrations.Files, "postgres", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Files, path)
		fmt.Fprintf(all, "%s %d\n%s", path, len(text), text)
		return err
	})
	return fmt.Sprintf("stoa_template_%.16x", all.Sum(nil)), err
}
