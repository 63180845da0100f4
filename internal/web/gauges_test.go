package web_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/limit"
	"stoa/internal/observe"
	"stoa/internal/web"
)

// The metrics tell what is open, and how many clients are known.
func TestWhatIsOpenIsShown(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	metrics := observe.NewMetrics("")
	at := s.served(t, s.site(t, func(o *web.Options) {
		o.Metrics, o.Budget = metrics, limit.NewBuckets(1000, time.Now)
	}))
	shows := func(sockets, streams, subscriptions, clients int) bool {
		w := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		return strings.Contains(w.Body.String(), fmt.Sprintf("\nstoa_sockets %d\n", sockets)) &&
			strings.Contains(w.Body.String(), fmt.Sprintf("\nstoa_streams %d\n", streams)) &&
			strings.Contains(w.Body.String(), fmt.Sprintf("\nstoa_subscriptions %d\n", subscriptions)) &&
			strings.Contains(w.Body.String(), fmt.Sprintf("\nstoa_budget_clients %d\n", clients))
	}
	await(t, func() bool { return shows(0, 0, 0, 0) })
	const query = "subscription { postChanged { id } }"
	p := plugIn(t, at, s.ann.token)
	p.subscribe("1", query)
	p.subscribe("2", query)
	opened(t, at, query, nil)
	await(t, func() bool { return shows(1, 1, 3, 0) })
	p.begins("3", "{ rateLimit { remaining } }")
	await(t, func() bool { return shows(1, 1, 3, 1) })
	p.conn.Close()
	await(t, func() bool { return shows(0, 1, 1, 1) })
}
