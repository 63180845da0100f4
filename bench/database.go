package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"stoa/internal/dbtest/pgserver"
)

// production are PostgreSQL's settings for a small server with a solid-state
// disk; what is not here is as PostgreSQL has it by default.
var production = []string{
	"max_connections = 400",
	"shared_buffers = 512MB",
	"effective_cache_size = 2GB",
	"random_page_cost = 1.1",
	"fsync = on",
	"synchronous_commit = on",
	"full_page_writes = on",
	"wal_level = replica",
	"max_wal_size = 4GB",
	"autovacuum = on",
	"jit = off",
	"timezone = 'UTC'",
}

// A database holds the rows that all servers answer from.
type database struct {
	driver string // "postgres" or "sqlite"
	source string // for the driver
	url    string // as Stoa's DATABASE_URL

	postmaster int // the process whose children PostgreSQL's are, 0 if it is not on this machine
	version    string
}

// A host makes databases: a PostgreSQL server, or a folder for SQLite's files.
type host struct {
	folder string           // for SQLite
	server *pgserver.Server // nil when it is not ours
	url    *url.URL         // of PostgreSQL, nil for SQLite
}

// newHost starts PostgreSQL, unless BENCH_DATABASE_URL names one. The folder goes
// with the run; BENCH_DATABASE_URL names one that stays.
func newHost(kind, folder string) (*host, error) {
	h := &host{folder: folder}
	address := os.Getenv("BENCH_DATABASE_URL")
	if kind == "sqlite" {
		if kept, ok := strings.CutPrefix(address, "sqlite:"); ok {
			h.folder = kept
		}
		return h, nil
	}
	if address == "" {
		server, err := pgserver.Start(production...)
		if err != nil {
			return nil, err
		}
		h.server, address = server, server.URL
	}
	var err error
	h.url, err = url.Parse(address)
	return h, err
}

func (h *host) stop() error {
	if h.server == nil {
		return nil
	}
	return h.server.Stop()
}

// database has the number of products, and all that belongs to them: filled by
// the program, unless it is there from an earlier run.
func (h *host) database(ctx context.Context, stoa string, products int) (*database, error) {
	if h.url == nil {
		return h.file(ctx, stoa, products)
	}
	name := fmt.Sprintf("stoa_bench_%d", products)
	isNew, err := h.create(ctx, name)
	if err != nil {
		return nil, err
	}
	address := *h.url
	address.Path = "/" + name
	d := &database{driver: "postgres", source: address.String(), url: address.String()}
	if isNew {
		if err := d.fill(ctx, stoa, products); err != nil { // half filled, it is of no use to the next run
			return nil, errors.Join(err, h.drop(context.WithoutCancel(ctx), name))
		}
	}
	err = errors.Join(
		d.ask(ctx, "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)", &d.version),
		d.undo(ctx))
	if err != nil {
		return nil, err
	}
	return d, d.findPostmaster(ctx)
}

// file is a database of SQLite.
func (h *host) file(ctx context.Context, stoa string, products int) (*database, error) {
	path := filepath.Join(h.folder, fmt.Sprintf("stoa_bench_%d.db", products))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		filling := path + ".filling" // half filled, it is of no use to the next run
		if err := errors.Join(fileOf(filling).fill(ctx, stoa, products), os.Rename(filling, path)); err != nil {
			return nil, err
		}
	}
	d := fileOf(path)
	return d, errors.Join(d.ask(ctx, "SELECT 'SQLite ' || sqlite_version()", &d.version), d.undo(ctx))
}

func fileOf(path string) *database {
	return &database{driver: "sqlite", url: "sqlite:" + path, source: "file:" + path + "?_pragma=busy_timeout(5000)"}
}

// findPostmaster looks for the process that PostgreSQL's others are children of.
func (d *database) findPostmaster(ctx context.Context) error {
	db, err := sql.Open(d.driver, d.source)
	if err != nil {
		return err
	}
	defer db.Close()
	var backend int // as long as the connection is open
	if err := db.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return err
	}
	if s, ok := statOf(backend); ok {
		d.postmaster = s.parent
	}
	return nil
}

// cpu is the CPU time that PostgreSQL has taken; SQLite's is its server's.
func (d *database) cpu() time.Duration {
	if d.postmaster == 0 {
		return 0
	}
	return cpuOfTree(d.postmaster)
}

// create makes the database, unless it is there.
func (h *host) create(ctx context.Context, name string) (isNew bool, err error) {
	var there int
	if err := h.admin().ask(ctx, "SELECT count(*) FROM pg_database WHERE datname = '"+name+"'", &there); err != nil || there > 0 {
		return false, err
	}
	return true, h.admin().do(ctx, "CREATE DATABASE "+name)
}

func (h *host) drop(ctx context.Context, name string) error {
	return h.admin().do(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
}

// admin is the database that PostgreSQL's URL names, from which others are made.
func (h *host) admin() *database { return &database{driver: "postgres", source: h.url.String()} }

// fill has Stoa make the rows.
func (d *database) fill(ctx context.Context, stoa string, products int) error {
	note("filling the database: %d products", products)
	cmd := exec.CommandContext(ctx, stoa, "seed",
		"--products", fmt.Sprint(products), "--posts", fmt.Sprint(postsFor(products)), "--categories", "100", "--users", "1000")
	cmd.Env = d.stoaEnv("")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("stoa seed: %w\n%s", err, out)
	}
	return nil
}

// undo takes away what was written, so that the rows are as they were, and has
// PostgreSQL do now what it would do behind the measurement.
func (d *database) undo(ctx context.Context) error {
	err := d.do(ctx, "DELETE FROM posts WHERE user_id = (SELECT id FROM users WHERE username = '"+poster+"')")
	if err == nil && d.driver == "postgres" {
		err = d.do(ctx, "VACUUM ANALYZE categories, products, users, posts")
	}
	return err
}

// do runs a statement on a connection of its own.
func (d *database) do(ctx context.Context, text string) error {
	db, err := sql.Open(d.driver, d.source)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, text)
	return errors.Join(err, db.Close())
}

func (d *database) ask(ctx context.Context, text string, into any) error {
	db, err := sql.Open(d.driver, d.source)
	if err != nil {
		return err
	}
	return errors.Join(db.QueryRowContext(ctx, text).Scan(into), db.Close())
}

// postsFor is how many posts go with so many products.
func postsFor(products int) int { return min(2*products, max(products, 20_000)) }
