package pgserver

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrNotInstalled says that PostgreSQL's server programs were not found.
var ErrNotInstalled = errors.New("PostgreSQL (15 or newer) is not installed: " +
	"initdb is neither in PATH nor where the usual packages put it")

// ErrNoPooler says that PgBouncer was not found.
var ErrNoPooler = errors.New("PgBouncer is not installed: pgbouncer is not in PATH")

// Where packages for Debian, Red Hat and Homebrew put the programs of a version.
var folders = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
}

// Programs is the folder of initdb, pg_ctl, postgres and their like: that in PATH, that
// of pg_config, or the newest of the usual ones.
func Programs() (string, error) {
	var found []string
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, filepath.Dir(path))
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		found = append(found, strings.TrimSpace(string(out)))
	}
	var usual []string
	for _, pattern := range folders {
		matches, _ := filepath.Glob(pattern) // the patterns are well formed
		usual = append(usual, matches...)
	}
	slices.SortFunc(usual, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	for _, folder := range append(found, usual...) {
		if complete(folder) {
			return filepath.Abs(folder)
		}
	}
	return "", ErrNotInstalled
}

func complete(folder string) bool {
	for _, name := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

var number = regexp.MustCompile(`(\d+)[^/]*/bin$`)

// version is the major version in a folder's name, 0 where there is none.
func version(folder string) int {
	if m := number.FindStringSubmatch(folder); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}
