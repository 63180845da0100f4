// Package web is how Stoa is served: GraphQL over HTTP, the page to try it on,
// and whether all is well. It alone chooses a status.
package web

import (
	"log/slog"
	"net/http"
	"time"

	"stoa/graph"
	"stoa/internal/auth"
	"stoa/internal/limit"
	"stoa/internal/sqldb"
)

// Options tell what is served, and how.
type Options struct {
	DB   *sqldb.DB
	Auth *auth.Service
	Log  *slog.Logger
	// GraphiQL serves a page at /; Introspection lets clients ask about the schema.
	GraphiQL, Introspection bool
	// DebugHeaders obeys Stoa-Debug.
	DebugHeaders bool
	// RequestTimeout is how long a request may take, 0 for no limit; one that
	// takes longer than SlowQuery is logged.
	RequestTimeout, SlowQuery time.Duration
	// Plain has gqlgen's executor answer, with which tests compare our own.
	Plain bool
	// MaxCost and MaxDepth bound an operation, 0 for no bound.
	MaxCost, MaxDepth int
	// Budget, unless nil, is what clients may spend; Tries, unless nil, bounds how
	// often they may try to log in.
	Budget limit.Budget
	Tries  *limit.Logins
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies limit.Proxies
	// Origins are those of other sites whose pages may ask here, "*" for all.
	Origins []string
	// Stopping, unless nil, is closed when Stoa is about to stop.
	Stopping <-chan struct{}
}

const graphQLPath = "/graphql"

// New returns the handler of all paths.
func New(o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.Handle(graphQLPath, shared(o.Origins, &graphQL{
		api:     graph.New(o.graph()),
		budget:  o.Budget,
		proxies: o.Proxies,
		log:     o.Log,
		timeout: o.RequestTimeout,
		slow:    o.SlowQuery,
		debug:   o.DebugHeaders,
	}))
	mux.Handle("/healthz", readOnly(http.HandlerFunc(alive)))
	mux.Handle("/readyz", readOnly(&readiness{o.DB, o.Stopping}))
	mux.Handle("/", pages(o.GraphiQL))
	return identified(secured(guarded(o.Log, packed(mux))))
}

// readOnly refuses whoever does more than read.
func readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (o *Options) graph() graph.Options {
	options := graph.Options{
		DB: o.DB, Auth: o.Auth, Log: o.Log, Introspection: o.Introspection, MaxCost: o.MaxCost, MaxDepth: o.MaxDepth,
		Plain: o.Plain,
	}
	if o.Tries != nil {
		options.Tries = o.Tries
	}
	return options
}
