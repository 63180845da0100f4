package live

import (
	"context"
	"sync"
)

// How far a consumer may be behind: by so many events, of so many bytes.
const (
	behind      = 256
	behindBytes = 4 << 20
)

// Inbox is where a consumer finds what it is told; several subscriptions may
// share one.
type Inbox[S any] struct {
	// Ready has a value when there may be something to take.
	Ready <-chan struct{}
	// Late is closed when the consumer has fallen too far behind, or has gone.
	// Nothing more comes then.
	Late <-chan struct{}

	gone  context.Context
	late  context.CancelFunc
	ready chan struct{}
	room  chan struct{}

	mu    sync.Mutex
	queue []Told[S]
	bytes int
}

// NewInbox returns the inbox of a consumer who is there until the context ends.
func NewInbox[S any](ctx context.Context) *Inbox[S] {
	gone, late := context.WithCancel(ctx)
	ready := make(chan struct{}, 1)
	return &Inbox[S]{Ready: ready, Late: gone.Done(), gone: gone, late: late, ready: ready, room: make(chan struct{}, 1)}
}

// Take takes the next, false where there is none.
func (i *Inbox[S]) Take() (t Told[S], ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.queue) == 0 {
		return t, false
	}
	t, i.queue[0] = i.queue[0], t
	if i.queue = i.queue[1:]; len(i.queue) == 0 {
		i.queue = nil
	}
	i.bytes -= len(t.Payload)
	signal(i.room)
	if len(i.queue) > 0 {
		signal(i.ready)
	}
	return t, true
}

// offer puts it into the inbox if there is room. One that is larger than any room
// has it when the inbox is empty.
func (i *Inbox[S]) offer(t Told[S]) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.queue) >= behind || len(i.queue) > 0 && i.bytes+len(t.Payload) > behindBytes {
		return false
	}
	i.queue = append(i.queue, t)
	i.bytes += len(t.Payload)
	signal(i.ready)
	return true
}

// put waits for room; false if there is none before the patience ends. One who
// has gone needs none.
func (i *Inbox[S]) put(patience context.Context, t Told[S]) bool {
	for !i.offer(t) {
		select {
		case <-i.room:
		case <-i.gone.Done():
			return true
		case <-patience.Done():
			return false
		}
	}
	return true
}

// signal leaves a value in a channel that has room for one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is there
	}
}
