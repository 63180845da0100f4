package graph

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/fault"
)

// asker is the context of one who asks; it tells when the asker waits.
type asker struct {
	context.Context
	waits chan struct{}
}

func (a asker) Done() <-chan struct{} {
	a.waits <- struct{}{}
	return a.Context.Done()
}

// queue is a crowd, of which each run waits until it is let go on.
type queue struct {
	*crowds
	waits   chan struct{}
	begins  chan chan *Response // each run that begins, for its answer
	answers sync.WaitGroup
}

func newQueue() *queue {
	return &queue{crowds: newCrowds(time.Hour), waits: make(chan struct{}), begins: make(chan chan *Response)}
}

// ask asks with the variables and hands the answer on.
func (q *queue) ask(ctx context.Context, variables string, answer func(*Response)) {
	q.answers.Go(func() {
		answer(q.run(asker{ctx, q.waits}, alike{"query", variables}, func() *Response {
			run := make(chan *Response)
			q.begins <- run
			return <-run
		}))
	})
}

// Whoever asks while a run is under way gets the next one, with all who have
// asked before that begins; nobody gets one that had begun when they asked.
func TestThoseWhoAskAlikeShareARun(t *testing.T) {
	q, ctx := newQueue(), t.Context()
	first, second, third, other := &Response{}, &Response{Stale: true}, &Response{Stale: true}, &Response{}
	expect := func(want *Response) func(*Response) {
		return func(got *Response) {
			if got.Stale != want.Stale || got.Errors != nil {
				t.Errorf("got %v, want %v", got, want)
			}
		}
	}
	q.ask(ctx, "a", expect(first))
	one := <-q.begins
	for range 10 {
		q.ask(ctx, "a", expect(second))
		<-q.waits
	}
	q.ask(ctx, "b", expect(other)) // asks for something else
	(<-q.begins) <- other
	one <- first
	two := <-q.begins
	q.ask(ctx, "a", expect(third))
	<-q.waits
	two <- second
	(<-q.begins) <- third
	q.answers.Wait()
	if len(q.next)+len(q.begun) != 0 {
		t.Errorf("%d and %d are left", len(q.next), len(q.begun))
	}
}

// What becomes of one who asks does not become of the others.
func TestThoseWhoShareARunStayThemselves(t *testing.T) {
	q, ctx := newQueue(), t.Context()
	failed := &Response{Errors: gqlerror.List{{Message: string(fault.Timeout)}}}
	q.ask(ctx, "a", func(*Response) {})
	one := <-q.begins
	q.ask(ctx, "a", func(r *Response) {
		if r.Errors == nil {
			t.Error("who had no time has an answer")
		}
	})
	<-q.waits
	leaving, leave := context.WithCancel(ctx)
	q.ask(leaving, "a", func(r *Response) {
		if r.Errors == nil {
			t.Error("who has gone has an answer")
		}
	})
	<-q.waits
	for range 3 {
		q.ask(ctx, "a", func(r *Response) {
			if r.Errors != nil {
				t.Error("another's fault is told")
			}
		})
		<-q.waits
	}
	leave()
	(<-q.begins) <- failed // of the one who left, and before anybody else's
	one <- &Response{}
	(<-q.begins) <- failed // of the one without time
	for range 3 {
		(<-q.begins) <- &Response{} // of each of the others
	}
	q.answers.Wait()
}

// A run waits for the one before it, but not for long.
func TestARunThatTakesLongIsNotWaitedFor(t *testing.T) {
	q, ctx := newQueue(), t.Context()
	q.patience = time.Millisecond
	q.ask(ctx, "a", func(*Response) {})
	one := <-q.begins
	q.ask(ctx, "a", func(*Response) {})
	<-q.waits
	two := <-q.begins
	two <- &Response{}
	one <- &Response{}
	q.answers.Wait()
	if len(q.next)+len(q.begun) != 0 {
		t.Errorf("%d and %d are left", len(q.next), len(q.begun))
	}
}

// Who asks for another document, or with other variables, does not ask alike.
func TestWhatIsSharedIsADocumentWithItsVariables(t *testing.T) {
	a, err := storing(t, Options{}, map[string]string{
		"a.graphql": "query A($x: Boolean!) { __typename @skip(if: $x) }",
		"b.graphql": "query B($x: Boolean!) { __typename @skip(if: $x) }",
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := &joint{done: make(chan struct{}), response: &Response{Stale: true}}
	close(ended.done)
	a.crowds.next[alike{a.stored.find("A").Text, `{"x":true}`}] = ended
	for id, x := range map[string]string{"A": "true", "B": "true", a.stored.find("A").ID: "false"} {
		o, refused := a.Prepare(Request{DocumentID: id, Variables: object(t, `{"x": `+x+`}`)})
		if refused != nil {
			t.Fatal(refused)
		}
		if shared := a.Share(t.Context(), o).Stale; shared != (id == "A") {
			t.Errorf("%s with %s: shared is %t", id, x, shared)
		}
	}
}

// What depends on who asks, or does something, is nobody else's.
func TestWhatMayBeShared(t *testing.T) {
	for query, want := range map[string]bool{
		"query Q { categories { totalCount } }":                  true,
		"query Q { rateLimit { remaining } }":                    false,
		"query Q { a: viewer { id } }":                           false,
		"query Q { posts { nodes { ... { viewerHasLiked } } } }": false,
		"mutation Q { logOut }":                                  false,
		"subscription Q { productChanged { id } }":               false,
	} {
		a, err := storing(t, Options{}, map[string]string{"q.graphql": query})
		if err != nil {
			t.Fatal(err)
		}
		for way, r := range map[string]Request{"stored": {DocumentID: "Q"}, "text": {Query: query}} {
			o, refused := a.Prepare(r)
			if refused != nil {
				t.Fatal(refused)
			}
			if got := o.shared(); got != (want && way == "stored") {
				t.Errorf("%s, %s: shared is %t", query, way, got)
			}
		}
	}
}
