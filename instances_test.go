package main

import (
	"fmt"
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
		wrong := shared(one, two, fmt.Sprintf("192.0.2.%d", client+1))
		if wrong == "" {
			return
		}
		if took := time.Since(start); took < 10*time.Second || client == 9 {
			t.Fatalf("%s, after %s", wrong, took)
		}
	}
}

// shared asks both as the client and tells what was not answered as if they shared its budget.
func shared(one, two *server, client string) (wrong string) {
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
		answer, err := post(http.DefaultClient, c.url, c.query, http.Header{"X-Forwarded-For": {client}})
		if refused := strings.Contains(answer.text, "RATE_LIMITED"); refused != c.refused || err != nil {
			return fmt.Sprint(answer, err)
		}
	}
	return ""
}
