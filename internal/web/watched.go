package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph"
	"stoa/internal/observe"
	"stoa/internal/sqldb"
)

// watched tells the metrics, the trace and the log of each request.
type watched struct {
	metrics *observe.Metrics
	tracer  *observe.Tracer
	log     *slog.Logger
	slow    time.Duration
	next    http.Handler
}

// notice is what the handler of a request lets be known of it.
type notice struct {
	operation *graph.Operation // nil if it was refused before that was known
	errors    gqlerror.List
}

type noticeKey struct{}

// noticed is where to write down what a request did. Nobody reads it where the
// request is not watched.
func noticed(ctx context.Context) *notice {
	if n, ok := ctx.Value(noticeKey{}).(*notice); ok {
		return n
	}
	return new(notice)
}

// of watches the requests of another handler.
func (h *watched) of(next http.Handler) http.Handler {
	return &watched{h.metrics, h.tracer, h.log, h.slow, next}
}

func (h *watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, done := h.watch(r.Context(), r.Header)
	h.next.ServeHTTP(w, r.WithContext(ctx))
	done()
}

// watching returns a context in which a request is watched, until it is done.
type watching func(ctx context.Context, header http.Header) (watched context.Context, done func())

func (h *watched) watch(ctx context.Context, header http.Header) (context.Context, func()) {
	start := time.Now()
	n := new(notice)
	ctx, ended := h.tracer.Begin(context.WithValue(ctx, noticeKey{}, n), header, graph.RequestID(ctx))
	ctx, tally := sqldb.WithTally(ctx)
	ctx, batches := observe.WithBatches(ctx)
	return ctx, func() {
		seen := observe.Request{
			Took: time.Since(start), Database: tally.Took(), Statements: tally.Statements(), Batches: batches.Count(), Keys: batches.Keys(),
			Failed: len(n.errors) > 0,
		}
		h.tell(ctx, n, seen, ended)
	}
}

// tell tells what has been seen of a request.
func (h *watched) tell(ctx context.Context, n *notice, seen observe.Request, ended func(observe.Request)) {
	if o := n.operation; o != nil {
		seen.Operation, seen.Type, seen.Cost = o.Name(), string(o.Type()), o.Cost
	}
	ended(seen)
	for _, e := range n.errors {
		h.metrics.Fault(codeOf(e))
	}
	if n.operation == nil && !seen.Failed || seen.Type == string(ast.Subscription) {
		return // which is no request that is answered once
	}
	h.metrics.Request(seen)
	h.logged(ctx, n.operation, seen)
}

// logged tells the log: of a slow request in any case, of others for whoever
// wants to know all.
func (h *watched) logged(ctx context.Context, o *graph.Operation, seen observe.Request) {
	level, message := slog.LevelDebug, "request"
	if h.slow > 0 && seen.Took > h.slow {
		level, message = slog.LevelWarn, "slow request"
	}
	if o == nil || !h.log.Enabled(ctx, level) {
		return
	}
	h.log.Log(ctx, level, message, "type", seen.Type, "operation", observe.Name(seen.Operation), "document", o.Hash(),
		"ms", seen.Took.Milliseconds(), "cost", seen.Cost, "statements", seen.Statements, "databaseMs", seen.Database.Milliseconds())
}
