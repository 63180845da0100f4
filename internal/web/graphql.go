package web

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph"
	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/limit"
	"stoa/internal/observe"
	"stoa/internal/sqldb"
)

// graphQL serves GraphQL over HTTP.
type graphQL struct {
	api     *graph.API
	budget  limit.Budget
	proxies limit.Proxies
	metrics *observe.Metrics
	log     *slog.Logger
	timeout time.Duration
	debug   bool // obey Stoa-Debug

	paces    paces
	upgrader *websocket.Upgrader
	stopping <-chan struct{}
	sockets  sockets
	streams  atomic.Int64 // how many are open
	watch    watching     // of what is asked on a socket
}

func (g *graphQL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	if private(r) {
		w.Header().Set("Cache-Control", "no-store")
	}
	if isSocket(r) {
		g.socket(w, r)
		return
	}
	accepted := negotiate(r.Header.Values("Accept"))
	media := accepted.media()
	if media == "" {
		refuse(w, r, plainJSON, fault.New(fault.NotAcceptable, "The answer can be %s, %s or %s.", graphQLJSON, plainJSON, eventStream))
		return
	}
	request, err := read(w, r)
	if err != nil {
		refuse(w, r, media, err)
		return
	}
	operation, errs := g.api.Prepare(request)
	if errs != nil {
		answer(w, r, media, &graph.Response{Errors: errs})
		return
	}
	noticed(r.Context()).operation = operation
	if err := accepted.allow(w, r, operation.Type()); err != nil {
		refuse(w, r, media, err)
		return
	}
	g.answer(w, r, media, operation)
}

// answer runs an operation, and answers.
func (g *graphQL) answer(w http.ResponseWriter, r *http.Request, media string, operation *graph.Operation) {
	if operation.Type() == ast.Subscription {
		g.subscribe(w, r, media, operation)
		return
	}
	response, err := g.run(w, r, operation)
	if err != nil {
		refuse(w, r, media, err)
		return
	}
	answer(w, r, media, response)
}

// run runs a query or a mutation for the client of a request, within its time and
// at its expense. An error is that it was not run.
func (g *graphQL) run(w http.ResponseWriter, r *http.Request, operation *graph.Operation) (*graph.Response, error) {
	ctx, tally := sqldb.WithTally(g.addressed(r))
	limited, cancel := g.limited(ctx)
	defer cancel()
	asking, err := g.asking(limited, r)
	if err != nil {
		return nil, err
	}
	if err := manner(asking, w.Header(), r.Header, operation); err != nil {
		return nil, err
	}
	spent, err := g.spent(asking, w.Header(), operation.Cost)
	if err != nil {
		return nil, err
	}
	do := g.api.Share
	if g.alone(r) {
		do = g.api.Do
	}
	response := do(spent, operation)
	if g.debugged(r) {
		g.api.Explain(spent, operation, tally, response)
	}
	if response.Position > 0 {
		w.Header().Set(consistency, response.Position.Token())
	}
	if response.Stale {
		w.Header().Set("Stoa-Stale", "true")
	} else if keeping := operation.Keeping(); keeping != "" && !g.alone(r) && keepable(r, response) {
		w.Header().Set("Cache-Control", keeping)
	}
	if response.Replayed {
		w.Header().Set(replayed, "true")
	}
	return response, nil
}

// debugged tells whether the client is told what its request takes.
func (g *graphQL) debugged(r *http.Request) bool {
	return g.debug && r.Header.Get("Stoa-Debug") == "sql"
}

// subscribe begins a subscription, which has no time of its own.
func (g *graphQL) subscribe(w http.ResponseWriter, r *http.Request, media string, operation *graph.Operation) {
	ctx := g.addressed(r)
	limited, cancel := g.limited(ctx)
	defer cancel()
	asking, err := g.asking(limited, r)
	if err != nil {
		refuse(w, r, media, err)
		return
	}
	g.stream(auth.With(ctx, auth.From(asking)), w, r, operation)
}

// addressed is the context of a request, with the address of its client.
func (g *graphQL) addressed(r *http.Request) context.Context {
	return limit.WithAddress(r.Context(), g.proxies.Address(r))
}

// asking is the context of a request with its viewer, that reads nothing older
// than the client asks for.
func (g *graphQL) asking(ctx context.Context, r *http.Request) (context.Context, error) {
	placed, err := g.placed(ctx, r)
	if err != nil {
		return nil, err
	}
	return g.viewed(placed, r)
}

// private tells whether the answer is for the one who asks alone: it may hold
// what only a viewer sees, or a new token.
func private(r *http.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead || r.Header.Get("Authorization") != ""
}

// consistency is the header by which a client that has written something tells
// what its queries must find.
const consistency = "Stoa-Consistency"

// placed is the context of a request that reads nothing older than the client
// asks for.
func (g *graphQL) placed(ctx context.Context, r *http.Request) (context.Context, error) {
	token := r.Header.Get(consistency)
	if token == "" || !g.api.DB.Replicated() {
		return ctx, nil
	}
	position, ok := sqldb.ParsePosition(token)
	if !ok {
		return nil, fault.New(fault.BadRequest, "%s is not as a mutation's response had it.", consistency)
	}
	return sqldb.After(ctx, position), nil
}

// viewed is the context of the viewer whose token the request carries, if it
// carries one. With a bad one the whole request is refused.
func (g *graphQL) viewed(ctx context.Context, r *http.Request) (context.Context, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return ctx, nil
	}
	token := tokenOf(header)
	if token == "" {
		return nil, fault.New(fault.Unauthenticated, "Send the token as Authorization: Bearer <token>.")
	}
	return g.api.Authenticate(ctx, token)
}

// spent is the context of a request that the client has paid for. One refused
// for want of points costs nothing.
func (g *graphQL) spent(ctx context.Context, header http.Header, cost int) (context.Context, error) {
	if g.budget == nil {
		return ctx, nil
	}
	spent := g.budget.Take(ctx, client(ctx), cost)
	header.Set("RateLimit-Limit", strconv.Itoa(spent.Limit))
	header.Set("RateLimit-Remaining", strconv.Itoa(spent.Remaining))
	header.Set("RateLimit-Reset", seconds(spent.Full))
	if !spent.OK() {
		g.metrics.Overspent()
		return nil, fault.New(fault.RateLimited, "The request costs %d points; of %d a minute, %d are left.", cost, spent.Limit, spent.Remaining).After(spent.Wait)
	}
	return limit.WithSpent(ctx, spent), nil
}

// spender pays for the events of a subscription that was begun in the context.
func (g *graphQL) spender(ctx context.Context) func(cost int) error {
	return func(cost int) error {
		_, err := g.spent(ctx, http.Header{}, cost)
		return err
	}
}

// client is by whom spending is counted: the user or, where nobody is logged in,
// the address.
func client(ctx context.Context) string {
	if viewer := auth.From(ctx); viewer != nil {
		return "user " + strconv.FormatInt(viewer.Key, 10)
	}
	return limit.AddressFrom(ctx)
}

// seconds is a time in whole seconds, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// limited ends with the time that a request may take.
func (g *graphQL) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, g.timeout)
}

// read returns the request that the client sent, by whichever method.
func read(w http.ResponseWriter, r *http.Request) (graph.Request, error) {
	switch r.Method {
	case http.MethodGet:
		return readQuery(r.URL.Query())
	case http.MethodPost:
		body, err := jsonBody(w, r)
		if err != nil {
			return graph.Request{}, err
		}
		return readBody(body)
	}
	w.Header().Set("Allow", strings.Join([]string{http.MethodGet, http.MethodPost}, ", "))
	return graph.Request{}, fault.New(fault.MethodNotAllowed, "Send GET or POST.")
}
