package web

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// An answer leaves net/http by a buffer of 4 KiB: of a longer one the beginning takes a
// system call, and mostly a packet, of its own. So one that may be longer, with its head,
// is held until it is whole, unless the copy would be dear.
const (
	leastHeld = 2 << 10 // bytes of its text
	mostHeld  = 64 << 10
)

// Serve is server.Serve, by connections that send an answer as a whole, if they are TCP's
// own. It sets the server's ConnContext.
func Serve(server *http.Server, l net.Listener) error {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	return server.Serve(&whole{Listener: l})
}

type connKey struct{}

// whole are the connections that a listener accepts.
type whole struct {
	net.Listener
	rooms sync.Pool
}

// Accept is net.Listener's.
func (l *whole) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if tcp, ok := accepted.(*net.TCPConn); ok {
		return &conn{TCPConn: tcp, rooms: &l.rooms}, err
	}
	return accepted, err
}

// conn is a connection that can hold what Write is given. All that is about writing is
// for one goroutine at a time.
type conn struct {
	*net.TCPConn
	rooms *sync.Pool
	held  *[]byte // nil while nothing is held
}

// hold has the connection that the request came by send the answer, of so many bytes, as
// a whole. Where something of the request has not been read, net/http would read it first.
func hold(r *http.Request, size int) {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if !ok || c.held != nil || size < leastHeld || size > mostHeld || r.Body != http.NoBody {
		return
	}
	if c.held, ok = c.rooms.Get().(*[]byte); !ok {
		c.held = new([]byte)
	}
}

// Write is net.Conn's.
func (c *conn) Write(p []byte) (int, error) {
	if c.held == nil {
		return c.TCPConn.Write(p)
	}
	*c.held = append(*c.held, p...)
	return len(p), nil
}

// release sends what is held. Where it cannot be sent, some of it may have been: nothing
// can follow.
func (c *conn) release() {
	if c.held == nil {
		return
	}
	if _, err := c.TCPConn.Write(*c.held); err != nil {
		_ = c.Close()
	}
	*c.held = (*c.held)[:0]
	c.rooms.Put(c.held)
	c.held = nil
}

// SetWriteDeadline is net.Conn's. net/http lifts the deadline of an answer when all of it
// has been written, and before the connection counts as idle.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.release()
	return c.TCPConn.SetWriteDeadline(t)
}
