package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// grace is how long a server has to give a statement up when it is asked to.
const grace = 500 * time.Millisecond

// errUnreachable is that there was no connection to be had.
var errUnreachable = errors.New("no connection")

// linker connects to PostgreSQL. The driver alone would wait for ever for a
// server that takes what it is sent and says nothing: its connections are given
// up a little after the time of those who use them.
type linker struct {
	config  pq.Config
	host    string // for the log
	direct  string // the URL, "" where there is a pooler between
	breaker *breaker
}

// Connect is driver.Connector's.
func (l *linker) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := l.connect(ctx)
	if err != nil {
		if !errors.Is(ctx.Err(), context.Canceled) && !full(err) {
			l.breaker.failed(err)
		}
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	return conn, nil
}

// Driver is driver.Connector's.
func (l *linker) Driver() driver.Driver { return &pq.Driver{} }

func (l *linker) connect(ctx context.Context) (*link, error) {
	connector, err := pq.NewConnectorConfig(l.config)
	if err != nil {
		return nil, err
	}
	line := &line{silent: l.breaker.failed}
	connector.Dialer(line)
	stop := context.AfterFunc(ctx, line.cut)
	defer stop()
	inner, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	line.up.Store(true)
	return &link{inner.(pqConn), line}, nil
}

// probe tells whether a connection can be had.
func (l *linker) probe(ctx context.Context) error {
	conn, err := l.connect(ctx)
	if err != nil {
		return err
	}
	return conn.Close()
}

// full tells whether a server answers that it takes no more connections: those
// that there are work.
func full(err error) bool {
	var said *pq.Error
	return errors.As(err, &said) && said.Code == "53300"
}

// pqConn is a connection of the driver.
type pqConn interface {
	conn
	driver.NamedValueChecker
}

// link is a connection of the driver, which itself has an eye on the context of
// every statement but BEGIN.
type link struct {
	pqConn
	line *line
}

func (l *link) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	stop := context.AfterFunc(ctx, l.line.hurry)
	defer stop()
	return l.pqConn.BeginTx(ctx, o)
}

// line dials for one connection of the driver: once, or more often until it is
// up; after that whenever a statement is to be given up, which is asked for by
// another connection.
type line struct {
	net.Dialer
	up     atomic.Bool
	wire   atomic.Pointer[wire]
	silent func(error)
}

// DialContext is pq.DialerContext's.
func (l *line) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if l.up.Load() {
		l.hurry()
		ctx, cancel := context.WithTimeout(ctx, grace)
		defer cancel()
		conn, err := l.Dialer.DialContext(ctx, network, address)
		if err == nil {
			time.AfterFunc(grace, func() { _ = conn.Close() }) // the driver closes it too
		}
		return conn, err
	}
	conn, err := l.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: conn, silent: l.silent}
	l.wire.Store(w)
	return w, nil
}

// DialTimeout is pq.Dialer's, which takes a DialContext where there is one.
func (l *line) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return l.DialContext(ctx, network, address)
}

// hurry ends the connection unless the server answers within the grace.
func (l *line) hurry() {
	if w := l.wire.Load(); w != nil {
		w.hurry()
	}
}

// cut ends a connection that is being made.
func (l *line) cut() {
	if w := l.wire.Load(); w != nil {
		_ = w.Close()
	}
}

// wire is a connection to a server that may fall silent.
type wire struct {
	net.Conn
	hurried atomic.Bool
	silent  func(error) // is told when it has
}

func (w *wire) hurry() {
	w.hurried.Store(true)
	_ = w.SetReadDeadline(time.Now().Add(grace)) // of what is closed there is no need
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) && w.hurried.Swap(false) {
		w.silent(err)
	}
	return n, err
}

// Write begins what nobody has hurried yet.
func (w *wire) Write(p []byte) (int, error) {
	if w.hurried.Swap(false) {
		if err := w.SetReadDeadline(time.Time{}); err != nil {
			return 0, err
		}
	}
	return w.Conn.Write(p)
}
