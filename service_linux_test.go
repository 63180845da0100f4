package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestService has systemd, where there is one, read deploy/stoa.service and rate
// what it leaves open, from 0 for nothing to 10 for all.
func TestService(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("there is no systemd")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "stoa.service")
	text := strings.ReplaceAll(string(readFile(t, "deploy/stoa.service")), "/usr/local/bin/stoa", self)
	// With the credentials, that are a comment.
	text = strings.ReplaceAll(strings.ReplaceAll(text, "#Load", "Load"), "#Environment", "Environment")
	if err := os.WriteFile(unit, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{"verify", "--recursive-errors=no"},
		{"security", "--offline=true", "--no-pager", "--threshold=15"},
	} {
		out, err := exec.Command("systemd-analyze", append(words, unit)...).CombinedOutput()
		if err != nil || words[0] == "verify" && len(out) > 0 {
			t.Errorf("systemd-analyze %s: %v\n%s", strings.Join(words, " "), err, out)
		}
	}
}
