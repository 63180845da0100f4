package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// The paces of a hub.
const (
	// often is how often changes are looked for of which the database did not tell.
	often = 500 * time.Millisecond
	// again is how long to wait after a failure.
	again = 200 * time.Millisecond
	// patience is how long the others wait, once, for consumers whose inboxes are
	// full: a burst of changes comes faster than it can be sent.
	patience = 500 * time.Millisecond
	// resuming is how many subscriptions at once are told of the past.
	resuming = 4
)

// Hub tells subscriptions of changes. It reads while there are any, by one
// reader for all of them. It is safe for concurrent use.
type Hub[S any] struct {
	db   *sqldb.DB
	log  *slog.Logger
	most int
	tell Teller[S]

	ctx    context.Context // until Close
	cancel context.CancelFunc
	all    sync.WaitGroup // the reader, and those who resume
	turns  chan struct{}
	wake   chan struct{}

	mu      sync.Mutex
	open    int
	live    map[*Subscription[S]]struct{}
	reading bool
	told    sqldb.Place // up to which all that are live are told
}

// New returns a hub of at most so many subscriptions, 0 for any number.
func New[S any](db *sqldb.DB, log *slog.Logger, most int, tell Teller[S]) *Hub[S] {
	h := &Hub[S]{
		db: db, log: log, most: most, tell: tell,
		turns: make(chan struct{}, resuming), wake: make(chan struct{}, 1), live: map[*Subscription[S]]struct{}{},
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h
}

// Close ends all telling, and waits for it.
func (h *Hub[S]) Close() {
	h.mu.Lock()
	h.cancel()
	h.mu.Unlock()
	h.all.Wait()
}

// Open is how many subscriptions there are.
func (h *Hub[S]) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

func (h *Hub[S]) nudge() { signal(h.wake) }

// read tells those who are live, until nobody is left.
func (h *Hub[S]) read() {
	ctx, cancel := context.WithCancel(h.ctx)
	var watching sync.WaitGroup
	watching.Go(func() { h.db.Watch(ctx, h.nudge) })
	defer watching.Wait()
	defer cancel()
	for h.wanted() {
		more, err := h.next(ctx)
		switch {
		case err != nil:
			h.log.WarnContext(ctx, "changes cannot be read", "error", err.Error())
			pause(ctx, again)
		case !more:
			h.rest(ctx)
		}
	}
}

// wanted tells whether anybody is there; if not, the reader is to end.
func (h *Hub[S]) wanted() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reading = h.open > 0 && h.ctx.Err() == nil
	return h.reading
}

// next tells of the next changes; more says that there are others behind them.
func (h *Hub[S]) next(ctx context.Context) (more bool, err error) {
	h.mu.Lock()
	after := h.told
	h.mu.Unlock()
	changes, more, err := h.db.ChangesAfter(ctx, after)
	if forgotten(err) {
		return true, h.skip(ctx)
	}
	if err != nil {
		return false, err
	}
	for i := range changes {
		to := h.reach(&changes[i])
		if len(to) == 0 {
			continue
		}
		told, ok := h.telling(ctx, &changes[i], to)
		if !ok {
			return false, ctx.Err()
		}
		h.deliver(told)
	}
	return more, nil
}

// reach moves the place up to which all are told, and returns who is to be told
// of the change there.
func (h *Hub[S]) reach(c *sqldb.Change) (to []*Subscription[S]) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = c.Place
	for s := range h.live {
		if s.filter.keeps(c) && s.from.Compare(c.Place) < 0 {
			to = append(to, s)
		}
	}
	return to
}

// skip ends everybody's subscription, after changes have been forgotten that
// they were not told of.
func (h *Hub[S]) skip(ctx context.Context) error {
	last, err := h.db.LastChange(ctx)
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.told = last
	var told []Told[S]
	for s := range h.live {
		told = append(told, Told[S]{To: s, Err: gap()})
	}
	h.mu.Unlock()
	h.deliver(told)
	return nil
}

// telling asks until it is said what to tell; false if the context has ended.
func (h *Hub[S]) telling(ctx context.Context, c *sqldb.Change, to []*Subscription[S]) (told []Told[S], ok bool) {
	for ctx.Err() == nil {
		told, err := h.tell(ctx, c, to)
		if err == nil {
			return told, true
		}
		h.log.WarnContext(ctx, "a change cannot be told yet", "error", err.Error())
		pause(ctx, again)
	}
	return nil, false
}

// deliver puts what is told into the inboxes. Who has no room, nor makes any
// within the patience, is too late.
func (h *Hub[S]) deliver(all []Told[S]) {
	var full []Told[S]
	for _, t := range all {
		if t.Err != nil {
			t.To.Close()
		}
		if (t.Payload != nil || t.Err != nil) && !t.To.inbox.offer(t) {
			full = append(full, t)
		}
	}
	if len(full) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(h.ctx, patience)
	defer cancel()
	for _, t := range full {
		if !t.To.inbox.put(ctx, t) {
			t.To.inbox.late()
		}
	}
}

// rest waits until there may be changes again.
func (h *Hub[S]) rest(ctx context.Context) {
	timer := time.NewTimer(often)
	defer timer.Stop()
	select {
	case <-h.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// full is the fault of one subscription too many.
func (h *Hub[S]) full() *fault.Error {
	return fault.New(fault.Unavailable, "There are %d subscriptions here, as many as there may be; try again later.", h.most)
}
