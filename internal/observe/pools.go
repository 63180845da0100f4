package observe

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Pool is how a pool of connections fares.
type Pool struct {
	Name             string
	Max, InUse, Idle int
	// Waits are the statements that had to wait for a connection, Waited how long
	// they did in all, and Exhausted those that gave up.
	Waits, Exhausted int64
	Waited           time.Duration
}

// Pools adds the pools, which are asked for whenever somebody looks; to be called
// once.
func (m *Metrics) Pools(pools func() []Pool) { m.registry.MustRegister(poolCollector(pools)) }

type poolCollector func() []Pool

// poolMetrics are what is told of each pool.
var poolMetrics = []struct {
	description *prometheus.Desc
	kind        prometheus.ValueType
	state       string // the second label, "" for none
	value       func(p Pool) float64
}{
	{connections, prometheus.GaugeValue, "in_use", func(p Pool) float64 { return float64(p.InUse) }},
	{connections, prometheus.GaugeValue, "idle", func(p Pool) float64 { return float64(p.Idle) }},
	{ofPool("stoa_pool_max_connections", "The most connections open at once, 0 for no bound."), prometheus.GaugeValue, "", func(p Pool) float64 { return float64(p.Max) }},
	{ofPool("stoa_pool_waits_total", "Statements that had to wait for a connection."), prometheus.CounterValue, "", func(p Pool) float64 { return float64(p.Waits) }},
	{ofPool("stoa_pool_wait_seconds_total", "Time that statements have waited for a connection."), prometheus.CounterValue, "", func(p Pool) float64 { return duration(p.Waited) }},
	{ofPool("stoa_pool_exhausted_total", "Statements that had no connection in time."), prometheus.CounterValue, "", func(p Pool) float64 { return float64(p.Exhausted) }},
}

var connections = ofPool("stoa_pool_connections", "Open connections.", "state")

func ofPool(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, append([]string{"pool"}, labels...), nil)
}

// Describe is for prometheus.Collector.
func (poolCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, m := range poolMetrics {
		descriptions <- m.description
	}
}

// Collect is for prometheus.Collector.
func (c poolCollector) Collect(metrics chan<- prometheus.Metric) {
	for _, p := range c() {
		for _, m := range poolMetrics {
			labels := []string{p.Name}
			if m.state != "" {
				labels = append(labels, m.state)
			}
			metrics <- prometheus.MustNewConstMetric(m.description, m.kind, m.value(p), labels...)
		}
	}
}
