package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stoa/graph"
	"stoa/internal/observe"
)

func TestEveryResponseHasARequestID(t *testing.T) {
	seen := map[string]bool{}
	h := identified(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, want := graph.RequestID(r.Context()), w.Header().Get("X-Request-Id"); got != want || got == "" {
			t.Errorf("the request is %q, the response %q", got, want)
		}
	}))
	for _, c := range []struct {
		sent string
		kept bool
	}{
		{"a", true}, {"A-Za_z0.9", true}, {strings.Repeat("x", 64), true},
		{"", false}, {strings.Repeat("x", 65), false}, {"a b", false}, {"a\nb", false}, {"a\n", false}, {"é", false},
		{"a;b", false}, {"<script>", false}, {"a/b", false}, {"a,b", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["X-Request-Id"] = []string{c.sent}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Header().Get("X-Request-Id")
		if (got == c.sent) != c.kept || !acceptableID.MatchString(got) {
			t.Errorf("%q became %q", c.sent, got)
		}
		if seen[got] {
			t.Errorf("%q is given twice", got)
		}
		seen[got] = true
	}
}

func TestAPanicIsAnInternalErrorWithItsStackInTheLog(t *testing.T) {
	var log bytes.Buffer
	h := identified(guarded(slog.New(slog.NewTextHandler(&log, nil)), observe.NewMetrics(""), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("the secret cause")
	})))
	r := httptest.NewRequest("POST", "/graphql", nil)
	r.Header.Set("X-Request-Id", "abc-123")
	r.Header.Set("Accept", graphQLJSON)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 500 {
		t.Errorf("got %d, want 500", w.Code)
	}
	if got, want := w.Body.String(), `{"errors":[{"message":"Something went wrong on our side; request abc-123.","extensions":{"code":"INTERNAL"}}]}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, want := range []string{"the secret cause", "request_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log", want)
		}
	}
}

func TestAPanicOfAResourceIsAProblem(t *testing.T) {
	h := identified(guarded(slog.New(slog.DiscardHandler), observe.NewMetrics(""), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the secret cause") })))
	r := httptest.NewRequest("GET", "/api/x", nil)
	r.Header.Set("X-Request-Id", "abc-123")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	const want = `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"Something went wrong on our side; request abc-123.","instance":"/api/x","requestId":"abc-123","code":"INTERNAL"}`
	if got := w.Body.String(); w.Code != 500 || got != want+"\n" || w.Header().Get("Content-Type") != problemJSON+"; charset=utf-8" {
		t.Errorf("got %d %v %s", w.Code, w.Header(), got)
	}
}

// A probe that panics must not be taken for one that is content.
func TestAPanicBesideGraphQLIsNoSuccess(t *testing.T) {
	h := guarded(slog.New(slog.DiscardHandler), observe.NewMetrics(""), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a fault of ours") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	if w.Code != 500 {
		t.Errorf("got %d, want 500", w.Code)
	}
}

func TestAnAbortedHandlerIsNoFault(t *testing.T) {
	var log bytes.Buffer
	h := guarded(slog.New(slog.NewTextHandler(&log, nil)), observe.NewMetrics(""), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}))
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if cause := recover(); cause != nil && !errors.Is(cause.(error), http.ErrAbortHandler) {
				t.Errorf("got the panic %v", cause)
			}
		}()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	}()
	if w.Body.Len() > 0 || log.Len() > 0 {
		t.Errorf("answered %s, logged %s", w.Body, &log)
	}
}

func TestEveryLineOfTheLogHasTheRequest(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(LogHandler(slog.NewJSONHandler(&out, nil)))
	ctx := graph.WithRequestID(t.Context(), "abc-123")
	log.InfoContext(ctx, "plain")
	log.With("a", 1).InfoContext(ctx, "with attributes")
	log.InfoContext(t.Context(), "no request")
	log.WithGroup("g").InfoContext(ctx, "in a group", "b", 2)
	for _, want := range []string{"plain", "with attributes", "no request", "in a group"} {
		text, err := out.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		var line struct {
			Msg, Request string
			A            int
			G            struct{ Request string }
		}
		if err := json.Unmarshal(text, &line); err != nil || line.Msg != want {
			t.Fatalf("got %s, %v, want %s", text, err, want)
		}
		if has := line.Request+line.G.Request == "abc-123"; has != (want != "no request") {
			t.Errorf("%s: got %s", want, text)
		}
		if want == "with attributes" && line.A != 1 {
			t.Errorf("an attribute is lost: %s", text)
		}
	}
}
