package once

import (
	"context"
	"sync"

	"stoa/internal/fault"
)

// turns has those wait for each other who come with the same name, so that they
// take one connection between them.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // by name; each is closed when it is done with
}

// take waits until the name is free, and has it until done is called. It is
// TIMEOUT when the context ends before.
func (t *turns) take(ctx context.Context, name string) (done func(), err error) {
	for {
		other := t.others(name)
		if other == nil {
			return func() { t.free(name) }, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fault.New(fault.Timeout, "An equal request took too long.").From(ctx.Err())
		}
	}
}

// others is closed when another is done with the name, nil where nobody else had
// it.
func (t *turns) others(name string) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if other, ok := t.taken[name]; ok {
		return other
	}
	t.taken[name] = make(chan struct{})
	return nil
}

func (t *turns) free(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.taken[name])
	delete(t.taken, name)
}
