package web

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// serving is the address at which the handler is served as Stoa is, to clients that may take so
// long for an answer.
func serving(t *testing.T, patience time.Duration, h http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: packed(h), WriteTimeout: patience}
	ended := make(chan error, 1)
	go func() { ended <- Serve(server, l) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-ended; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// dialled is a connection that is closed at the end of the test.
func dialled(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Nothing of an answer leaves before it is whole, and then all of it does.
func TestAnswersLeaveWhole(t *testing.T) {
	const size = 20 << 10
	written, leave := make(chan bool), make(chan bool)
	address := serving(t, time.Minute, func(w http.ResponseWriter, r *http.Request) {
		sendJSON(w, r, http.StatusOK, plainJSON, make([]byte, size/2), make([]byte, size/2))
		written <- true
		<-leave
	})
	c := dialled(t, address)
	for range 3 { // a connection goes on
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		<-written
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Fatal("some of the answer left before the rest")
		}
		leave <- true
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(response.Body); err != nil || len(text) != size {
			t.Fatalf("%d bytes of %d came: %v", len(text), size, err)
		}
	}
}

// Answers of every size come as they are: short, held and longer than what is
// held, compressed and not, on connections that stay and on those that end.
func TestAnswersOfEverySize(t *testing.T) {
	text := bytes.Repeat([]byte(`{"a":1,"b":"ü"}`), 20<<10)
	address := serving(t, time.Minute, func(w http.ResponseWriter, r *http.Request) {
		size, err := strconv.Atoi(r.URL.Query().Get("size"))
		if err != nil {
			t.Error(err)
		}
		sendJSON(w, r, http.StatusOK, plainJSON, text[:size/3], text[size/3:size])
	})
	for _, packs := range []bool{true, false} {
		for _, ends := range []bool{true, false} {
			client := &http.Client{Transport: &http.Transport{DisableCompression: !packs, DisableKeepAlives: ends}}
			for _, size := range []int{0, 1, 100, leastHeld - 1, leastHeld, 4000, 4096, 5000, 9000, mostHeld, mostHeld + 1, len(text)} {
				response, err := client.Get("http://" + address + "/?size=" + strconv.Itoa(size))
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || !bytes.Equal(got, text[:size]) {
					t.Errorf("%d bytes came of %d: %v", len(got), size, err)
				}
			}
			client.CloseIdleConnections()
		}
	}
}

// An answer for which there is no more time is not followed by another, which the client would
// take for it.
func TestNothingFollowsALateAnswer(t *testing.T) {
	const patience = 50 * time.Millisecond
	late := true
	address := serving(t, patience, func(w http.ResponseWriter, r *http.Request) {
		if late {
			time.Sleep(3 * patience)
		}
		late = false
		sendJSON(w, r, http.StatusOK, plainJSON, make([]byte, 2*leastHeld))
	})
	c := dialled(t, address)
	if _, err := io.WriteString(c, strings.Repeat("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 2)); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if got, _ := io.ReadAll(c); len(got) > 0 {
		t.Errorf("%d bytes came: %.40q", len(got), got)
	}
}

// Who waits for the answer before they send the body, which nobody reads, gets it.
func TestAnswersDoNotWaitForABody(t *testing.T) {
	address := serving(t, time.Minute, func(w http.ResponseWriter, r *http.Request) {
		sendJSON(w, r, http.StatusOK, plainJSON, make([]byte, 2*leastHeld))
	})
	c := dialled(t, address)
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if response, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("got %v, %v", response, err)
	}
}
