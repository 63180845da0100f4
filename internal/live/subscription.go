package live

import (
	"context"
	"sync"

	"stoa/internal/sqldb"
)

// Subscription is one wish to be told.
type Subscription[S any] struct {
	// Of is what the teller knows of it.
	Of S

	hub    *Hub[S]
	filter Filter
	inbox  *Inbox[S]
	from   sqldb.Place // up to which it is told, or does not ask
	closed sync.Once
	over   context.Context
	end    context.CancelFunc
}

// Subscribe begins a subscription, from what is committed next or, with a place,
// from the change after it: each is told once, and in order, but those after the
// place maybe once more. It has to be closed, also when its consumer has gone.
func (h *Hub[S]) Subscribe(ctx context.Context, of S, filter Filter, after *sqldb.Place, inbox *Inbox[S]) (*Subscription[S], error) {
	last, err := h.db.LastChange(ctx)
	if err != nil {
		return nil, err
	}
	s := &Subscription[S]{Of: of, hub: h, filter: filter, inbox: inbox, from: last}
	if after != nil {
		s.from = *after
		if _, _, err := h.db.ChangesAfter(ctx, s.from); forgotten(err) {
			return nil, gap()
		} else if err != nil {
			return nil, err
		}
	}
	s.over, s.end = context.WithCancel(inbox.gone)
	return s, h.admit(s, last)
}

// admit counts the subscription in, and has it told: by the reader, which begins
// at the last change if it does not run yet, or first of what the reader has
// told already.
func (h *Hub[S]) admit(s *Subscription[S], last sqldb.Place) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.most > 0 && h.open >= h.most {
		s.end()
		return h.full()
	}
	if h.ctx.Err() != nil {
		s.end()
		return h.ctx.Err()
	}
	h.open++
	if !h.reading {
		h.reading, h.told = true, last
		h.all.Go(h.read)
	}
	if h.told.Compare(s.from) <= 0 {
		h.live[s] = struct{}{}
	} else {
		h.all.Go(s.resume)
	}
	return nil
}

// Close ends the subscription. What is in the inbox already stays there.
func (s *Subscription[S]) Close() {
	s.closed.Do(func() {
		s.end()
		s.hub.mu.Lock()
		delete(s.hub.live, s)
		s.hub.open--
		s.hub.mu.Unlock()
		s.hub.nudge() // who may be the last
	})
}

// resume tells the subscription of the past until it has come to where the
// reader is.
func (s *Subscription[S]) resume() {
	ctx, cancel := context.WithCancel(s.over)
	defer cancel()
	defer context.AfterFunc(s.hub.ctx, cancel)()
	for ctx.Err() == nil && !s.join() {
		if err := s.further(ctx); err != nil {
			s.hub.log.WarnContext(ctx, "changes cannot be read", "error", err.Error())
			pause(ctx, again)
		}
	}
}

// join has the reader tell the subscription from now on, if that has told
// nothing that the subscription still lacks.
func (s *Subscription[S]) join() bool {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.hub.told.Compare(s.from) > 0 {
		return false
	}
	if s.over.Err() == nil {
		s.hub.live[s] = struct{}{}
	}
	return true
}

// further tells of the next changes.
func (s *Subscription[S]) further(ctx context.Context) error {
	changes, _, err := s.hub.db.ChangesAfter(ctx, s.from)
	if forgotten(err) {
		s.Close()
		s.inbox.put(ctx, Told[S]{To: s, Err: gap()})
		return nil
	}
	if err != nil {
		return err
	}
	for i := range changes {
		if s.filter.keeps(&changes[i]) && !s.tell(ctx, &changes[i]) {
			return ctx.Err()
		}
		s.from = changes[i].Place
	}
	return nil
}

// tell tells of one change, when it is the subscription's turn, and waits for
// room in the inbox; false if the subscription has ended.
func (s *Subscription[S]) tell(ctx context.Context, c *sqldb.Change) bool {
	select {
	case s.hub.turns <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	told, ok := s.hub.telling(ctx, c, []*Subscription[S]{s})
	<-s.hub.turns
	if !ok {
		return false
	}
	if told[0].Err != nil {
		s.Close()
		_ = s.inbox.put(s.inbox.gone, told[0])
		return false
	}
	return told[0].Payload == nil || s.inbox.put(ctx, told[0])
}
