// Package observe is how one sees what Stoa does: numbers of all requests, for
// Prometheus, and the traces of single ones, by OpenTelemetry. It is told names,
// numbers and SQL with ? in the place of values, and nothing else: no variables,
// no secrets.
package observe

import (
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"stoa/internal/fault"
)

// Metrics are the numbers of all requests. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	errors   *prometheus.CounterVec
	logins   *prometheus.CounterVec

	cost, statements, database         prometheus.Histogram
	batches, keys, exceeded, overspent prometheus.Counter

	mu         sync.RWMutex
	operations map[operation]*curried
}

// latencies are the bounds of the histograms, in seconds: from a small page to what
// a request may take.
var latencies = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// NewMetrics returns metrics that are all 0.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), operations: map[operation]*curried{}}
	m.requests = kept(m, prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "stoa_requests_total", Help: "Requests to /graphql.",
	}, []string{"operation", "type", "outcome"}))
	m.seconds = kept(m, prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "stoa_request_seconds", Help: "Time from the beginning of a request to its answer.", Buckets: latencies,
	}, []string{"operation", "type"}))
	m.errors = kept(m, prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "stoa_errors_total", Help: "Errors in answers.",
	}, []string{"code"}))
	m.logins = kept(m, prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "stoa_logins_total", Help: "Tries to log in, to sign up or to refresh a token.",
	}, []string{"kind", "outcome"}))
	m.cost = m.histogram("stoa_request_cost", "Points that a request costs.", prometheus.ExponentialBuckets(1, 4, 8))
	m.statements = m.histogram("stoa_sql_statements", "SQL statements of a request.", []float64{0, 1, 2, 4, 8, 16, 32, 64})
	m.database = m.histogram("stoa_sql_seconds", "Time that a request's SQL statements take in all.", latencies)
	m.batches = m.counter("stoa_loader_batches_total", "Reads of many rows' relations at once.")
	m.keys = m.counter("stoa_loader_keys_total", "Keys for which relations were read.")
	m.exceeded = m.counter("stoa_planned_exceeded_total", "Requests that sent more SQL statements than planned.")
	m.overspent = m.counter("stoa_budget_refusals_total", "Requests refused for want of points.")
	kept(m, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "stoa_build_info", Help: "1.", ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 }))
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.begin()
	return m
}

// begin has those counted from 0 on whose first must not be missed.
func (m *Metrics) begin() {
	for _, code := range []fault.Code{fault.Internal, fault.Timeout, fault.Unavailable, fault.RateLimited} {
		m.errors.WithLabelValues(string(code))
	}
	for _, kind := range []string{LogIn, SignUp, Refresh} {
		m.logins.WithLabelValues(kind, succeeded)
		m.logins.WithLabelValues(kind, string(fault.Unauthenticated))
		m.logins.WithLabelValues(kind, string(fault.RateLimited))
	}
}

// kept registers a collector. That its name is well-formed and new is known at
// the start, where it is written.
func kept[C prometheus.Collector](m *Metrics, c C) C {
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) counter(name, help string) prometheus.Counter {
	return kept(m, prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help}))
}

func (m *Metrics) histogram(name, help string, buckets []float64) prometheus.Histogram {
	return kept(m, prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}))
}

// Gauge adds a number that is asked for whenever somebody looks; to be called
// at the start, once for a name.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	kept(m, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Counter is Gauge for a number that only grows.
func (m *Metrics) Counter(name, help string, value func() float64) {
	kept(m, prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
}

// Handler answers in Prometheus' format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}

// The kinds of log-in.
const (
	LogIn   = "log_in"
	SignUp  = "sign_up"
	Refresh = "refresh"
)

const succeeded = "OK"

// LogIn counts a try to log in, and what became of it. Nil metrics do not.
func (m *Metrics) LogIn(kind string, err *error) {
	if m == nil {
		return
	}
	outcome := succeeded
	if *err != nil {
		outcome = string(fault.Of(*err)[0].Code)
	}
	m.logins.WithLabelValues(kind, outcome).Inc()
}

// Exceeded counts a request that sent more SQL statements than planned. Nil
// metrics do not.
func (m *Metrics) Exceeded() {
	if m != nil {
		m.exceeded.Inc()
	}
}

// Overspent counts a request refused for want of points.
func (m *Metrics) Overspent() { m.overspent.Inc() }

// Fault counts an error.
func (m *Metrics) Fault(code fault.Code) { m.errors.WithLabelValues(string(code)).Inc() }
