package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph"
	"stoa/internal/fault"
)

// The headers by which a client has a mutation take effect no more than once, or
// not at all, and is told that so it was.
const (
	idempotencyKey = "Idempotency-Key"
	replayed       = "Idempotency-Replayed"
	dryRun         = "Stoa-Dry-Run"
)

// manner has a mutation run as the request's headers ask. They say nothing about
// what only reads.
func manner(ctx context.Context, answer, request http.Header, o *graph.Operation) (err error) {
	if o.Type() != ast.Mutation {
		return nil
	}
	if o.DryRun, err = rehearses(request.Values(dryRun)); err != nil {
		return err
	}
	if o.DryRun {
		answer.Set(dryRun, "true")
	}
	o.Client = client(ctx)
	o.Key, err = keyOf(request.Values(idempotencyKey))
	return err
}

// rehearses refuses what might have been meant as a dry run.
func rehearses(values []string) (bool, error) {
	switch strings.Join(values, ",") {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	if len(values) > 0 {
		return false, badRequest(dryRun + " is true or false.")
	}
	return false, nil
}

const maxKey = 255

// keyOf is the one key that a client has sent, "" if it has sent none.
func keyOf(values []string) (string, error) {
	if len(values) == 0 {
		return "", nil
	}
	visible := func(r rune) bool { return r > ' ' && r < 0x7f }
	if key := values[0]; len(values) == 1 && key != "" && len(key) <= maxKey && strings.TrimFunc(key, visible) == "" {
		return key, nil
	}
	return "", fault.New(fault.BadRequest, "The %s is 1 to %d visible ASCII characters, and sent once.", idempotencyKey, maxKey)
}
