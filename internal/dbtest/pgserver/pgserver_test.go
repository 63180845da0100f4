package pgserver_test

import (
	"bufio"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
)

// In the environment of a copy of this test program, it asks for a server that
// nobody stops.
const abandon = "PGSERVER_TEST_ABANDON"

func TestMain(m *testing.M) {
	if os.Getenv(abandon) == "" {
		os.Exit(m.Run())
	}
	server, err := pgserver.Start()
	if err != nil {
		println(err.Error())
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString(server.URL + "\n")
	select {}
}

func start(t *testing.T) *pgserver.Server {
	t.Helper()
	server, err := pgserver.Start()
	if errors.Is(err, pgserver.ErrNotInstalled) {
		dbtest.Need(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestServer(t *testing.T) {
	one, other := start(t), start(t)
	t.Run("runs until it is stopped", func(t *testing.T) {
		folder, postmaster := traces(t, one.URL)
		answers(t, one.URL)
		if err := one.Stop(); err != nil {
			t.Error(err)
		}
		wantGone(t, folder, postmaster)
	})
	t.Run("is not disturbed by another", func(t *testing.T) {
		answers(t, other.URL)
		if err := other.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		t.Run("ends with its process, "+signal.String(), func(t *testing.T) {
			process, server := abandoned(t)
			folder, postmaster := traces(t, server)
			answers(t, server)
			if err := process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			wantGone(t, folder, postmaster)
		})
	}
}

// abandoned is a process that has started a server, and the server's URL.
func abandoned(t *testing.T) (process *os.Process, server string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), abandon+"=1")
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed: an error by design
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd.Process, strings.TrimSpace(line)
}

// answers checks that the server takes statements, as the tests are to find it.
func answers(t *testing.T, address string) {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var role, zone, encoding string
	var codePoints bool
	err = db.QueryRow(`SELECT current_user, current_setting('timezone'),
		current_setting('server_encoding'), 'a' > 'B'`).Scan(&role, &zone, &encoding, &codePoints)
	if err != nil {
		t.Fatal(err)
	}
	if role != "stoa" || zone != "Asia/Kathmandu" || encoding != "UTF8" || codePoints {
		t.Errorf("role %s, zone %s, encoding %s, sorted by code points: %t", role, zone, encoding, codePoints)
	}
}

// traces are a server's folder and process.
func traces(t *testing.T, address string) (folder string, postmaster int) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	folder = u.Query().Get("host")
	file, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(file), "\n")
	postmaster, err = strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return folder, postmaster
}

// wantGone waits for the end of both.
func wantGone(t *testing.T, folder string, process int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		_, err := os.Stat(folder)
		// A process that nobody has waited for yet is a Z.
		state, _ := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(process)).Output()
		ended := len(state) == 0 || state[0] == 'Z'
		if errors.Is(err, fs.ErrNotExist) && ended {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("folder %s: %v; process %d: %q", folder, err, process, state)
		}
	}
}
