package observe

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Request is what was seen of one request.
type Request struct {
	// Operation is the operation's name, "" where it has none, and Type query,
	// mutation or subscription; "" of a request that was refused before that was
	// known.
	Operation, Type string
	// Cost is in points; Keys are those of the batches; Database is how long the
	// statements took in all.
	Cost, Statements, Batches, Keys int
	Took, Database                  time.Duration
	// Failed is whether the answer has errors.
	Failed bool
}

// The bounds of names that clients give: of further ones, and of longer ones,
// all are counted together.
const (
	maxOperations = 100
	maxName       = 64
)

// What stands for the name of operations without one, and of those beyond the
// bounds: no operation can have such a name.
const (
	unnamed = "(none)"
	others  = "(others)"
)

type operation struct{ name, kind string }

// curried are the metrics of one operation.
type curried struct {
	seconds    prometheus.Observer
	ok, failed prometheus.Counter
}

// Request counts a request. It allocates nothing once the operation is known.
func (m *Metrics) Request(r Request) {
	of := m.of(operation{Name(r.Operation), r.Type})
	if r.Failed {
		of.failed.Inc()
	} else {
		of.ok.Inc()
	}
	of.seconds.Observe(r.Took.Seconds())
	m.cost.Observe(float64(r.Cost))
	m.statements.Observe(float64(r.Statements))
	m.database.Observe(r.Database.Seconds())
	m.batches.Add(float64(r.Batches))
	m.keys.Add(float64(r.Keys))
}

// Name is an operation's name as it is shown.
func Name(name string) string {
	switch {
	case name == "":
		return unnamed
	case len(name) > maxName:
		return others
	}
	return name
}

// of returns the metrics of the operation.
func (m *Metrics) of(o operation) *curried {
	m.mu.RLock()
	known := m.operations[o]
	m.mu.RUnlock()
	if known != nil {
		return known
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.operations) >= maxOperations {
		o.name = others
	}
	if m.operations[o] == nil {
		m.operations[o] = &curried{
			seconds: m.seconds.WithLabelValues(o.name, o.kind),
			ok:      m.requests.WithLabelValues(o.name, o.kind, "ok"),
			failed:  m.requests.WithLabelValues(o.name, o.kind, "error"),
		}
	}
	return m.operations[o]
}
