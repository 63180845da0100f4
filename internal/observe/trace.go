package observe

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer makes the traces of requests: of each a span, and below it one for each
// batch and each statement. A nil Tracer makes none.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// scope is who made a span.
const scope = "stoa"

// NewTracer returns a tracer that sends its spans to the endpoint, by OTLP over
// HTTP and as the standard OTEL_ variables have it. It is nil where there is no
// endpoint, or where those variables turn it off.
func NewTracer(ctx context.Context, endpoint string, log *slog.Logger) (*Tracer, error) {
	own := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	if endpoint == "" && own == "" || os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return nil, nil
	}
	var options []otlptracehttp.Option
	if own == "" {
		address, err := url.JoinPath(endpoint, "v1/traces")
		if err != nil {
			return nil, err
		}
		options = append(options, otlptracehttp.WithEndpointURL(address))
	}
	exporter, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, err
	}
	who, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", scope)), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces were not sent", "error", err.Error()) }))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(who))
	return &Tracer{provider, provider.Tracer(scope)}, nil
}

// Close sends what is left, as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Begin begins a request's span, in the trace that its headers name if they name
// one, and returns what ends it.
func (t *Tracer) Begin(ctx context.Context, header http.Header, id string) (context.Context, func(Request)) {
	if t == nil {
		return ctx, func(Request) {}
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(r Request) {
		if r.Type != "" {
			span.SetName(r.Type + " " + Name(r.Operation))
		}
		span.SetAttributes(
			attribute.String("graphql.operation.type", r.Type), attribute.String("graphql.operation.name", Name(r.Operation)),
			attribute.String("stoa.request", id), attribute.Int("stoa.cost", r.Cost), attribute.Int("stoa.statements", r.Statements),
		)
		if r.Failed {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// part begins a span below that of the context, if that is traced.
func part(ctx context.Context, name string, what func() attribute.KeyValue) (context.Context, func(error)) {
	above := trace.SpanFromContext(ctx)
	if !above.IsRecording() {
		return ctx, func(error) {}
	}
	ctx, span := above.TracerProvider().Tracer(scope).Start(ctx, name, trace.WithAttributes(what()))
	return ctx, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// Statement begins the span of a SQL statement, whose text has a ? for each
// value.
func Statement(ctx context.Context, text string) (context.Context, func(error)) {
	return part(ctx, "statement", func() attribute.KeyValue { return attribute.String("db.query.text", text) })
}

// Batch counts a read of so many keys at once, and begins its span.
func Batch(ctx context.Context, keys int) (context.Context, func(error)) {
	if b, ok := ctx.Value(batchesKey{}).(*Batches); ok {
		b.count.Add(1)
		b.keys.Add(int64(keys))
	}
	return part(ctx, "batch", func() attribute.KeyValue { return attribute.Int("stoa.keys", keys) })
}

// Batches are how many relations of whole levels were read, and for how many keys.
type Batches struct{ count, keys atomic.Int64 }

// Count is how many there were.
func (b *Batches) Count() int { return int(b.count.Load()) }

// Keys is for how many keys in all.
func (b *Batches) Keys() int { return int(b.keys.Load()) }

type batchesKey struct{}

// WithBatches returns a context whose batches are counted.
func WithBatches(ctx context.Context) (context.Context, *Batches) {
	b := new(Batches)
	return context.WithValue(ctx, batchesKey{}, b), b
}
