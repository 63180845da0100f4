// Package pgserver starts a PostgreSQL server of its own for tests: in a
// temporary folder, behind a Unix socket, and for no longer than the process
// that started it.
package pgserver

import (
	"bufio"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// The scripts that keep a server, and a pooler.
var (
	//go:embed serve.sh
	serving string
	//go:embed pool.sh
	pooling string
)

// Server is a running server. When the process ends without Stop, even by
// SIGKILL, the server stops by itself.
type Server struct {
	// URL is that of an empty database, as a role that may create others.
	URL    string
	folder string

	// life is the writing end of the pipe that the server's keeper reads: the
	// operating system closes it at the latest when the process ends.
	life   io.WriteCloser
	output *bufio.Reader
	keeper *exec.Cmd
}

// Start starts a server and returns when it takes connections, after a second
// or two. Settings are lines of postgresql.conf, which go before those for tests.
// The error is ErrNotInstalled where there is no PostgreSQL.
func Start(settings ...string) (*Server, error) {
	return start(serving, strings.Join(settings, "\n"), "")
}

// Primary is a server that may have standbys.
func Primary(settings ...string) (*Server, error) {
	return Start(append([]string{"wal_level = replica", "max_wal_senders = 10", "synchronous_commit = on"}, settings...)...)
}

// Standby starts a server that replays what the primary writes.
func (s *Server) Standby(settings ...string) (*Server, error) {
	return start(serving, strings.Join(settings, "\n"), "host="+s.folder+" port=5432 user=postgres")
}

// Pooler starts a PgBouncer in front of the server, in transaction mode. The
// error is ErrNoPooler where there is none.
func Pooler(server *url.URL, settings ...string) (*Server, error) {
	if _, err := exec.LookPath("pgbouncer"); err != nil {
		return nil, ErrNoPooler
	}
	query := server.Query()
	target := fmt.Sprintf("host=%s port=%s", query.Get("host"), query.Get("port"))
	return start(pooling, target, strings.Join(settings, "\n"))
}

// start runs the script in a folder of its own until it is ready.
func start(script string, args ...string) (*Server, error) {
	programs, err := Programs()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "stoa-postgres-")
	if err != nil {
		return nil, err
	}
	s, err := keep(script, programs, folder, args)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("PostgreSQL from %s: %w", programs, err), os.RemoveAll(folder))
	}
	return s, nil
}

func keep(script, programs, folder string, args []string) (*Server, error) {
	attributes, err := unprivileged(folder)
	if err != nil {
		return nil, err
	}
	keeper := exec.Command("/bin/sh", append([]string{"-c", script, "sh", folder}, args...)...)
	keeper.Dir = folder
	keeper.Env = []string{"PATH=" + programs + ":/usr/sbin:/usr/bin:/bin", "LC_ALL=C"}
	keeper.SysProcAttr = attributes
	life, err := keeper.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := keeper.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := keeper.Start(); err != nil {
		return nil, fmt.Errorf("in %s: %w", folder, err)
	}
	s := &Server{URL: address(folder), folder: folder, life: life, output: bufio.NewReader(output), keeper: keeper}
	if err := s.says("ready\n"); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// says waits for the keeper to say so; what else it says went wrong.
func (s *Server) says(want string) error {
	first, err := s.output.ReadString('\n')
	if first == want {
		return nil
	}
	rest, readErr := io.ReadAll(s.output)
	return errors.Join(errors.New(first+string(rest)), cmp.Or(err, readErr))
}

// Halt ends the server at once, as a crash would, until Resume starts it again.
func (s *Server) Halt() error { return s.do("halt") }

// Resume starts the server after Halt.
func (s *Server) Resume() error { return s.do("start") }

// Restart ends all transactions and connections, and starts the server again.
func (s *Server) Restart() error { return s.do("restart") }

// Freeze stops all of the server's processes where they are, until Thaw.
func (s *Server) Freeze() error { return s.do("freeze") }

// Thaw has the processes go on after Freeze.
func (s *Server) Thaw() error { return s.do("thaw") }

func (s *Server) do(command string) error {
	if _, err := io.WriteString(s.life, command+"\n"); err != nil {
		return err
	}
	return s.says("done\n")
}

// Stop stops the server at once, whoever is connected, and removes all it kept.
func (s *Server) Stop() error {
	return errors.Join(s.life.Close(), s.keeper.Wait())
}

func address(folder string) string {
	u := url.URL{Scheme: "postgres", User: url.User("stoa"), Path: "/postgres"}
	u.RawQuery = url.Values{"host": {folder}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// unprivileged is how to run the server, which refuses to run as root: as
// another user then, who is given the folder. In a session of its own it does
// not hear of an interrupt typed at the tests.
func unprivileged(folder string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Setsid: true}
	if os.Geteuid() != 0 {
		return attributes, nil
	}
	someone, err := user.Lookup("postgres")
	if err != nil {
		someone, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, uidErr := strconv.ParseUint(someone.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(someone.Gid, 10, 32)
	if err := cmp.Or(uidErr, gidErr); err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, os.Chown(folder, int(uid), int(gid))
}
