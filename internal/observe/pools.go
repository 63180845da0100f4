package observe

import (
	"slices"
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
	// Away is that the database cannot be reached.
	Away bool
	// Level is how many points dear queries may be at work on at once, 0 for any
	// number, and Shed are those that were refused.
	Level, Shed int64
	// Replica is nil of what is no replica.
	Replica *Replica
}

// Replica is how a replica follows the primary.
type Replica struct {
	Read bool // queries are read from it
	Lag  time.Duration
}

// Pools adds the pools, which are asked for whenever somebody looks; to be called
// once.
func (m *Metrics) Pools(pools func() []Pool) { m.registry.MustRegister(poolCollector(pools)) }

type poolCollector func() []Pool

// poolMetric is something that is told of a pool.
type poolMetric struct {
	description *prometheus.Desc
	kind        prometheus.ValueType
	state       string // the second label, "" for none
	value       func(p Pool) float64
}

// poolMetrics are what is told of each pool, replicaMetrics what is told of a
// replica too.
var poolMetrics = []poolMetric{
	{connections, prometheus.GaugeValue, "in_use", func(p Pool) float64 { return float64(p.InUse) }},
	{connections, prometheus.GaugeValue, "idle", func(p Pool) float64 { return float64(p.Idle) }},
	{ofPool("stoa_pool_max_connections", "The most connections open at once, 0 for no bound."), prometheus.GaugeValue, "", func(p Pool) float64 { return float64(p.Max) }},
	{ofPool("stoa_pool_waits_total", "Statements that had to wait for a connection."), prometheus.CounterValue, "", func(p Pool) float64 { return float64(p.Waits) }},
	{ofPool("stoa_pool_wait_seconds_total", "Time that statements have waited for a connection."), prometheus.CounterValue, "", func(p Pool) float64 { return p.Waited.Seconds() }},
	{ofPool("stoa_pool_exhausted_total", "Statements that had no connection in time."), prometheus.CounterValue, "", func(p Pool) float64 { return float64(p.Exhausted) }},
	{ofPool("stoa_breaker_open", "1 while the database is away, else 0."), prometheus.GaugeValue, "", func(p Pool) float64 { return one(p.Away) }},
	{ofPool("stoa_shed_level", "Points that dear queries may be at work on at once, 0 for no bound."), prometheus.GaugeValue, "", func(p Pool) float64 { return float64(p.Level) }},
	{ofPool("stoa_shed_total", "Dear queries refused because the pool was crowded."), prometheus.CounterValue, "", func(p Pool) float64 { return float64(p.Shed) }},
}

var replicaMetrics = []poolMetric{
	{ofPool("stoa_replica_read", "1 while queries are read from the replica, else 0."), prometheus.GaugeValue, "", func(p Pool) float64 { return one(p.Replica.Read) }},
	{ofPool("stoa_replica_lag_seconds", "How far the replica is behind the primary."), prometheus.GaugeValue, "", func(p Pool) float64 { return p.Replica.Lag.Seconds() }},
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

var connections = ofPool("stoa_pool_connections", "Open connections.", "state")

func ofPool(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, append([]string{"pool"}, labels...), nil)
}

// Describe is for prometheus.Collector.
func (poolCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, m := range slices.Concat(poolMetrics, replicaMetrics) {
		descriptions <- m.description
	}
}

// Collect is for prometheus.Collector.
func (c poolCollector) Collect(metrics chan<- prometheus.Metric) {
	for _, p := range c() {
		told := poolMetrics
		if p.Replica != nil {
			told = slices.Concat(poolMetrics, replicaMetrics)
		}
		for _, m := range told {
			labels := []string{p.Name}
			if m.state != "" {
				labels = append(labels, m.state)
			}
			metrics <- prometheus.MustNewConstMetric(m.description, m.kind, m.value(p), labels...)
		}
	}
}
