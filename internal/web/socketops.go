package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph"
	"stoa/internal/auth"
	"stoa/internal/fault"
)

// operation is one under way on a socket.
type operation struct {
	id     string
	next   []byte // how its messages begin
	cancel context.CancelFunc
	wish   *graph.Wish // what a subscription is, for its events
	// subscription is nil for a query or a mutation, and until it has begun.
	subscription *graph.Subscription
}

// receive does what a message asks for.
func (s *socket) receive(text []byte) {
	var m message
	if json.Unmarshal(text, &m) != nil {
		s.end(closeBadRequest, "Invalid message received")
		return
	}
	switch {
	case m.Type == "connection_init":
		s.greet(m.Payload)
	case m.Type == "ping":
		s.reply(message{Type: "pong", Payload: m.Payload})
	case m.Type == "pong":
	case m.Type == "complete" && m.ID != "":
		s.finish(s.operation(m.ID))
	case m.Type == "subscribe" && m.ID != "":
		s.subscribe(m)
	default:
		s.end(closeBadRequest, "Invalid message received")
	}
}

// greet answers connection_init, whose payload may hold a token.
func (s *socket) greet(payload json.RawMessage) {
	if s.isGreeted() {
		s.end(closeInitialisedYet, "Too many initialisation requests")
		return
	}
	given, err := objectIn("payload", payload)
	if err != nil {
		s.end(closeBadRequest, "Invalid message received")
		return
	}
	for _, name := range []string{"Authorization", "authorization"} {
		if text, ok := given[name].(string); ok {
			if s.token = tokenOf(text); s.token == "" && text != "" {
				s.end(closeForbidden, "Forbidden")
				return
			}
		}
	}
	ctx, cancel := s.limited(s.ctx)
	defer cancel()
	if ctx, err = s.authenticated(ctx); err != nil {
		return
	}
	s.mu.Lock()
	s.greeted, s.viewer = true, auth.From(ctx)
	s.mu.Unlock()
	if s.token != "" {
		s.expires <- s.api.Expiry(s.token)
	}
	s.reply(message{Type: "connection_ack"})
}

// authenticated is the context of the viewer whose token the socket has, as they
// are now. Without a good one the socket ends.
func (s *socket) authenticated(ctx context.Context) (context.Context, error) {
	if s.token == "" {
		return ctx, nil
	}
	ctx, err := s.api.Authenticate(ctx, s.token)
	if err != nil {
		s.refused(err)
	}
	return ctx, err
}

// refused ends the socket for a log-in that does not stand, or could not be
// looked at.
func (s *socket) refused(err error) {
	if fault.Of(err)[0].Code == fault.Unauthenticated {
		s.end(closeForbidden, "Forbidden")
		return
	}
	s.end(closeTryAgainLater, "The log-in could not be looked at")
}

// subscribe begins an operation of any type.
func (s *socket) subscribe(m message) {
	if !s.isGreeted() {
		s.end(closeUnauthorized, "Unauthorized")
		return
	}
	request, err := readBody(m.Payload)
	if err != nil {
		s.end(closeBadRequest, "Invalid message received")
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	o := &operation{id: m.ID, cancel: cancel, wish: &graph.Wish{Name: m.ID}, next: fmt.Appendf(nil, `{"id":%s,"type":"next","payload":`, jsonText(m.ID))}
	if !s.begin(o) {
		cancel()
		return
	}
	prepared, refused := s.api.Prepare(request)
	switch {
	case refused != nil:
		s.fail(o, refused)
	case prepared.Type() == ast.Subscription:
		s.follow(ctx, o, prepared)
	default:
		s.running.Go(func() {
			if !caught(ctx, s.log, func() { s.run(ctx, o, prepared) }) {
				s.fail(o, graph.Refuse(ctx, fault.New(fault.Internal, "")))
			}
		})
	}
}

// begin notes the operation, whose id must be free.
func (s *socket) begin(o *operation) bool {
	s.mu.Lock()
	_, taken := s.operations[o.id]
	full := len(s.operations) >= maxOperations
	if !taken && !full {
		s.operations[o.id] = o
	}
	s.mu.Unlock()
	switch {
	case taken:
		s.end(closeTaken, "Subscriber for "+clipped(o.id)+" already exists")
	case full:
		s.errors(o.id, graph.Refuse(s.ctx, fault.New(fault.RateLimited, "A socket has at most %d operations at once.", maxOperations)))
	}
	return !taken && !full
}

// clipped is an id as it fits into the reason of a close, which has 123 bytes.
func clipped(id string) string {
	const most = 80
	if len(id) <= most {
		return id
	}
	return string(bytes.ToValidUTF8([]byte(id[:most]), nil)) + "…"
}

// follow begins a subscription.
func (s *socket) follow(ctx context.Context, o *operation, prepared *graph.Operation) {
	s.mu.Lock()
	viewer := s.viewer
	s.mu.Unlock()
	if viewer != nil {
		ctx = auth.With(ctx, viewer)
	}
	o.wish.Spend = s.spender(ctx)
	subscription, refused := s.api.Subscribe(ctx, prepared, o.wish, s.inbox)
	if refused != nil {
		s.fail(o, refused)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.subscription = subscription; s.operations[o.id] != o { // it has ended already
		subscription.Close()
	}
}

// run answers a query or a mutation.
func (s *socket) run(ctx context.Context, o *operation, prepared *graph.Operation) {
	ctx, done := s.watch(ctx, nil)
	defer done()
	noticed(ctx).operation = prepared
	ctx, cancel := s.limited(ctx)
	defer cancel()
	ctx, err := s.authenticated(ctx)
	if err != nil {
		return
	}
	spent, err := s.spent(ctx, http.Header{}, prepared.Cost)
	if err != nil {
		noticed(ctx).errors = graph.Refuse(ctx, err)
		s.fail(o, noticed(ctx).errors)
		return
	}
	response := s.api.Do(spent, prepared)
	noticed(ctx).errors = response.Errors
	if s.finish(o) {
		s.replyWith(o.next, encode(response), []byte("}"))
		s.reply(message{ID: o.id, Type: "complete"})
	}
}

// tell sends an event, unless its subscription is over.
func (s *socket) tell(told graph.Told) {
	o := s.operation(told.To.Of.Name)
	switch {
	case o == nil || o.wish != told.To.Of: // it is over
	case told.Err == nil:
		s.send(o.next, told.Payload, []byte("}"))
	case fault.Of(told.Err)[0].Code == fault.Unauthenticated:
		s.refused(told.Err)
	case s.finish(o):
		s.send(jsonText(message{ID: o.id, Type: "error", Payload: jsonText(graph.Refuse(s.ctx, told.Err))}))
	}
}

func (s *socket) operation(id string) *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operations[id]
}

// finish ends an operation, which may be nil; false if it was not under way.
func (s *socket) finish(o *operation) bool {
	if o == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.operations[o.id] == o
	if found {
		delete(s.operations, o.id)
		o.close()
	}
	return found
}

func (o *operation) close() {
	o.cancel()
	if o.subscription != nil {
		o.subscription.Close()
	}
}

// drop ends all operations.
func (s *socket) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, o := range s.operations {
		delete(s.operations, id)
		o.close()
	}
}

// fail ends an operation with its errors.
func (s *socket) fail(o *operation, errs gqlerror.List) {
	if s.finish(o) {
		s.errors(o.id, errs)
	}
}

func (s *socket) errors(id string, errs gqlerror.List) {
	s.reply(message{ID: id, Type: "error", Payload: jsonText(errs)})
}

// reply has a message sent, in its turn.
func (s *socket) reply(m message) { s.replyWith(jsonText(m)) }

func (s *socket) replyWith(parts ...[]byte) {
	select {
	case s.replies <- bytes.Join(parts, nil):
	case <-s.ctx.Done():
	}
}
