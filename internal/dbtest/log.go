package dbtest

import (
	"context"
	"log/slog"
	"testing"
)

// Log is a log of warnings that fails the test where it says the message, and
// forgets the rest.
func Log(t testing.TB, never string) *slog.Logger {
	return slog.New(watching{slog.DiscardHandler, t, never})
}

type watching struct {
	slog.Handler
	t     testing.TB
	never string
}

func (watching) Enabled(_ context.Context, level slog.Level) bool { return level == slog.LevelWarn }

func (w watching) Handle(_ context.Context, r slog.Record) error {
	if r.Message == w.never {
		r.Attrs(func(a slog.Attr) bool { w.t.Errorf("%s: %s", r.Message, a); return true })
	}
	return nil
}

func (w watching) WithAttrs([]slog.Attr) slog.Handler { return w }
func (w watching) WithGroup(string) slog.Handler      { return w }
