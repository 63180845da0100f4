package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"

	"stoa/graph"
	"stoa/internal/fault"
	"stoa/internal/observe"
)

var acceptableID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identified gives every request an id, the client's own if it is one, which
// the response and every line of the log carry.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !acceptableID.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(graph.WithRequestID(r.Context(), id)))
	})
}

// guarded answers a panic as a fault of ours; its stack goes to the log.
func guarded(log *slog.Logger, metrics *observe.Metrics, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil || cause == http.ErrAbortHandler {
				return
			}
			metrics.Fault(fault.Internal)
			logPanic(r.Context(), log, cause)
			if strings.HasPrefix(r.URL.Path, apiPath+"/") {
				refuseResource(w, r, fault.New(fault.Internal, ""))
				return
			}
			media := negotiate(r.Header.Values("Accept")).json
			if r.URL.Path != graphQLPath || media == "" {
				media = graphQLJSON // whose statuses tell a failure
			}
			refuse(w, r, media, fault.New(fault.Internal, ""))
		}()
		next.ServeHTTP(w, r)
	})
}

func logPanic(ctx context.Context, log *slog.Logger, cause any) {
	log.ErrorContext(ctx, "panic", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
}

// caught calls fn; false if it panicked. The stack goes to the log.
func caught(ctx context.Context, log *slog.Logger, fn func()) (ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			logPanic(ctx, log, cause)
		}
	}()
	fn()
	return true
}

// LogHandler adds the id of the request, where there is one, to every line.
func LogHandler(h slog.Handler) slog.Handler { return identifying{h} }

type identifying struct{ slog.Handler }

func (h identifying) Handle(ctx context.Context, line slog.Record) error {
	if id := graph.RequestID(ctx); id != "" {
		line.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h identifying) WithAttrs(attrs []slog.Attr) slog.Handler {
	return identifying{h.Handler.WithAttrs(attrs)}
}

func (h identifying) WithGroup(name string) slog.Handler {
	return identifying{h.Handler.WithGroup(name)}
}
