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

// watcher tells the metrics, the trace and the log of each request.
type watcher struct {
	metrics *observe.Metrics
	tracer  *observe.Tracer
	log     *slog.Logger
	slow    time.Duration
}

// watched has its requests watched.
type watched struct {
	*watcher
	next http.Handler
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

func (h *watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, done := h.watch(r.Context(), r.Header)
	defer done()
	h.next.ServeHTTP(w, r.WithContext(ctx))
}

// watch returns the context in which a request is to be answered, and what is to
// be called when it is.
func (h *watcher) watch(ctx context.Context, header http.Header) (context.Context, func()) {
	start := time.Now()
	n := new(notice)
	ctx, ended := h.tracer.Begin(context.WithValue(ctx, noticeKey{}, n), header, graph.RequestID(ctx))
	ctx, tally := sqldb.WithTally(ctx)
	ctx, batches := observe.WithBatches(ctx)
	return ctx, func() {
		seen := observe.Request{
			Took: time.Since(start), Database: tally.Took(), Statements: tally.Statements(), Batches: int(batches.Load()),
			Failed: len(n.errors) > 0,
		}
		if o := n.operation; o != nil {
			seen.Operation, seen.Type, seen.Cost = o.Name(), string(o.Type()), o.Cost
		}
		ended(seen)
		h.count(ctx, n, seen)
	}
}

func (h *watcher) count(ctx context.Context, n *notice, seen observe.Request) {
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
func (h *watcher) logged(ctx context.Context, o *graph.Operation, seen observe.Request) {
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
