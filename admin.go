package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// listenApart listens where operators look, nil where that is the port of all.
func (p *program) listenApart() (net.Listener, error) {
	if p.settings.AdminAddr == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", p.settings.AdminAddr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen: %w (ADMIN_ADDR says where)", err)
	}
	return listener, nil
}

// serveApart serves operators until end is called, or nothing without a
// listener. It has no bound on the time of an answer: a profile takes as long as
// it is asked to.
func (p *program) serveApart(listener net.Listener, handler http.Handler) (end func()) {
	if listener == nil {
		return func() {}
	}
	server := &http.Server{
		Handler:           handler,
		ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	p.log.Info("listening for operators", "address", listener.Addr().String())
	return func() {
		_ = server.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("operators were not served", "error", err)
		}
	}
}
