// Package web is how Stoa is served: GraphQL over HTTP, the page to try it on,
// and whether all is well. It alone chooses a status.
package web

import (
	"log/slog"
	"net/http"
	"time"

	"stoa/graph"
	"stoa/internal/auth"
	"stoa/internal/documents"
	"stoa/internal/limit"
	"stoa/internal/observe"
	"stoa/internal/rest"
	"stoa/internal/sqldb"
)

// Options tell what is served, and how.
type Options struct {
	DB   *sqldb.DB
	Auth *auth.Service
	Log  *slog.Logger
	// GraphiQL serves a page at /; Introspection lets clients ask about the schema.
	GraphiQL, Introspection bool
	// StoredOnly refuses documents that are not stored here.
	StoredOnly bool
	// REST serves stored documents, those that Stoa ships among them, below /api.
	REST bool
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
	// MaxSubscriptions bounds how many there are at once, 0 for no bound.
	MaxSubscriptions int
	// Origins are those of other sites whose pages may ask here, "*" for all.
	Origins []string
	// Metrics count what is done, unless nil; a nil Tracer makes no traces.
	Metrics *observe.Metrics
	Tracer  *observe.Tracer
	// Apart leaves what is for operators to Operators.
	Apart bool
	// Stopping, unless nil, is closed when Stoa is about to stop.
	Stopping <-chan struct{}
}

const graphQLPath = "/graphql"

// Site is the handler of all paths.
type Site struct {
	http.Handler
	graphQL   *graphQL
	resources *resources // nil where they are not served
}

// Close ends the sockets and the subscriptions, and waits for them.
func (s *Site) Close() {
	s.graphQL.sockets.close()
	s.graphQL.api.Close()
}

// Store has the documents at hand; it has to be called before anybody asks. The
// error says of each what is wrong with it, and where.
func (s *Site) Store(docs []documents.Document) error {
	if s.resources == nil {
		return s.graphQL.api.Store(docs)
	}
	return s.resources.store(docs)
}

// New returns the site. Where there are subscriptions it has to be closed.
func New(o Options) *Site {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = observe.NewMetrics("")
	}
	mux := http.NewServeMux()
	g := &graphQL{
		api:      graph.New(o.graph()),
		budget:   o.Budget,
		proxies:  o.Proxies,
		metrics:  o.Metrics,
		log:      o.Log,
		timeout:  o.RequestTimeout,
		debug:    o.DebugHeaders,
		paces:    usual,
		upgrader: upgrader(o.Origins),
		stopping: o.Stopping,
	}
	requests := &watched{o.Metrics, o.Tracer, o.Log, o.SlowQuery, g}
	g.watch = requests.watch
	g.gauges(o.Metrics)
	mux.Handle(graphQLPath, shared(o.Origins, []string{http.MethodGet, http.MethodPost}, requests))
	site := &Site{graphQL: g}
	if o.REST {
		site.resources = &resources{graphQL: g, table: rest.NewTable(nil)}
		mux.Handle(apiPath+"/", shared(o.Origins, methods, requests.of(site.resources)))
		o.reference(mux, site.resources)
	}
	if !o.Apart {
		o.operators(mux)
	}
	mux.Handle("/", pages(o.GraphiQL))
	site.Handler = identified(secured(guarded(o.Log, o.Metrics, packed(mux))))
	return site
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
		DB: o.DB, Auth: o.Auth, Log: o.Log, Metrics: o.Metrics, Introspection: o.Introspection, StoredOnly: o.StoredOnly, MaxCost: o.MaxCost, MaxDepth: o.MaxDepth,
		Plain: o.Plain, MaxSubscriptions: o.MaxSubscriptions, EventTimeout: o.RequestTimeout, Encode: encode,
	}
	if o.Tries != nil {
		options.Tries = o.Tries
	}
	return options
}
