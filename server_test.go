package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestServe(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/healthz", "/readyz", "/"} {
		if status, body := get(t, s.url+path); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if answer := s.ask(t, "{ products(first: 1) { nodes { name } } }"); !bytes.Contains(answer, []byte(`"name":"`)) {
		t.Errorf("no demo data: %s", answer)
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.end(t, 0)
	if _, err := os.Stat(filepath.Join(s.Dir, "stoa.db")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir, "*-wal")); left != nil {
		t.Errorf("the database was not closed: %s is left", left)
	}
}

// half sends the head of a request and waits until Stoa asks for its body: it is then under way.
func half(t *testing.T, s *server, body string) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", host, len(body))
	if err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
	if _, err := io.ReadFull(conn, answer); err != nil || !bytes.Contains(answer, []byte(" 100 ")) {
		t.Fatalf("%q %v", answer, err)
	}
	return conn
}

func TestRequestsUnderWayFinish(t *testing.T) {
	s := serve(t)
	const body = `{"query":"{ categories { totalCount } }"}`
	conn := half(t, s, body)
	if err := s.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	s.await(t, "stopping")
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte("totalCount")) {
		t.Errorf("%s %s %v", response.Status, answer, err)
	}
	s.end(t, 0)
	if _, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err == nil {
		t.Error("something still listens")
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	s := serve(t)
	half(t, s, `{"query":"{ categories { totalCount } }"}`)
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.await(t, "stopping")
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.end(t, -1)
}

// Whatever stops the start is told in one line, without secrets; and nothing is left behind.
func TestFailures(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, test := range []struct {
		words []string
		told  string
	}{
		{[]string{"PORT=" + port}, "cannot listen"},
		{[]string{"PORT=0", "HOST=256.0.0.1"}, "cannot listen"},
		{[]string{"PORT=0", "DATABASE_URL=postgres://u:hunter2@127.0.0.1:1/shop", "JWT_SECRET=" + strings.Repeat("k", 32)}, "postgres://127.0.0.1:1/shop"},
		{[]string{"DATABASE_URL=postgres://u@127.0.0.1:1/shop?password=hunter2", "migrate", "up"}, "postgres://127.0.0.1:1/shop"},
		{[]string{"DATABASE_URL=sqlite:no/such/folder/stoa.db", "seed"}, "sqlite:no/such/folder/stoa.db"},
	} {
		cmd := stoa(t, test.words...)
		out, errs, status := run(t, cmd)
		if status != 1 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, test.told) || strings.Contains(errs, "hunter2") {
			t.Errorf("%q: status %d, %q %q", test.words, status, out, errs)
		}
		if left, _ := os.ReadDir(cmd.Dir); len(left) > 0 {
			t.Errorf("%q: %s is left", test.words, left[0].Name())
		}
	}
}

func TestWrongSettings(t *testing.T) {
	for _, words := range [][]string{
		{"PORT=x", "DATABASE_URL=mysql://u:hunter2@h/x", "--log-level=loud"},
		{"PORT=x", "DATABASE_URL=mysql://u:hunter2@h/x", "migrate", "status", "--log-level=loud"},
		{"PORT=x", "DATABASE_URL=mysql://u:hunter2@h/x", "--log-level=loud", "seed"},
	} {
		cmd := stoa(t, words...)
		_, errs, status := run(t, cmd)
		if status != 2 || strings.Contains(errs, "hunter2") {
			t.Errorf("%q: status %d, %s", words, status, errs)
		}
		for _, name := range []string{"PORT", "DATABASE_URL", "LOG_LEVEL"} {
			if !strings.Contains(errs, name+" (") {
				t.Errorf("%q: %s is not named: %s", words, name, errs)
			}
		}
	}
	for _, words := range [][]string{{"frob"}, {"--prot=1"}, {"migrate"}, {"seed", "--products=-1"}, {"--port"}} {
		if _, errs, status := run(t, stoa(t, words...)); status != 2 || strings.Count(errs, "\n") != 1 {
			t.Errorf("%q: status %d, %s", words, status, errs)
		}
	}
}

// What needs no setting works with wrong ones.
func TestPrinting(t *testing.T) {
	for word, want := range map[string]string{
		"schema": "type Query", "version": "stoa ", "--help": "default: sqlite:stoa.db]",
	} {
		cmd := stoa(t, "PORT=x", word)
		out, errs, status := run(t, cmd)
		if status != 0 || errs != "" || !strings.Contains(strings.Join(strings.Fields(out), " "), want) { // however lines break
			t.Errorf("%s: status %d, %s %s", word, status, out, errs)
		}
	}
}
