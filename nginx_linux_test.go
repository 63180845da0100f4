package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"stoa/internal/dbtest"
)

// proxied starts nginx by deploy/nginx.conf, as deploy/compose.yaml does, in
// front of two servers, and returns its address.
func proxied(t *testing.T, one, two string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // which is not in everybody's PATH
	}
	if _, err := os.Stat(program); err != nil {
		dbtest.Need(t, "nginx is not installed")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	address := listener.Addr().String()

	folder := openFolder(t)
	settings := nginxSettings(t, folder, map[string]string{
		"listen 8080;": "listen " + address + ";", "stoa-1:8080": one, "stoa-2:8080": two, "/tmp/": folder + "/",
	})
	command := readCompose(t).Services["proxy"].Entrypoint
	nginx := func(words ...string) *exec.Cmd {
		cmd := exec.Command(program, append(words, "-e", "stderr", "-p", folder, "-c", settings)...)
		cmd.SysProcAttr = nobody(t, folder)
		return cmd
	}
	if said, err := nginx("-t").CombinedOutput(); err != nil || bytes.Contains(said, []byte("[warn]")) {
		t.Fatalf("nginx -t: %v\n%s", err, said)
	}
	cmd := nginx(command[1:]...)
	// It takes over the socket, which has clients wait until it is there.
	cmd.ExtraFiles, cmd.Env = []*os.File{socket}, []string{"NGINX=3;"}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("nginx: %s", said.String())
		}
	})
	return address
}

// nginxSettings writes deploy/nginx.conf with the parts that are this machine's
// replaced, each of which it has to have.
func nginxSettings(t *testing.T, folder string, parts map[string]string) (path string) {
	t.Helper()
	text := string(readFile(t, "deploy/nginx.conf"))
	for old, with := range parts {
		if !strings.Contains(text, old) {
			t.Fatalf("deploy/nginx.conf has no %s", old)
		}
		text = strings.ReplaceAll(text, old, with)
	}
	path = filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// openFolder is a temporary folder that other users reach too.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "stoa-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// nobody is how to run a process no longer than the tests and, where they run as
// root, as one that may do nothing but write at the path.
func nobody(t *testing.T, path string) *syscall.SysProcAttr {
	t.Helper()
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if os.Geteuid() == 0 {
		const id = 65534
		if err := os.Chown(path, id, id); err != nil {
			t.Fatal(err)
		}
		attributes.Credential = &syscall.Credential{Uid: id, Gid: id}
	}
	return attributes
}

// from is a client at one of this machine's own addresses.
func from(t *testing.T, address string) *http.Client {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// TestProxyOfStreams has nginx pass on what is no plain answer.
func TestProxyOfStreams(t *testing.T) {
	read := make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "websocket" && r.Header.Get("Connection") == "upgrade" {
			echo(t, w)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "event: next\n\n")
		w.(http.Flusher).Flush()
		select {
		case <-read: // the first event, before there is another
		case <-r.Context().Done():
			return
		}
		_, _ = io.WriteString(w, "event: complete\n\n")
	}))
	defer upstream.Close()
	address := upstream.Listener.Addr().String()
	proxy := proxied(t, address, address)

	t.Run("Server-Sent Events", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+proxy+"/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		first := make([]byte, len("event: next\n\n"))
		if _, err := io.ReadFull(response.Body, first); err != nil {
			t.Fatal(err)
		}
		close(read)
		if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "event: complete\n\n" {
			t.Errorf("%q %v", rest, err)
		}
	})
	t.Run("WebSocket", func(t *testing.T) {
		conn, err := net.Dial("tcp", proxy)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "GET /graphql HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello", proxy)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 101 ") || !strings.HasSuffix(string(answer), "\r\n\r\nhello") {
			t.Errorf("%q %v", answer, err)
		}
	})
}

// echo takes the connection over and sends back the five bytes that come.
func echo(t *testing.T, w http.ResponseWriter) {
	conn, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	_, _ = io.CopyN(conn, buffered, int64(len("hello")))
}
