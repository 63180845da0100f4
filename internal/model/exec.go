package model

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
)

// Exec runs a GraphQL request somewhere.
type Exec func(ctx context.Context, query string, variables map[string]any) (Response, error)

// Response is what came back: Raw is the body, the rest is read from it.
type Response struct {
	Status int
	Data   json.RawMessage
	Errors []Error
	Raw    []byte
}

// Error is one entry of a response's errors.
type Error struct {
	Message    string
	Path       []any
	Extensions struct {
		Code, Field, Reason string
		Limit               json.RawMessage
	}
}

// HTTP posts requests to a handler's /graphql, accepting
// application/graphql-response+json.
func HTTP(h http.Handler) Exec {
	return func(ctx context.Context, query string, variables map[string]any) (Response, error) {
		body := compact(map[string]any{"query": query, "variables": variables})
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader([]byte(body)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/graphql-response+json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		response := Response{Status: w.Code, Raw: w.Body.Bytes()}
		if err := json.Unmarshal(response.Raw, &response); err != nil {
			return response, fmt.Errorf("status %d, not JSON: %q", w.Code, clip(response.Raw))
		}
		return response, nil
	}
}

// Same runs every request on both and fails where their bytes or their status
// differ, the order of several errors aside; it answers as the first.
func Same(a, b Exec) Exec {
	return func(ctx context.Context, query string, variables map[string]any) (Response, error) {
		one, err := a(ctx, query, variables)
		if err != nil {
			return one, err
		}
		two, err := b(ctx, query, variables)
		if err != nil {
			return one, err
		}
		if one.Status != two.Status || !bytes.Equal(one.ordered(), two.ordered()) {
			return one, fmt.Errorf("the answers differ:\n%d %s\n%d %s", one.Status, clip(one.Raw), two.Status, clip(two.Raw))
		}
		return one, nil
	}
}

// ordered is the body with its errors in an order of their own: fields may be
// resolved side by side.
func (r Response) ordered() []byte {
	if len(r.Errors) < 2 {
		return r.Raw
	}
	var body struct {
		Errors           []json.RawMessage
		Data, Extensions json.RawMessage
	}
	_ = json.Unmarshal(r.Raw, &body) // it was read before
	slices.SortFunc(body.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	text, _ := json.Marshal(body) // what was read can be written
	return text
}

// clip keeps a body short enough to be read.
func clip(body []byte) string {
	const most = 2000
	if len(body) > most {
		return string(body[:most]) + "…"
	}
	return string(body)
}
