package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"stoa/internal/observe"
)

// collected is a collector of traces, and what it was sent.
type collected struct {
	mu       sync.Mutex
	requests []*collector.ExportTraceServiceRequest
	paths    []string
	wrong    error
}

func (c *collected) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		var plain *gzip.Reader
		if plain, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
			body, err = io.ReadAll(plain)
		}
	}
	request := new(collector.ExportTraceServiceRequest)
	if err == nil {
		err = proto.Unmarshal(body, request)
	}
	if err != nil || r.Header.Get("Content-Type") != "application/x-protobuf" {
		c.wrong = fmt.Errorf("%s: %w", r.Header.Get("Content-Type"), err)
	}
	c.requests, c.paths = append(c.requests, request), append(c.paths, r.URL.Path)
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// spans are all that were sent, those of a request last.
func (c *collected) spans(t *testing.T) (all []*spans.Span) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wrong != nil {
		t.Fatal(c.wrong)
	}
	for _, path := range c.paths {
		if path != "/v1/traces" {
			t.Errorf("sent to %s", path)
		}
	}
	for _, request := range c.requests {
		for _, of := range request.ResourceSpans {
			if name := attributesOf(of.Resource.Attributes)["service.name"]; name != "shop" {
				t.Errorf("of the service %s", name)
			}
			for _, scope := range of.ScopeSpans {
				all = append(all, scope.Spans...)
			}
		}
	}
	return all
}

func traced(t *testing.T) (*shop, *collected, *observe.Tracer) {
	t.Helper()
	c := new(collected)
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	t.Setenv("OTEL_SERVICE_NAME", "shop")
	tracer, err := observe.NewTracer(t.Context(), server.URL, slog.New(slog.DiscardHandler))
	if err != nil || tracer == nil {
		t.Fatal(tracer, err)
	}
	return newShop(t, func(o *Options) { o.Tracer = tracer }), c, tracer
}

func TestTraces(t *testing.T) {
	s, c, tracer := traced(t)
	const above = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	body := `{"query":"query Shelves($f: CategoryFilter) { categories(filter: $f) { totalCount } }","variables":{"f":{"search":"hidden"}}}`
	w := s.do(call{"POST", "/graphql", http.Header{"Content-Type": {plainJSON}, "Traceparent": {above}, "X-Request-Id": {"abc-123"}}, strings.NewReader(body)})
	if w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	if err := tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{} // of spans, by their ids
	all := c.spans(t)
	for _, span := range all {
		names[fmt.Sprintf("%x", span.SpanId)] = span.Name
		if got := fmt.Sprintf("%x", span.TraceId); got != above[3:35] {
			t.Errorf("%s is of the trace %s", span.Name, got)
		}
		if strings.Contains(span.String(), "hidden") || span.EndTimeUnixNano < span.StartTimeUnixNano {
			t.Errorf("got %s", span)
		}
	}
	parents := map[string]int{}
	for _, span := range all {
		parents[span.Name+" < "+names[fmt.Sprintf("%x", span.ParentSpanId)]]++
		switch attributes := attributesOf(span.Attributes); span.Name {
		case "query Shelves":
			if got := fmt.Sprintf("%x", span.ParentSpanId); got != above[36:52] || span.Kind != spans.Span_SPAN_KIND_SERVER ||
				attributes["stoa.cost"] != "11" || attributes["stoa.statements"] != "2" || attributes["stoa.request"] != "abc-123" {
				t.Errorf("got %s", span)
			}
		case "statement":
			if text := attributes["db.query.text"]; !strings.Contains(text, "SELECT ") || !strings.Contains(text, "?") {
				t.Errorf("the statement %q", text)
			}
		}
	}
	if got, want := fmt.Sprint(parents), "map[batch < query Shelves:1 query Shelves < :1 statement < batch:1 statement < query Shelves:1]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A trace that another has decided not to keep is not sent; nor is any where
// none is wanted.
func TestUntraced(t *testing.T) {
	s, c, tracer := traced(t)
	s.do(call{"POST", "/graphql", http.Header{"Content-Type": {plainJSON}, "Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}}, strings.NewReader(ask("{ categories { totalCount } }"))})
	if err := tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all := c.spans(t); len(all) > 0 {
		t.Errorf("got %s", all)
	}
	for _, variable := range []string{"OTEL_SDK_DISABLED=true", "OTEL_TRACES_EXPORTER=none", ""} {
		endpoint := "http://127.0.0.1:1"
		if name, value, given := strings.Cut(variable, "="); given {
			t.Setenv(name, value)
		} else {
			endpoint = ""
		}
		tracer, err := observe.NewTracer(t.Context(), endpoint, slog.New(slog.DiscardHandler))
		if tracer != nil || err != nil {
			t.Errorf("%q: %v, %v", variable, tracer, err)
		}
	}
}

func attributesOf(list []*common.KeyValue) map[string]string {
	attributes := map[string]string{}
	for _, a := range list {
		attributes[a.Key] = a.Value.GetStringValue()
		if n := a.Value.GetIntValue(); n != 0 {
			attributes[a.Key] = fmt.Sprint(n)
		}
	}
	return attributes
}
