package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"stoa/internal/web"
)

// patient is how long a test waits for what has to come.
const patient = 30 * time.Second

// site is a handler of what lasts.
type site interface {
	http.Handler
	Close()
}

// served is the shop's handler, or that of the options, behind a real listener.
func (s *shop) served(t *testing.T, handler site) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		_ = conn.(*net.TCPConn).SetWriteBuffer(4 << 10) // so that who does not read is soon noticed
		return ctx
	}
	server.Start()
	t.Cleanup(func() {
		handler.Close()
		server.Close()
	})
	return server.URL
}

// site is one above the shop's database, as the options change it.
func (s *shop) site(t *testing.T, change func(*web.Options)) *web.Site {
	t.Helper()
	o := web.Options{DB: s.db, Auth: s.auth, Introspection: true}
	if change != nil {
		change(&o)
	}
	return web.New(o)
}

// plug is the client's end of a socket.
type plug struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket that speaks the protocols.
func dial(t *testing.T, url string, header http.Header, protocols ...string) *plug {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: patient}
	conn, _, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/graphql", header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &plug{t, conn}
}

// plugIn is a socket on which a connection has been begun, with a token unless
// empty.
func plugIn(t *testing.T, url, token string) *plug {
	t.Helper()
	p := dial(t, url, nil, "graphql-transport-ws")
	p.begin(token)
	return p
}

func (p *plug) begin(token string) {
	p.t.Helper()
	payload := ""
	if token != "" {
		payload = fmt.Sprintf(`, "payload": {"Authorization": "Bearer %s"}`, token)
	}
	p.send(`{"type": "connection_init"` + payload + `}`)
	p.expect(`{"type":"connection_ack"}`)
}

func (p *plug) send(text string) {
	p.t.Helper()
	if err := p.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

// subscribe begins an operation and waits until the server has begun it too.
func (p *plug) subscribe(id, query string) {
	p.t.Helper()
	p.begins(id, query)
	p.settled()
}

func (p *plug) begins(id, query string) {
	p.t.Helper()
	payload, _ := json.Marshal(map[string]string{"query": query})
	p.send(fmt.Sprintf(`{"id": %q, "type": "subscribe", "payload": %s}`, id, payload))
}

// settled waits until the server has done what it was sent.
func (p *plug) settled() {
	p.t.Helper()
	p.send(`{"type": "ping", "payload": {"settled":true}}`)
	p.expect(`{"type":"pong","payload":{"settled":true}}`)
}

// receive is the next message, pings aside.
func (p *plug) receive() (string, error) {
	for {
		_ = p.conn.SetReadDeadline(time.Now().Add(patient))
		_, text, err := p.conn.ReadMessage()
		if err != nil || string(text) != `{"type":"ping"}` {
			return strings.TrimSpace(string(text)), err
		}
	}
}

func (p *plug) expect(want string) {
	p.t.Helper()
	if got, err := p.receive(); err != nil || strings.ReplaceAll(got, "\n", "") != want {
		p.t.Fatalf("got %s, %v, want %s", got, err, want)
	}
}

// next is the data of the next event, which has to be of the operation.
func (p *plug) next(id string, data any) {
	p.t.Helper()
	text, err := p.receive()
	var m struct {
		ID, Type string
		Payload  struct {
			Data   json.RawMessage
			Errors json.RawMessage
		}
	}
	if err != nil || json.Unmarshal([]byte(text), &m) != nil || m.ID != id || m.Type != "next" || m.Payload.Errors != nil {
		p.t.Fatalf("got %s, %v, want an event of %s", text, err, id)
	}
	read(p.t, string(m.Payload.Data), data)
}

// closed expects the server to close the socket with the code, whatever it sends
// before.
func (p *plug) closed(code int) {
	p.t.Helper()
	for {
		_, err := p.receive()
		if websocket.IsCloseError(err, code) {
			return
		}
		if err != nil {
			p.t.Fatalf("got %v, want the socket closed with %d", err, code)
		}
	}
}

// quiet expects that nothing has been sent: whatever would have been comes
// before the answer.
func (p *plug) quiet() {
	p.t.Helper()
	p.settled()
}
