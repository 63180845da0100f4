package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"stoa/graph"
	"stoa/internal/auth"
)

// subprotocol is the one that our sockets speak.
const subprotocol = "graphql-transport-ws"

// paces are those of sockets and streams.
type paces struct {
	greeting time.Duration // how long to wait for connection_init
	ping     time.Duration // how often to ask whether the peer is there
}

var usual = paces{greeting: 5 * time.Second, ping: 15 * time.Second}

const (
	writeWait = 30 * time.Second // for a peer to take what is sent
	closeWait = 2 * time.Second  // for a peer to close too
)

// The codes with which we close a socket.
const (
	closeNormal         = websocket.CloseNormalClosure
	closeGoingAway      = websocket.CloseGoingAway
	closeTryAgainLater  = websocket.CloseTryAgainLater
	closeBadRequest     = 4400
	closeUnauthorized   = 4401
	closeForbidden      = 4403
	closeSubprotocol    = 4406
	closeInitTimeout    = 4408
	closeTaken          = 4409
	closeInitialisedYet = 4429
)

// maxOperations is how many operations a socket may have at once.
const maxOperations = 100

// socket speaks graphql-transport-ws with one client. Whoever sends on it is the
// goroutine of write, and whoever receives that of read.
type socket struct {
	*graphQL
	conn    *websocket.Conn
	ctx     context.Context // until the socket ends
	cancel  context.CancelFunc
	inbox   *graph.Inbox
	replies chan []byte    // other messages to the client
	expires chan time.Time // when the token does
	running sync.WaitGroup // write, queries and mutations

	mu         sync.Mutex
	ended      *websocket.CloseError // why, nil until it is
	operations map[string]*operation
	token      string
	viewer     *auth.Viewer
	greeted    bool // by connection_init
}

// isSocket tells whether the request is for a WebSocket.
func isSocket(r *http.Request) bool { return websocket.IsWebSocketUpgrade(r) }

// socket serves a WebSocket until it is closed.
func (g *graphQL) socket(w http.ResponseWriter, r *http.Request) {
	ctx := g.addressed(r)
	if _, err := g.viewed(ctx, r); err != nil {
		refuse(w, r, plainJSON, err)
		return
	}
	conn, err := g.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	s := &socket{
		graphQL: g, conn: conn, ctx: ctx, cancel: cancel, token: tokenOf(r.Header.Get("Authorization")),
		inbox: graph.NewInbox(ctx), replies: make(chan []byte), expires: make(chan time.Time, 1), operations: map[string]*operation{},
	}
	if !g.sockets.add(s) {
		s.end(closeGoingAway, "Stoa is stopping")
	}
	defer g.sockets.remove(s)
	if conn.Subprotocol() != subprotocol {
		s.end(closeSubprotocol, "Subprotocol not acceptable")
	}
	s.running.Go(s.write)
	defer s.running.Wait()
	defer s.drop()
	defer s.end(closeNormal, "")
	s.read()
}

// end ends the socket, the first time that it is called.
func (s *socket) end(code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = &websocket.CloseError{Code: code, Text: reason}
		s.cancel()
	}
}

// read receives messages until the socket has ended and the peer has closed it.
func (s *socket) read() {
	s.conn.SetReadLimit(maxBody)
	s.conn.SetPongHandler(func(string) error { s.heard(); return nil })
	// The peer's close is answered with its own code, by write.
	s.conn.SetCloseHandler(func(code int, _ string) error { s.end(code, ""); return nil })
	defer context.AfterFunc(s.ctx, s.heard)()
	for {
		s.heard()
		_, text, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if s.ctx.Err() == nil {
			s.receive(text)
		}
	}
}

// heard says until when the peer has to be heard of again.
func (s *socket) heard() {
	_ = s.conn.SetReadDeadline(time.Now().Add(5 * s.paces.ping / 2)) // it always can
	if s.ctx.Err() != nil {
		_ = s.conn.SetReadDeadline(time.Now().Add(closeWait))
	}
}

// write sends what there is to send, and at last why the socket has ended.
func (s *socket) write() {
	defer s.bye()
	greeting := time.NewTimer(s.paces.greeting)
	defer greeting.Stop()
	ping := time.NewTicker(s.paces.ping)
	defer ping.Stop()
	expiry := time.NewTimer(time.Hour)
	expiry.Stop()
	for s.ctx.Err() == nil {
		select {
		case <-s.inbox.Late:
			s.end(closeTryAgainLater, "Too many events behind")
			continue
		default:
		}
		select {
		case <-s.inbox.Ready:
			if told, ok := s.inbox.Take(); ok {
				s.tell(told)
			}
		case <-s.inbox.Late:
		case text := <-s.replies:
			s.send(text)
		case <-greeting.C:
			if !s.isGreeted() {
				s.end(closeInitTimeout, "Connection initialisation timeout")
			}
		case <-ping.C:
			// The frame keeps the way open and finds a peer gone; the message is for
			// clients that cannot see it.
			_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
			s.send([]byte(`{"type":"ping"}`))
		case at := <-s.expires:
			expiry.Reset(time.Until(at))
		case <-expiry.C:
			s.end(closeForbidden, "The token has expired")
		}
	}
}

// send sends a message made of the parts.
func (s *socket) send(parts ...[]byte) {
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeWait)) // it always can
	w, err := s.conn.NextWriter(websocket.TextMessage)
	for _, part := range parts {
		if err == nil {
			_, err = w.Write(part)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil { // nothing can be sent any more
		s.end(closeGoingAway, "")
		_ = s.conn.NetConn().Close()
	}
}

// bye tells the peer why the socket has ended.
func (s *socket) bye() {
	s.mu.Lock()
	ended := s.ended
	s.mu.Unlock()
	text := websocket.FormatCloseMessage(ended.Code, ended.Text)
	_ = s.conn.WriteControl(websocket.CloseMessage, text, time.Now().Add(closeWait))
}

func (s *socket) isGreeted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.greeted
}

// tokenOf is the token of an Authorization, "" where it has none.
func tokenOf(authorization string) string {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// message is what client and server send each other.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}
