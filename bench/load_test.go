package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

func TestDrive(t *testing.T) {
	var mutex sync.Mutex
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		asked[r.URL.Path]++
		switch r.URL.Path {
		case "/status":
			w.WriteHeader(http.StatusTeapot)
		case "/errors":
			_, _ = w.Write([]byte(`{"errors": [], "data": null}`))
		default:
			_, _ = w.Write([]byte(`{"data": {}}`))
		}
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")

	l, err := drive(address, [][]byte{get("/a"), get("/b"), get("/c"), get("/d")}, 4, 0)
	if err != nil {
		t.Fatal(err)
	}
	if l.requests != 4 || l.p50 <= 0 || len(asked) < 2 {
		t.Errorf("%+v of %v: each connection asks once, and they begin with different requests", l, asked)
	}
	for _, path := range []string{"/status", "/errors"} {
		if _, err := drive(address, [][]byte{get(path)}, 2, 0); err == nil {
			t.Errorf("%s is taken for an answer", path)
		}
	}
}
