package web

import (
	"net/http"
	"net/http/pprof"
)

// Operators returns the handler of what is for those who run Stoa, profiling
// included: but not the command line, which may have secrets in it.
func Operators(o Options) http.Handler {
	mux := http.NewServeMux()
	o.operators(mux)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return secured(packed(mux))
}

// operators serves how Stoa is, and what it does.
func (o *Options) operators(mux *http.ServeMux) {
	mux.Handle("/healthz", readOnly(http.HandlerFunc(alive)))
	mux.Handle("/readyz", readOnly(&readiness{o.DB, o.Stopping}))
	mux.Handle("/metrics", readOnly(o.Metrics.Handler()))
}
