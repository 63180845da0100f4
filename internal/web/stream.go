package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"stoa/graph"
	"stoa/internal/auth"
	"stoa/internal/fault"
)

// completeEvent is the last of a stream.
var completeEvent = []byte("event: complete\ndata: \n\n")

// nextEvent is an event that holds a response, with its id unless empty.
func nextEvent(id string, response []byte) []byte {
	event := []byte("event: next\n")
	if id != "" {
		event = append(append(append(event, "id: "...), id...), '\n')
	}
	return slices.Concat(event, []byte("data: "), response, []byte("\n")) // the response ends its line
}

func startEvents(w http.ResponseWriter) {
	w.Header().Set("Content-Type", eventStream+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // proxies that obey it pass each event on at once
	w.Header().Set(gzhttp.HeaderNoCompression, "true")
	w.WriteHeader(http.StatusOK)
}

// writeEvents sends events at once.
func writeEvents(w http.ResponseWriter, events ...[]byte) error {
	to := http.NewResponseController(w)
	_ = to.SetWriteDeadline(time.Now().Add(writeWait)) // where it cannot, there is none
	for _, event := range events {
		if _, err := w.Write(event); err != nil {
			return err
		}
	}
	return to.Flush()
}

// stream sends the events of a subscription until the client goes, the token
// runs out or Stoa stops. A client that lost it can go on from the last id.
func (g *graphQL) stream(ctx context.Context, w http.ResponseWriter, r *http.Request, o *graph.Operation) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	inbox := graph.NewInbox(ctx)
	subscription, errs := g.api.Subscribe(ctx, o, &graph.Wish{After: r.Header.Get("Last-Event-ID"), Spend: g.spender(ctx)}, inbox)
	if errs != nil {
		media := eventStream
		if code := codeOf(errs[0]); code == fault.Unavailable || code == fault.Timeout {
			media = graphQLJSON // whose status says so
		}
		answer(w, r, media, &graph.Response{Errors: errs})
		return
	}
	defer subscription.Close()
	g.streams.Add(1)
	defer g.streams.Add(-1)
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // the request has been read
	startEvents(w)
	comment := []byte(":\n\n")
	if writeEvents(w, comment) != nil {
		return
	}
	alive := time.NewTicker(g.paces.ping)
	defer alive.Stop()
	expired, stop := g.expiry(ctx, r)
	defer stop()
	for {
		var err error
		select {
		case <-inbox.Ready:
			told, ok := inbox.Take()
			switch {
			case !ok:
			case told.Err != nil:
				refuseEvents(ctx, w, told.Err)
				return
			default:
				err = writeEvents(w, nextEvent(told.Cursor, told.Payload))
			}
		case <-alive.C:
			err = writeEvents(w, comment)
		case <-expired:
			refuseEvents(ctx, w, auth.Refused())
			return
		case <-inbox.Late: // or gone
			return
		case <-g.stopping:
			return
		}
		if err != nil {
			return
		}
	}
}

// refuseEvents ends a stream with what is wrong.
func refuseEvents(ctx context.Context, w http.ResponseWriter, err error) {
	_ = writeEvents(w, nextEvent("", encode(&graph.Response{Errors: graph.Refuse(ctx, err)})), completeEvent)
}

// expiry tells when the token of the request has run out, if it has one.
func (g *graphQL) expiry(ctx context.Context, r *http.Request) (expired <-chan time.Time, stop func() bool) {
	if auth.From(ctx) == nil {
		return nil, func() bool { return false }
	}
	timer := time.NewTimer(time.Until(g.api.Expiry(tokenOf(r.Header.Get("Authorization")))))
	return timer.C, timer.Stop
}
