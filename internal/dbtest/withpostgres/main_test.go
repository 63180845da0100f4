package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
)

// The command is tested as a process: this test program, told by its
// environment to be it.
func TestMain(m *testing.M) {
	if os.Getenv("WITHPOSTGRES_TEST") != "" {
		main()
	}
	os.Exit(m.Run())
}

func withpostgres(t *testing.T, address string, args ...string) (output string, status int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "WITHPOSTGRES_TEST=1", variable+"="+address)
	out, err := cmd.CombinedOutput()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func TestCommandHasAServerForAsLongAsItRuns(t *testing.T) {
	const script = `folder=${` + variable + `#*host=}; folder=${folder%%&*}
		echo "$folder" | sed 's,%2F,/,g'; exit 7`
	output, status := withpostgres(t, "", "--", "sh", "-c", script)
	if strings.Contains(output, pgserver.ErrNotInstalled.Error()) {
		dbtest.Need(t, output)
	}
	if status != 7 {
		t.Errorf("status %d, want the command's 7", status)
	}
	folder := strings.TrimSpace(output)
	if !filepath.IsAbs(folder) {
		t.Fatalf("no server: %q", output)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", folder, err)
	}
}

func TestNamedServerIsPassedOn(t *testing.T) {
	output, status := withpostgres(t, "postgres://elsewhere/db", "sh", "-c", "echo $"+variable)
	if output != "postgres://elsewhere/db\n" || status != 0 {
		t.Errorf("%q, status %d", output, status)
	}
}

func TestNoCommand(t *testing.T) {
	if _, status := withpostgres(t, "postgres://elsewhere/db"); status != 2 {
		t.Errorf("status %d, want 2", status)
	}
}
