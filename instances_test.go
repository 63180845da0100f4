package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
)

// TestInstancesShare a client's budget and tries to log in, if they are told to. Both refill within
// a minute: on a machine on which the requests take a good part of it, another client tries again.
func TestInstancesShare(t *testing.T) {
	database := dbtest.URL(t, dbtest.Postgres)
	instance := func() *server {
		return serve(t, "DATABASE_URL="+database, "JWT_SECRET="+strings.Repeat("secret", 6), "TRUSTED_PROXIES=127.0.0.0/8,::1/128",
			"RATE_LIMIT_STORE=database", "RATE_LIMIT=60", "AUTH_RATE_LIMIT=4")
	}
	one, two := instance(), instance()
	for client := range 10 {
		start := time.Now()
		wrong := shared(t, one, two, fmt.Sprintf("192.0.2.%d", client+1))
		if wrong == "" {
			return
		}
		if took := time.Since(start); took < 10*time.Second || client == 9 {
			t.Fatalf("%s, after %s", wrong, took)
		}
	}
}

// shared asks both as the client and tells what was not answered as if they shared its budget.
func shared(t *testing.T, one, two *server, client string) (wrong string) {
	logIn := `logIn(input: {email: "` + client + `@example.com", password: "x"}) { token }` // 10 points
	logIns := fmt.Sprintf("mutation { a: %s b: %[1]s c: %[1]s }", logIn)
	for _, c := range []struct {
		*server
		query   string
		refused bool
	}{
		{one, logIns, false},
		{two, logIns, true},
		{one, "{ products(first: 29) { nodes { id } } }", true},
	} {
		body, _ := json.Marshal(map[string]string{"query": c.query})
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/graphql", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Forwarded-For", client)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		if refused := bytes.Contains(answer, []byte("RATE_LIMITED")); refused != c.refused || err != nil {
			return fmt.Sprintf("%s: %s %v", response.Status, answer, err)
		}
	}
	return ""
}
