package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The tests run Stoa itself, as a process of its own: this binary, told by its environment to be Stoa.
func TestMain(m *testing.M) {
	if os.Getenv("STOA_TEST_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// stoa is Stoa's process, not yet started, in a folder of its own and an environment without settings.
// Settings are given as NAME=value before the arguments.
func stoa(t *testing.T, words ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"STOA_TEST_MAIN=1", "PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir}
	for i, word := range words {
		if name, _, found := strings.Cut(word, "="); !found || name != strings.ToUpper(name) {
			cmd.Args = append(cmd.Args, words[i:]...)
			break
		}
		cmd.Env = append(cmd.Env, word)
	}
	return cmd
}

// run runs Stoa to its end.
func run(t *testing.T, cmd *exec.Cmd) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// server is Stoa while it serves.
type server struct {
	*exec.Cmd
	url string
	log chan string // the message of each line that follows

	operators string // where they are served apart
	listening chan string
}

// serve starts Stoa on a free port and waits until it listens.
func serve(t *testing.T, words ...string) *server {
	t.Helper()
	return start(t, stoa(t, append([]string{"PORT=0"}, words...)...))
}

// start starts Stoa by the command and waits until it listens.
func start(t *testing.T, cmd *exec.Cmd) *server {
	t.Helper()
	s := launch(t, cmd)
	s.listens(t)
	return s
}

// launch starts Stoa by the command.
func launch(t *testing.T, cmd *exec.Cmd) *server {
	t.Helper()
	s := &server{Cmd: cmd, log: make(chan string, 1000), listening: make(chan string, 1)}
	stderr, err := s.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Process.Kill()
		s.Wait()
	})
	go s.read(stderr)
	return s
}

// read reads the log to its end.
func (s *server) read(stderr io.Reader) {
	defer close(s.log)
	defer close(s.listening)
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		var line struct{ Msg, URL, Address string }
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			line.Msg = lines.Text()
		}
		if line.Address != "" {
			s.operators = "http://" + line.Address
		}
		if line.URL != "" {
			s.listening <- line.URL
		}
		s.log <- line.Msg
	}
}

// listens waits until the server does.
func (s *server) listens(t *testing.T) {
	t.Helper()
	if s.url = <-s.listening; s.url == "" {
		t.Fatalf("Stoa does not listen; it says: %s", strings.Join(s.rest(), "\n"))
	}
}

// await waits for a line of the log.
func (s *server) await(t *testing.T, message string) {
	t.Helper()
	for line := range s.log {
		if line == message {
			return
		}
	}
	t.Fatalf("the log ended without %q", message)
}

// rest is what the log still holds, once the process has ended.
func (s *server) rest() (lines []string) {
	for line := range s.log {
		lines = append(lines, line)
	}
	return lines
}

// end waits for the process and checks its exit status.
func (s *server) end(t *testing.T, status int) {
	t.Helper()
	lines := s.rest() // read the pipe empty before Wait closes it
	if err := s.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	if got := s.ProcessState.ExitCode(); got != status {
		t.Errorf("%v, want status %d; the log: %s", s.ProcessState, status, strings.Join(lines, "\n"))
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	got, err := received(http.Get(url))
	if err != nil {
		t.Fatal(err)
	}
	return got.status, got.text
}

// ask sends a query and returns the answer, which has status 200.
func (s *server) ask(t *testing.T, query string) []byte {
	t.Helper()
	answer, err := post(http.DefaultClient, s.url, query, nil)
	if err != nil || answer.status != http.StatusOK {
		t.Fatal(answer, err)
	}
	return []byte(answer.text)
}

// answer is what comes to a query.
type answer struct {
	status int
	header http.Header
	text   string
}

// post sends a query by the client to the server at the URL, and returns the
// answer, or that none came.
func post(client *http.Client, url, query string, header http.Header) (answer, error) {
	body, _ := json.Marshal(map[string]string{"query": query}) // a text always can
	request, err := http.NewRequest(http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Content-Type", "application/json")
	return received(client.Do(request))
}

// received is a response as an answer, or that none came.
func received(response *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, err
}
