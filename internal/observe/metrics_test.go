package observe

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"stoa/internal/fault"
)

// shown are the lines of /metrics.
func shown(t *testing.T, m *Metrics) []string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return strings.Split(w.Body.String(), "\n")
}

func (m *Metrics) check(t *testing.T, want ...string) {
	t.Helper()
	all := shown(t, m)
	for _, line := range want {
		found := false
		for _, l := range all {
			found = found || l == line
		}
		if !found {
			t.Errorf("%s is missing from\n%s", line, strings.Join(all, "\n"))
		}
	}
}

func TestRequestsAreCounted(t *testing.T) {
	m := NewMetrics("1.2.3")
	m.Request(Request{Operation: "Shelf", Type: "query", Cost: 21, Statements: 3, Batches: 2, Keys: 12, Took: 30 * time.Millisecond, Database: 2 * time.Millisecond})
	m.Request(Request{Operation: "Shelf", Type: "query", Cost: 21, Statements: 4, Batches: 2, Took: time.Minute, Failed: true})
	m.Request(Request{Failed: true})
	m.Fault(fault.Internal)
	m.Overspent()
	m.Exceeded()
	(*Metrics)(nil).Exceeded()
	wrong := fault.New(fault.Unauthenticated, "No.")
	for _, err := range []error{nil, wrong, fault.List{wrong}, errors.New("away")} {
		m.LogIn(LogIn, &err)
	}
	(*Metrics)(nil).LogIn(LogIn, nil)
	m.check(t,
		`stoa_requests_total{operation="Shelf",outcome="ok",type="query"} 1`,
		`stoa_requests_total{operation="Shelf",outcome="error",type="query"} 1`,
		`stoa_requests_total{operation="(none)",outcome="error",type=""} 1`,
		`stoa_request_seconds_bucket{operation="Shelf",type="query",le="0.025"} 0`,
		`stoa_request_seconds_bucket{operation="Shelf",type="query",le="0.05"} 1`,
		`stoa_request_seconds_count{operation="Shelf",type="query"} 2`,
		`stoa_request_cost_sum 42`, `stoa_sql_statements_sum 7`, `stoa_sql_seconds_sum 0.002`,
		`stoa_loader_batches_total 4`, `stoa_loader_keys_total 12`, `stoa_planned_exceeded_total 1`, `stoa_budget_refusals_total 1`,
		`stoa_errors_total{code="INTERNAL"} 1`, `stoa_errors_total{code="UNAVAILABLE"} 0`,
		`stoa_logins_total{kind="log_in",outcome="OK"} 1`, `stoa_logins_total{kind="log_in",outcome="UNAUTHENTICATED"} 2`,
		`stoa_logins_total{kind="log_in",outcome="INTERNAL"} 1`, `stoa_logins_total{kind="refresh",outcome="OK"} 0`,
		`stoa_build_info{version="1.2.3"} 1`)
}

// However many names clients make up, and however long, there are only so many
// series.
func TestNamesAreBounded(t *testing.T) {
	m := NewMetrics("")
	for i := range 3 * maxOperations {
		m.Request(Request{Operation: fmt.Sprintf("Made%dUp", i), Type: "query"})
	}
	m.Request(Request{Operation: strings.Repeat("x", maxName+1), Type: "mutation"})
	series := 0
	for _, line := range shown(t, m) {
		if strings.HasPrefix(line, "stoa_request_seconds_count") {
			series++
		}
	}
	if series > maxOperations+2 {
		t.Errorf("%d series", series)
	}
	m.check(t, `stoa_requests_total{operation="Made0Up",outcome="ok",type="query"} 1`,
		fmt.Sprintf(`stoa_requests_total{operation="(others)",outcome="ok",type="query"} %d`, 2*maxOperations),
		`stoa_requests_total{operation="(others)",outcome="ok",type="mutation"} 1`)
}

func TestAKnownRequestIsCountedWithoutAllocations(t *testing.T) {
	m := NewMetrics("")
	r := Request{Operation: "Shelf", Type: "query", Cost: 21, Statements: 3, Took: time.Millisecond}
	if n := testing.AllocsPerRun(100, func() { m.Request(r) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPoolsAndOtherNumbers(t *testing.T) {
	m := NewMetrics("")
	m.Pools(func() []Pool {
		return []Pool{{Name: "read", Max: 9, InUse: 3, Idle: 2, Waits: 5, Exhausted: 1, Waited: 1500 * time.Millisecond, Level: 900, Shed: 8},
			{Name: "write", Away: true}, {Name: "copy", Replica: &Replica{Read: true, Lag: 2500 * time.Millisecond}}}
	})
	sockets := 0.
	m.Gauge("stoa_sockets", "Open sockets.", func() float64 { return sockets })
	m.Counter("stoa_events_total", "Events.", func() float64 { return 7 })
	sockets = 4
	m.check(t, `stoa_pool_connections{pool="read",state="in_use"} 3`, `stoa_pool_connections{pool="read",state="idle"} 2`,
		`stoa_pool_connections{pool="write",state="idle"} 0`, `stoa_pool_max_connections{pool="read"} 9`,
		`stoa_pool_waits_total{pool="read"} 5`, `stoa_pool_wait_seconds_total{pool="read"} 1.5`, `stoa_pool_exhausted_total{pool="read"} 1`,
		`stoa_shed_level{pool="read"} 900`, `stoa_shed_total{pool="read"} 8`, `stoa_breaker_open{pool="read"} 0`, `stoa_breaker_open{pool="write"} 1`,
		`stoa_replica_read{pool="copy"} 1`, `stoa_replica_lag_seconds{pool="copy"} 2.5`,
		`# TYPE stoa_sockets gauge`, `stoa_sockets 4`, `# TYPE stoa_events_total counter`, `stoa_events_total 7`)
}
