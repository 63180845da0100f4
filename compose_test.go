package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// compose is what the tests read of deploy/compose.yaml.
type compose struct {
	Services map[string]struct {
		Entrypoint  []string
		Environment map[string]string
		Networks    map[string]struct {
			Address string `yaml:"ipv4_address"`
		}
	}
	Secrets map[string]struct{ File string }
}

func readCompose(t *testing.T) *compose {
	t.Helper()
	c := new(compose)
	read(t, "deploy/compose.yaml", yaml.Unmarshal, c)
	return c
}

// secrets runs deploy/secrets.sh in a copy and returns the folder that it fills.
func secrets(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	copied := filepath.Join(folder, "secrets.sh")
	if err := os.WriteFile(copied, readFile(t, "deploy/secrets.sh"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if out, err := exec.Command("/bin/sh", copied).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return filepath.Join(folder, "secrets")
}

// settings are the environment of the service, as stoa takes it, with the folder
// of secrets, the proxy and a port for operators in the places of those that the
// file names.
func (c *compose) settings(service, secrets, proxy string) (words []string) {
	for name, value := range c.Services[service].Environment {
		value = strings.ReplaceAll(value, "/run/secrets", secrets)
		switch name {
		case "TRUSTED_PROXIES":
			value = proxy
		case "ADMIN_ADDR":
			value = "127.0.0.1:0"
		}
		words = append(words, name+"="+value)
	}
	return words
}

// What the compose file and the image set is there to be set.
func TestDeployedSettings(t *testing.T) {
	out, _, _ := run(t, stoa(t, "config"))
	var known []string
	for line := range strings.Lines(out) {
		name, _, _ := strings.Cut(line, " ")
		known = append(known, name)
	}
	c := readCompose(t)
	stages := readDockerfile(t)
	for _, service := range []string{"stoa-1", "stoa-2"} {
		for name := range c.Services[service].Environment {
			if !slices.Contains(known, strings.TrimSuffix(name, "_FILE")) {
				t.Errorf("%s: there is no setting %s", service, name)
			}
		}
	}
	for _, assignment := range stages[len(stages)-1].all("ENV") {
		if name, _, _ := strings.Cut(assignment, "="); !slices.Contains(known, name) {
			t.Errorf("the image: there is no setting %s", name)
		}
	}
	if proxy := c.Services["proxy"].Networks["default"].Address; proxy == "" || proxy != c.Services["stoa-1"].Environment["TRUSTED_PROXIES"] {
		t.Errorf("the proxy is at %s, and another is trusted", proxy)
	}
	folder := secrets(t)
	for name, secret := range c.Secrets {
		if text, err := os.ReadFile(filepath.Join(filepath.Dir(folder), secret.File)); err != nil || len(text) < 32 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
