package main

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/web"
)

// impatient is the address of Stoa with little patience for one of the things
// that clients may be slow in, and much for all others.
func impatient(t *testing.T, p patience) string {
	t.Helper()
	db := dbtest.Open(t, dbtest.SQLite)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	server := p.server(web.New(web.Options{DB: db, Log: log}), log)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(server, listener) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-ended; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

const (
	little = 200 * time.Millisecond
	much   = time.Hour
)

const (
	head  = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
	probe = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
)

// A client that sends a little now and then, or nothing, does not keep its
// connection for ever.
func TestSlowClientsAreLeft(t *testing.T) {
	patient := patience{much, much, much, much}
	for name, c := range map[string]struct {
		change func(*patience)
		sent   string
		slowly string // what is repeated until the connection ends, a byte at a time
	}{
		"nothing is sent":         {change: func(p *patience) { p.head = little }},
		"the head comes slowly":   {func(p *patience) { p.head = little }, head, "X-A: b\r\n"},
		"the head stops":          {func(p *patience) { p.head = little }, head, ""},
		"the body comes slowly":   {func(p *patience) { p.request = little }, head + "\r\n{", " "},
		"the body stops":          {func(p *patience) { p.request = little }, head + "\r\n{", ""},
		"nothing follows":         {func(p *patience) { p.idle = little }, probe, ""},
		"the next comes too late": {func(p *patience) { p.head, p.idle = little, little }, probe + "G", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := patient
			c.change(&p)
			conn, err := net.Dial("tcp", impatient(t, p))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, c.sent); err != nil {
				t.Fatal(err)
			}
			dripping := make(chan struct{})
			go func() {
				defer close(dripping)
				drip(conn, c.slowly)
			}()
			answer, err := io.ReadAll(conn)
			if slow, ok := err.(net.Error); ok && slow.Timeout() {
				t.Error("the connection is kept")
			}
			if strings.Contains(string(answer), "200 OK") != strings.HasPrefix(c.sent, "GET") {
				t.Errorf("got %s", answer)
			}
			conn.Close()
			<-dripping
		})
	}
}

// drip writes the text over and over, a byte at a time, until it cannot.
func drip(to io.Writer, text string) {
	for n := 0; text != ""; n++ {
		if _, err := io.WriteString(to, text[n%len(text):][:1]); err != nil {
			return
		}
		time.Sleep(little / 20)
	}
}

// Whoever is in no hurry but within the times is answered.
func TestAClientWithinThePatienceIsAnswered(t *testing.T) {
	conn, err := net.Dial("tcp", impatient(t, patienceFor(time.Second)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 2 {
		for _, part := range strings.SplitAfter(probe, "\n") {
			if _, err := io.WriteString(conn, part); err != nil {
				t.Fatal(err)
			}
			time.Sleep(little / 20)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("got %v, %v", response, err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatal(err)
		}
	}
}
