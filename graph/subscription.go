package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph/writer"
	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/live"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// Wish is a subscription as who sends its events knows it.
type Wish struct {
	// Name is the sender's own name for it.
	Name string
	// After, unless empty, is the cursor behind which it goes on, whatever the
	// operation says.
	After string
	// Spend pays for an event, or tells why that cannot be.
	Spend func(cost int) error

	operation *Operation
	alike     [sha256.Size]byte // the same for operations with the same answers to the same viewer
	personal  bool              // other viewers get other answers
	login     int64             // the viewer's, 0 where nobody is logged in
}

// What the senders of events deal with.
type (
	Inbox        = live.Inbox[*Wish]
	Subscription = live.Subscription[*Wish]
	Told         = live.Told[*Wish]
)

// NewInbox returns the inbox of a sender who is there until the context ends.
func NewInbox(ctx context.Context) *Inbox { return live.NewInbox[*Wish](ctx) }

// Close ends all subscriptions.
func (a *API) Close() { a.hub.Close() }

// Subscriptions is how many are open.
func (a *API) Subscriptions() int { return a.hub.Open() }

// Subscribe begins the operation, which is a subscription of the viewer's: its
// events come into the inbox. It has to be closed.
func (a *API) Subscribe(ctx context.Context, o *Operation, w *Wish, inbox *Inbox) (*Subscription, gqlerror.List) {
	asked := &asking{}
	if w.After != "" {
		asked.after = &w.After
	}
	if len(a.rootFields(o)) == 0 {
		return nil, gqlerror.List{invalid(o.context.Operation.Position, "The subscription is left out by its directives.")}
	}
	if _, refused := a.ask(ctx, o, asked); refused != nil {
		return nil, refused
	}
	w.operation, w.personal = o, personal(o.context.Operation.SelectionSet)
	w.alike = sha256.Sum256(o.content())
	if viewer := auth.From(ctx); viewer != nil {
		w.login = viewer.Login
	}
	s, err := a.hub.Subscribe(ctx, w, asked.filter, asked.place, inbox)
	if err != nil {
		a.logInternal(ctx, "", fault.Of(err))
		return nil, Refuse(ctx, err)
	}
	return s, nil
}

func (a *API) rootFields(o *Operation) []*writer.Place {
	return o.root.Of(a.schema.Subscription.Name)
}

// asking is what the field of a subscription is asked: what it is about or, with
// news, what it says to those.
type asking struct {
	news *store.News

	after  *string
	filter live.Filter
	place  *sqldb.Place
}

type askingKey struct{}

// told answers a subscription's field, whose topic it is.
func told[E any](ctx context.Context, topic *store.Topic[E], after *string) (<-chan *E, error) {
	events := make(chan *E, 1)
	defer close(events)
	asked, _ := ctx.Value(askingKey{}).(*asking)
	if asked.news == nil {
		return events, asked.about(topic.Filter, topic.Err, after)
	}
	event, err := topic.Event(asked.news)
	if event != nil {
		events <- event
	}
	return events, err
}

// about notes what the subscription is about.
func (a *asking) about(filter live.Filter, wrong error, after *string) error {
	a.filter = filter
	if a.after != nil {
		after = a.after
	}
	if after == nil {
		return wrong
	}
	place, ok := sqldb.ParsePlace(*after)
	if !ok {
		return fault.Both(wrong, fault.Input("after", fault.Malformed, "This is no cursor of an event."))
	}
	a.place = &place
	return wrong
}

// ask asks the operation's field; nil where it says nothing.
func (a *API) ask(ctx context.Context, o *Operation, asked *asking) (*Response, gqlerror.List) {
	ctx = context.WithValue(ctx, askingKey{}, asked)
	ctx = graphql.WithOperationContext(ctx, o.context)
	ctx = graphql.WithResponseContext(ctx, a.presenter(), a.recovered)
	next := a.executable.Exec(ctx)
	if errs := graphql.GetErrors(ctx); errs != nil {
		return nil, errs
	}
	answer := next(ctx)
	if answer == nil {
		return nil, graphql.GetErrors(ctx)
	}
	response := &Response{Data: answer.Data, Errors: graphql.GetErrors(ctx)}
	root := a.rootFields(o)[0]
	if len(response.Errors) > 0 && string(response.Data) == fmt.Sprintf("{%q:null}", root.Alias) {
		response.Data = json.RawMessage("null") // no root field may be null
	}
	return response, nil
}
