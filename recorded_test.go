package main

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"regexp"
	"testing"
)

var writeExamples = flag.Bool("write-examples", false, "write what TestRequests gets as OpenAPI's examples")

const examplesFile = "internal/openapi/examples.json"

// recorded are the examples of OpenAPI: of each operation the first request that succeeds with its
// answer, and of each status the first refusal.
type recorded struct {
	Operations map[string]recordedCall    `json:"operations"`
	Problems   map[string]json.RawMessage `json:"problems"`
}

type recordedCall struct {
	ID       string          `json:"id,omitempty"` // in the path
	Body     json.RawMessage `json:"body,omitempty"`
	Response json.RawMessage `json:"response,omitempty"`
}

// varying is what is another each time or each day, and what stands for it.
var varying = []struct {
	pattern *regexp.Regexp
	as      string
}{
	{regexp.MustCompile(`"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"`), `"2026-01-15T14:30:00.000000Z"`},
	{regexp.MustCompile(`"token":"[^"]+"`), `"token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"`},
	{regexp.MustCompile(`"refreshToken":( ?)"[^"]+"`), `"refreshToken":$1"KX7Q2M5ZB4TN6WJH3FDYR8CVPL"`},
	{regexp.MustCompile(`"(startCursor|endCursor)":"[^"]+"`), `"$1":"AQRMdXRlAAAAAAAAAD3kYw"`},
	{regexp.MustCompile(`"requestId":"[^"]+"`), `"requestId":"7GQ2ZK4MXA5TB3WN"`},
}

func lasting(text string) json.RawMessage {
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.as)
	}
	return json.RawMessage(text)
}

// record notes the answer of the operation.
func (r *recorded) record(o describedOperation, a httpAnswer) {
	name, _ := o.object["operationId"].(string)
	if _, known := r.Operations[name]; !known && a.StatusCode < 300 {
		call := recordedCall{Body: lasting(a.sent), Response: lasting(a.body)}
		if parts := o.path.FindStringSubmatch(a.request.URL.Path); len(parts) > 1 {
			call.ID = parts[1]
		}
		r.Operations[name] = call
	}
	status := a.Status[:3]
	if _, known := r.Problems[status]; !known && a.StatusCode >= 400 {
		r.Problems[status] = lasting(a.body)
	}
}

// compare compares with the examples, or writes them. What has happened lately depends on the
// day.
func (r *recorded) compare(t *testing.T) {
	t.Helper()
	if *writeExamples {
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(examplesFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	var kept recorded
	read(t, examplesFile, json.Unmarshal, &kept)
	delete(kept.Operations, "listTrendingPosts")
	delete(kept.Operations, "getPostActivity")
	for name, want := range kept.Operations {
		if got := r.Operations[name]; !equalJSON(t, got, want) {
			t.Errorf("%s is no example any more: got %+v, want %+v; write them anew by go test -run TestRequests . -write-examples", name, got, want)
		}
	}
}

func equalJSON(t *testing.T, a, b any) bool {
	t.Helper()
	return reflect.DeepEqual(plain(t, a), plain(t, b))
}

// plain is the value without its JSON's spaces.
func plain(t *testing.T, v any) (out any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
