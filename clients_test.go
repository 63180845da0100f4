package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stoa/internal/dbtest"
)

// TestClients runs the files of test/clients: each tries one client from npm on Stoa. It fails
// after two minutes, if it waits for what does not come, and need not close what it has opened.
func TestClients(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		dbtest.Need(t, "Node.js is missing")
	}
	if _, err := os.Stat("test/clients/node_modules"); err != nil {
		dbtest.Need(t, "the clients are not installed: make clients")
	}
	files, err := filepath.Glob("test/clients/*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no clients", err)
	}
	documents, err := filepath.Abs("test/clients/documents")
	if err != nil {
		t.Fatal(err)
	}
	schema, _, _ := run(t, stoa(t, "schema"))
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "DATABASE_URL="+dbtest.URL(t, kind), "JWT_SECRET="+strings.Repeat("secret", 6),
				"ADMIN_EMAIL=root@example.com", "ADMIN_PASSWORD=correct horse", "REQUEST_TIMEOUT=1m",
				"PERSISTED_DOCUMENTS="+documents)
			token := s.adminToken(t)
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".test.js"), func(t *testing.T) {
					t.Parallel()
					client := exec.CommandContext(t.Context(), node, "--test", "--test-timeout=120000", "--test-force-exit", "--test-reporter=spec", file)
					client.Env = append(os.Environ(), "STOA_URL="+s.url+"/graphql", "STOA_TOKEN="+token, "STOA_FOLDER="+folder(t, map[string]string{"schema.graphql": schema}))
					out, err := client.CombinedOutput()
					t.Logf("%s", out)
					if err != nil {
						t.Error(err)
					}
				})
			}
		})
	}
}

// TestClientsPages checks that the code on the pages about clients is what they run.
func TestClientsPages(t *testing.T) {
	var code []byte
	for _, pattern := range []string{"test/clients/*.js", "test/clients/codegen/*.js", "test/clients/openapi/*.ts"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			code = append(code, readFile(t, file)...)
		}
	}
	for _, page := range []string{"docs/clients.md", "docs/openapi.md"} {
		blocks := regexp.MustCompile("(?s)```[jt]s\n(.*?)```").FindAllSubmatch(readFile(t, page), -1)
		if len(blocks) == 0 {
			t.Errorf("%s has no code", page)
		}
		for _, block := range blocks {
			if !bytes.Contains(code, block[1]) {
				t.Errorf("%s: no client runs\n%s", page, block[1])
			}
		}
	}
}

func (s *server) adminToken(t *testing.T) string {
	t.Helper()
	var answer struct {
		Data struct{ LogIn struct{ Token string } }
	}
	logIn := `mutation { logIn(input: {email: "root@example.com", password: "correct horse"}) { token } }`
	if err := json.Unmarshal(s.ask(t, logIn), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Data.LogIn.Token
}
