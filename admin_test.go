package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

func TestOperatorsApart(t *testing.T) {
	s := serve(t, "ADMIN_ADDR=127.0.0.1:0")
	s.ask(t, "query Shelves { categories { totalCount } }")
	for path, told := range map[string]string{
		"/metrics": `stoa_requests_total{operation="Shelves"`, "/healthz": "alive", "/readyz": "ready", "/debug/pprof/goroutine?debug=1": "goroutine",
	} {
		if status, body := get(t, s.operators+path); status != http.StatusOK || !strings.Contains(body, told) {
			t.Errorf("%s: %d %s", path, status, body)
		}
		if status, _ := get(t, s.url+path); status != http.StatusNotFound {
			t.Errorf("%s: %d among clients", path, status)
		}
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.end(t, 0)
}

// An address that cannot be had stops the start, with no database left behind.
func TestOperatorsCannotBeServed(t *testing.T) {
	for setting, status := range map[string]int{"ADMIN_ADDR=256.0.0.1:9090": 1, "ADMIN_ADDR=9090": 2, "OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4318": 2} {
		name, _, _ := strings.Cut(setting, "=")
		_, errs, got := run(t, stoa(t, "PORT=0", setting))
		if got != status || !strings.Contains(errs, name) {
			t.Errorf("%s: status %d, want %d: %s", setting, got, status, errs)
		}
	}
}

// The traces of what was done are sent by the end.
func TestTracesAreSent(t *testing.T) {
	paths := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { paths <- r.URL.Path }))
	defer collector.Close()
	s := serve(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL)
	s.ask(t, "query Shelves { categories { totalCount } }")
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.end(t, 0)
	select {
	case path := <-paths:
		if path != "/v1/traces" {
			t.Errorf("sent to %s", path)
		}
	default:
		t.Error("nothing was sent")
	}
}
