package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"stoa/internal/sqldb"
)

// alive answers whoever asks whether the process runs.
func alive(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, health{Status: "alive"})
}

// health is what a check found; Failing names the check that failed.
type health struct {
	Status  string `json:"status"`
	Failing string `json:"failing,omitempty"`
}

// readiness answers whether requests should be sent here.
type readiness struct {
	db       *sqldb.DB
	stopping <-chan struct{}
}

func (c *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if failing := c.failing(r.Context()); failing != "" {
		writeHealth(w, http.StatusServiceUnavailable, health{"not ready", failing})
		return
	}
	writeHealth(w, http.StatusOK, health{Status: "ready"})
}

// failing is the name of the first check that fails, "" if none does.
func (c *readiness) failing(ctx context.Context) string {
	select {
	case <-c.stopping:
		return "stopping"
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if c.db.Ping(ctx) != nil {
		return "database"
	}
	if current, err := c.db.UpToDate(ctx); err != nil || !current {
		return "migrations"
	}
	return ""
}

func writeHealth(w http.ResponseWriter, status int, h health) {
	w.Header().Set("Content-Type", plainJSON)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(h)
}
