package graph

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// Share is Do for a client of whom nothing is known and who asks for nothing of
// its own. Those who ask for the same stored query share one run of it if it
// begins when all of them have asked: nobody is told of a state older than their
// question.
func (a *API) Share(ctx context.Context, o *Operation) *Response {
	if !o.shared() {
		return a.Do(ctx, o)
	}
	variables, _ := json.Marshal(o.context.Variables) // they came as JSON
	return a.crowds.run(ctx, alike{o.context.RawQuery, string(variables)}, func() *Response { return a.Do(ctx, o) })
}

// shared tells whether one answer may be for several.
func (o *Operation) shared() bool {
	s := o.document.stored
	return s != nil && s.whose == "" && o.Type() == ast.Query
}

// alike is what those who share a run have in common: a stored document's text, and
// the variables.
type alike struct{ text, variables string }

// patience is how long a run waits for the one before it, so that others can
// join. What takes longer is not waited for.
const patience = 50 * time.Millisecond

// crowds have those who ask alike at one time share a run.
type crowds struct {
	patience time.Duration

	mu          sync.Mutex
	next, begun map[alike]*joint // that can still be joined; that cannot
}

// joint is a run for several. Its response is known when it is done, nil if it
// panicked.
type joint struct {
	done     chan struct{}
	response *Response
}

func newCrowds(patience time.Duration) *crowds {
	return &crowds{patience: patience, next: map[alike]*joint{}, begun: map[alike]*joint{}}
}

// run answers by a run of its own, which others may join until it begins, or by
// one that it joins. A run that fails has failed for its own client, who may have
// gone, or run out of time; the others then run by themselves.
func (c *crowds) run(ctx context.Context, key alike, do func() *Response) *Response {
	own, other, before := c.join(key)
	if other != nil {
		select {
		case <-other.done:
			if other.response != nil && len(other.response.Errors) == 0 {
				answer := *other.response
				return &answer
			}
		case <-ctx.Done():
		}
		return do()
	}
	defer c.end(key, own)
	if before != nil {
		c.wait(ctx, before.done)
	}
	c.begin(key, own)
	own.response = do()
	return own.response
}

// wait waits for a run to end, but not for long.
func (c *crowds) wait(ctx context.Context, done <-chan struct{}) {
	patient := time.NewTimer(c.patience)
	defer patient.Stop()
	select {
	case <-done:
	case <-patient.C:
	case <-ctx.Done():
	}
}

// join is a run of one's own, with the one before it if that is under way, or
// that of another.
func (c *crowds) join(key alike) (own, other, before *joint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if other := c.next[key]; other != nil {
		return nil, other, nil
	}
	own = &joint{done: make(chan struct{})}
	c.next[key] = own
	return own, nil, c.begun[key]
}

// begin lets nobody join any more: who comes later may know of something later.
func (c *crowds) begin(key alike, own *joint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.next, key)
	c.begun[key] = own
}

// end tells those who have joined.
func (c *crowds) end(key alike, own *joint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(own.done)
	if c.begun[key] == own { // and none that lost its patience
		delete(c.begun, key)
	}
}
