package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"stoa/internal/limit"
	"stoa/internal/observe"
)

// metrics are the lines of /metrics that begin so.
func (s *shop) metrics(h http.Handler, prefix string) (lines []string) {
	s.t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != http.StatusOK {
		s.t.Fatalf("/metrics: %d %s", w.Code, w.Body)
	}
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, prefix) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestMetricsTellOfRequests(t *testing.T) {
	s := newShop(t, func(o *Options) {
		o.Metrics = observe.NewMetrics("test")
		o.Metrics.Pools(o.DB.Pools)
		o.Budget, o.Origins = limit.NewBuckets(60, time.Now), []string{"*"}
	})
	for _, query := range []string{
		"query Shelves { categories { totalCount nodes { name } } }", // 21 points
		"query Shelves { categories { totalCount nodes { name } } }",
		"query Broken { categories(first: -1) { nodes { id } } }", // 1
		"mutation { deleteProduct(id: 7) }",                       // 10
		"{ unknown }",
		"query Dear { a: categories(first: 50) { nodes { id } } }", // 51, and so many are not left
	} {
		s.post(graphQLJSON, ask(query))
	}
	s.do(call{"PUT", "/graphql", nil, nil})
	s.do(call{"OPTIONS", "/graphql", http.Header{"Origin": {"http://a"}, "Access-Control-Request-Method": {"POST"}}, nil})
	for _, want := range []string{
		`stoa_requests_total{operation="Shelves",outcome="ok",type="query"} 2`,
		`stoa_requests_total{operation="Broken",outcome="error",type="query"} 1`,
		`stoa_requests_total{operation="(none)",outcome="error",type="mutation"} 1`,
		`stoa_requests_total{operation="(none)",outcome="error",type=""} 2`,
		`stoa_request_seconds_count{operation="Shelves",type="query"} 2`,
		`stoa_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1`, `stoa_errors_total{code="METHOD_NOT_ALLOWED"} 1`,
		`stoa_errors_total{code="UNAUTHENTICATED"} 1`, `stoa_errors_total{code="BAD_USER_INPUT"} 1`,
		`stoa_errors_total{code="RATE_LIMITED"} 1`, `stoa_errors_total{code="INTERNAL"} 0`,
		`stoa_budget_refusals_total 1`, `stoa_planned_exceeded_total 0`,
		`stoa_request_cost_sum 104`, `stoa_sql_statements_sum 4`, `stoa_sql_statements_count 7`,
		`stoa_pool_connections{pool="write",state="in_use"} 0`,
	} {
		if name, _, _ := strings.Cut(want, " "); !strings.Contains(strings.Join(s.metrics(s, name), "\n"), want) {
			t.Errorf("got %q, want %s", s.metrics(s, name), want)
		}
	}
}

func TestMetricsCountBatches(t *testing.T) {
	s := newShop(t, func(o *Options) { o.Metrics = observe.NewMetrics("") })
	s.post(graphQLJSON, ask(`{ categories { nodes { products { nodes { category { name } } } posts { totalCount } } } }`))
	if got := s.metrics(s, "stoa_loader_batches_total"); len(got) != 1 || got[0] != "stoa_loader_batches_total 0" {
		t.Errorf("over no rows: %q", got)
	}
	s.post(graphQLJSON, ask(`{ categories { totalCount } }`))
	if got := s.metrics(s, "stoa_loader_batches_total"); len(got) != 1 || got[0] != "stoa_loader_batches_total 1" {
		t.Errorf("of one count: %q", got)
	}
}

// With an address of their own, operators find there what clients find no more.
func TestOperatorsApart(t *testing.T) {
	var operators http.Handler
	s := newShop(t, func(o *Options) {
		o.Apart, o.Metrics, o.Stopping = true, observe.NewMetrics(""), make(chan struct{})
		operators = Operators(*o)
	})
	if w := s.post(graphQLJSON, ask("query Seen { viewer { id } }")); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/symbol"} {
		if w := s.do(call{"GET", path, nil, nil}); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d among clients", path, w.Code)
		}
		w := httptest.NewRecorder()
		operators.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/debug/pprof/cmdline", "/", "/graphql"} {
		w := httptest.NewRecorder()
		operators.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code == http.StatusOK && path != "/debug/pprof/cmdline" || path == "/debug/pprof/cmdline" && w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if got := s.metrics(operators, `stoa_requests_total{operation="Seen"`); len(got) == 0 {
		t.Error("nothing is told of clients")
	}
}

// The log of a slow request tells what it was by its document's hash, and
// neither the document nor a variable.
func TestSlowRequestsAreTold(t *testing.T) {
	const document = `query Slow($filter: CategoryFilter) { categories(filter: $filter) { totalCount nodes { name description } } }`
	for _, slow := range []time.Duration{1, time.Hour} {
		var log bytes.Buffer
		s := newShop(t, func(o *Options) {
			o.SlowQuery = slow
			o.Log = slog.New(LogHandler(slog.NewJSONHandler(&log, nil)))
		})
		body, _ := json.Marshal(map[string]any{"query": document, "variables": map[string]any{"filter": map[string]any{"search": "hidden"}}})
		s.post(graphQLJSON, string(body))
		if slow == time.Hour {
			if log.Len() > 0 {
				t.Errorf("told of a fast request: %s", log.String())
			}
			continue
		}
		var line struct {
			Level, Msg, Type, Operation, Document, Request string
			Cost, Statements                               int
			Ms, DatabaseMs                                 *int
		}
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, log.String())
		}
		if line.Level != "WARN" || line.Msg != "slow request" || line.Type != "query" || line.Operation != "Slow" || line.Request != "abc-123" ||
			line.Document != fmt.Sprintf("%x", sha256.Sum256([]byte(document))) || line.Cost != 21 || line.Statements != 2 || line.Ms == nil || line.DatabaseMs == nil {
			t.Errorf("got %s", log.String())
		}
		if strings.Contains(log.String(), "hidden") || strings.Contains(log.String(), "description") {
			t.Errorf("too much is told: %s", log.String())
		}
	}
}
