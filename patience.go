package main

import (
	"log/slog"
	"net/http"
	"time"
)

// patience is how long a client may take: to send the head of a request and the
// whole of it, to take the answer, and between one request and the next.
type patience struct{ head, request, answer, idle time.Duration }

// patienceFor is that with clients whose requests may run for the time-out.
func patienceFor(timeout time.Duration) patience {
	return patience{
		head:    5 * time.Second,
		request: 30 * time.Second,
		answer:  timeout + time.Minute,
		idle:    2 * time.Minute,
	}
}

// server ends the connections of clients that take longer.
func (p patience) server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: p.head,
		ReadTimeout:       p.request,
		WriteTimeout:      p.answer,
		IdleTimeout:       p.idle,
	}
}
