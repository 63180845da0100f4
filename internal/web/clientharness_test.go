package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// client sends requests by somebody's token, or without one.
type client struct {
	handler            http.Handler
	id, token, refresh string
}

// send sends a request as it is.
func (c *client) send(ctx context.Context, authorization, query string, variables vars) *reply {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	answer := &reply{status: w.Code, header: w.Header(), raw: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
		answer.raw = "not JSON: " + answer.raw
	}
	return answer
}

// request is one by the client; headers are "Name: value".
func (c *client) request(t *testing.T, method, target, body string, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", c.authorization())
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return r
}

func (c *client) authorization() string {
	if c.token == "" {
		return ""
	}
	return "Bearer " + c.token
}

func (c *client) do(t *testing.T, query string, variables vars) *reply {
	t.Helper()
	return c.send(t.Context(), c.authorization(), query, variables)
}

// with is the client, whose requests carry a header more.
func (c *client) with(name string, values ...string) *client {
	other := *c
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header[name] = values
		c.handler.ServeHTTP(w, r)
	})
	return &other
}

// get is the data of a request that has to succeed.
func (c *client) get(t *testing.T, query string, variables vars) string {
	t.Helper()
	answer := c.do(t, query, variables)
	if answer.status != http.StatusOK || len(answer.Errors) > 0 {
		t.Fatalf("%.300s\n%d %.2000s", query, answer.status, answer.raw)
	}
	return string(answer.Data)
}

// make is the id of what a mutation field, which has to succeed, has made.
func (c *client) make(t *testing.T, field string) string {
	t.Helper()
	var data struct{ Made struct{ ID string } }
	read(t, c.get(t, "mutation { made: "+field+" { id } }", nil), &data)
	return data.Made.ID
}

// begin is a client of the log-in that a mutation field begins.
func (c *client) begin(t *testing.T, field string) *client {
	t.Helper()
	var data struct {
		Begun struct {
			Token, RefreshToken string
			User                struct{ ID string }
		}
	}
	read(t, c.get(t, "mutation { begun: "+field+" { token refreshToken user { id } } }", nil), &data)
	return &client{c.handler, data.Begun.User.ID, data.Begun.Token, data.Begun.RefreshToken}
}

func (c *client) logIn(t *testing.T, email, password string) *client {
	t.Helper()
	return c.begin(t, fmt.Sprintf("logIn(input: {email: %q, password: %q})", email, password))
}

func read(t *testing.T, data string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(data), into); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	raw    string
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code, Field, Reason string
			Limit               json.RawMessage
			Version             int
		}
	}
}

// faults are the errors, each as "CODE field REASON limit", or with @version,
// in alphabetical order.
func (r *reply) faults() []string {
	var all []string
	for _, e := range r.Errors {
		x := e.Extensions
		parts := []string{x.Code, x.Field, x.Reason, strings.Trim(string(x.Limit), `"`)}
		if x.Version != 0 {
			parts = append(parts, fmt.Sprintf("@%d", x.Version))
		}
		all = append(all, strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
	}
	slices.Sort(all)
	return all
}

// refuses fails unless the reply has these faults, each with message and path,
// and no data.
func (r *reply) refuses(t *testing.T, want ...string) {
	t.Helper()
	if got := r.faults(); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("got  %q\nwant %q\n%.1000s", got, want, r.raw)
	}
	for _, e := range r.Errors {
		if e.Message == "" || len(e.Path) == 0 {
			t.Errorf("an error without message or path: %s", r.raw)
		}
	}
	if r.Data != nil || r.status != http.StatusOK {
		t.Errorf("status %d, or data beside errors: %.1000s", r.status, r.raw)
	}
}

// answers expects text as the answer's field "it".
func (r *reply) answers(t *testing.T, want string) {
	t.Helper()
	if got, want := string(r.Data), `{"it":`+want+`}`; got != want || len(r.Errors) > 0 {
		t.Errorf("got  %.2000s\nwant %.2000s\n%q", got, want, r.faults())
	}
}

// visit sends a query to the address of a server, and reads nothing.
func (c *client) visit(ctx context.Context, url, query string) error {
	body, _ := json.Marshal(vars{"query": query}) // a text always can
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.token)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	return w.Body.Close()
}
