package main

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/dbtest/pgserver"
)

// cluster is a primary and a replica in one folder, of a user without rights, set
// up by the scripts that deploy/compose.yaml gives them.
type cluster struct {
	folder string
	env    []string
	ports  map[string]string
}

// startPrimary does what the image of PostgreSQL does, and has it run the script.
func (c *cluster) startPrimary(t *testing.T) *exec.Cmd {
	t.Helper()
	c.run(t, "initdb", "-D", c.folder+"/primary", "-U", "postgres", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256")
	c.run(t, "sed", "-i", "/replication/d", "primary/pg_hba.conf") // to allow it is the scripts' part
	server := c.serve(t, "primary", "postgres", "-D", c.folder+"/primary")
	c.env = append(c.env, "PGDATA="+c.folder+"/primary")
	c.await(t, "primary", "postgres", "SELECT 1", "1")
	c.run(t, "/bin/sh", "postgres/primary.sh")
	c.run(t, "psql", "-h", c.folder, "-p", c.ports["primary"], "-U", "postgres", "-c", "SELECT pg_reload_conf()")
	return server
}

func (c *cluster) startReplica(t *testing.T) {
	t.Helper()
	if err := os.Mkdir(c.folder+"/replica", 0o777); err != nil { // as an image has it
		t.Fatal(err)
	}
	c.own(t)
	c.env = append(c.env, "PRIMARY=127.0.0.1", "PGDATA="+c.folder+"/replica")
	c.serve(t, "replica", "/bin/sh", "postgres/replica.sh")
	c.await(t, "replica", "stoa", "SELECT pg_is_in_recovery()", "t")
}

// secrets are those of the cluster, with its ports in the URLs.
func (c *cluster) secrets(t *testing.T) (folder string) {
	t.Helper()
	folder = filepath.Join(c.folder, "secrets")
	for name, host := range map[string]string{"database_url": "primary", "database_replica_urls": "replica"} {
		path := filepath.Join(folder, name)
		here := strings.Replace(string(readFile(t, path)), "@"+host+"/", "@127.0.0.1:"+c.ports[host]+"/", 1)
		if err := os.WriteFile(path, []byte(here), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	programs, err := pgserver.Programs()
	if errors.Is(err, pgserver.ErrNotInstalled) {
		dbtest.Need(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{folder: openFolder(t), ports: map[string]string{"primary": freePort(t), "replica": freePort(t)}}
	for from, to := range map[string]string{"deploy/postgres": "postgres", secrets(t): "secrets"} {
		if err := os.CopyFS(filepath.Join(c.folder, to), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	c.env = []string{
		"PATH=" + programs + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "PGHOST=" + c.folder, "PGPORT=" + c.ports["primary"],
		"STOA_PASSWORD_FILE=secrets/stoa_password", "REPLICA_PASSWORD_FILE=secrets/replica_password",
	}
	c.own(t)
	return c
}

// own gives all that is in the folder to the user.
func (c *cluster) own(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(c.folder, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			nobody(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) command(t *testing.T, words ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("/usr/bin/env", words...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = c.folder, c.env, nobody(t, c.folder)
	return cmd
}

func (c *cluster) run(t *testing.T, words ...string) {
	t.Helper()
	if said, err := c.command(t, words...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, said)
	}
}

// serve starts a server by the command, until the end of the test.
func (c *cluster) serve(t *testing.T, name string, words ...string) *exec.Cmd {
	t.Helper()
	cmd := c.command(t, append(words, "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1",
		"-c", "port="+c.ports[name], "-c", "unix_socket_directories="+c.folder)...)
	said := new(strings.Builder)
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGQUIT) // it may have ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s: %s", name, said)
		}
	})
	return cmd
}

// await asks the server of the name until it answers so.
func (c *cluster) await(t *testing.T, name, database, query, want string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		out, err := c.command(t, "psql", "-p", c.ports[name], "-U", "postgres", "-d", database, "-At", "-c", query).CombinedOutput()
		got := strings.TrimSpace(string(out))
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %s %v", name, got, err)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}
