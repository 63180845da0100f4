package web

import "stoa/internal/observe"

// gauges adds what is open, and who is known, to the metrics.
func (g *graphQL) gauges(m *observe.Metrics) {
	m.Gauge("stoa_sockets", "Open WebSockets.", func() float64 { return float64(g.sockets.count()) })
	m.Gauge("stoa_streams", "Open streams of server-sent events.", func() float64 { return float64(g.streams.Load()) })
	m.Gauge("stoa_subscriptions", "Open subscriptions, on sockets and streams.", func() float64 { return float64(g.api.Subscriptions()) })
	m.Gauge("stoa_budget_clients", "Clients whose budget is remembered.", func() float64 {
		if g.budget == nil {
			return 0
		}
		return float64(g.budget.Clients())
	})
}
