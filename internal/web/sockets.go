package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/cors"
)

// sockets are those that are open.
type sockets struct {
	mu     sync.Mutex
	all    map[*socket]struct{}
	closed bool
	open   sync.WaitGroup
}

// add notes a socket; false if none may be opened any more.
func (s *sockets) add(one *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[*socket]struct{}{}
	}
	s.all[one] = struct{}{}
	s.open.Add(1)
	return !s.closed
}

func (s *sockets) remove(one *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, one)
	s.open.Done()
}

// count is how many are open.
func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// close ends all sockets and waits for them.
func (s *sockets) close() {
	s.mu.Lock()
	s.closed = true
	for one := range s.all {
		one.end(closeGoingAway, "Stoa is stopping")
		_ = one.conn.NetConn().SetWriteDeadline(time.Now().Add(closeWait)) // for one who takes nothing
	}
	s.mu.Unlock()
	s.open.Wait()
}

// upgrader makes sockets of requests: of those pages that may ask here, and of
// whoever is no page. A socket that waits holds no buffer for writing.
func upgrader(origins []string) *websocket.Upgrader {
	others := cors.New(cors.Options{AllowedOrigins: origins})
	return &websocket.Upgrader{
		Subprotocols:    []string{subprotocol},
		WriteBufferPool: &sync.Pool{},
		CheckOrigin: func(r *http.Request) bool {
			return r.Header.Get("Origin") == "" || ownPage(r) || len(origins) > 0 && others.OriginAllowed(r)
		},
	}
}

// ownPage tells whether the request comes from a page of the host that it asks.
func ownPage(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && strings.EqualFold(origin.Host, r.Host)
}
