package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph"
	"stoa/internal/fault"
)

// graphQL serves GraphQL over HTTP.
type graphQL struct {
	api           *graph.API
	log           *slog.Logger
	timeout, slow time.Duration
}

func (g *graphQL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	media, ok := negotiate(r.Header.Values("Accept"))
	w.Header().Add("Vary", "Accept")
	if !ok {
		refuse(w, r, plainJSON, fault.New(fault.NotAcceptable, "The answer can be %s or %s.", graphQLJSON, plainJSON))
		return
	}
	request, err := read(w, r)
	if err != nil {
		refuse(w, r, media, err)
		return
	}
	operation, errs := g.api.Prepare(request)
	if errs != nil {
		answer(w, media, &graph.Response{Errors: errs})
		return
	}
	if r.Method == http.MethodGet && operation.Type() != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, r, media, fault.New(fault.MethodNotAllowed, "Only a query may be sent by GET."))
		return
	}
	ctx, cancel := g.limited(r.Context())
	defer cancel()
	ctx, err = g.viewed(ctx, w, r)
	if err != nil {
		refuse(w, r, media, err)
		return
	}
	answer(w, media, g.api.Do(ctx, operation))
	g.logged(ctx, operation, time.Since(start))
}

// viewed is the context of the viewer whose token the request carries, if it
// carries one. With a bad one the whole request is refused.
func (g *graphQL) viewed(ctx context.Context, w http.ResponseWriter, r *http.Request) (context.Context, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return ctx, nil
	}
	w.Header().Set("Cache-Control", "no-store")
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, fault.New(fault.Unauthenticated, "Send the token as Authorization: Bearer <token>.")
	}
	return g.api.Authenticate(ctx, strings.TrimSpace(token))
}

// limited ends with the time that a request may take.
func (g *graphQL) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, g.timeout)
}

func (g *graphQL) logged(ctx context.Context, o *graph.Operation, took time.Duration) {
	level, message := slog.LevelDebug, "request"
	if g.slow > 0 && took > g.slow {
		level, message = slog.LevelWarn, "slow request"
	}
	g.log.Log(ctx, level, message, "type", string(o.Type()), "operation", o.Name(), "ms", took.Milliseconds())
}

// read returns the request that the client sent, by whichever method.
func read(w http.ResponseWriter, r *http.Request) (graph.Request, error) {
	switch r.Method {
	case http.MethodGet:
		return readQuery(r.URL.Query())
	case http.MethodPost:
		if !isJSON(r.Header.Get("Content-Type")) {
			return graph.Request{}, fault.New(fault.UnsupportedMedia, "The body must be %s.", plainJSON)
		}
		body, err := unpacked(w, r)
		if err != nil {
			return graph.Request{}, err
		}
		return readBody(body)
	}
	w.Header().Set("Allow", strings.Join([]string{http.MethodGet, http.MethodPost}, ", "))
	return graph.Request{}, fault.New(fault.MethodNotAllowed, "Send GET or POST.")
}
