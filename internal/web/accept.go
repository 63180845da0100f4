package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/fault"
)

// The media types of an answer.
const (
	graphQLJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
	eventStream = "text/event-stream"
)

// accepted is what a client takes for an answer.
type accepted struct {
	json   string // the type of JSON that it likes best, "" if it takes none
	events bool   // a stream of events too, if it names that
	better bool   // and rather than JSON
}

// negotiate returns the media types that the client likes best, of equals the
// one that it named first. Whoever does not say gets application/json, as
// clients of old expect.
func negotiate(accept []string) (a accepted) {
	if len(accept) == 0 {
		return accepted{json: plainJSON}
	}
	header := strings.Join(accept, ",")
	if known, ok := wellKnown[header]; ok {
		return known
	}
	return weighed(header)
}

// wellKnown are headers that many clients send, and what they come to.
var wellKnown = weighedAll(
	"*/*", "application/json", "application/json, */*", "application/graphql-response+json",
	"application/graphql-response+json, application/json;q=0.9", // as GraphQL over HTTP has it
	"application/graphql-response+json,application/json;q=0.9",  // Apollo
)

func weighedAll(headers ...string) map[string]accepted {
	all := map[string]accepted{}
	for _, header := range headers {
		all[header] = weighed(header)
	}
	return all
}

func weighed(header string) (a accepted) {
	ranges := mediaRanges(header)
	var best mediaRange
	for _, ours := range []string{plainJSON, graphQLJSON} {
		if r := closest(ranges, ours); r.before(best) {
			a.json, best = ours, r
		}
	}
	events := closest(ranges, eventStream)
	a.events, a.better = events.quality > 0, events.before(best)
	return a
}

// media is that of an answer which may be of any type, "" for none of ours.
func (a accepted) media() string {
	if a.better {
		return eventStream
	}
	return a.json
}

// allow refuses an operation that cannot be answered so.
func (a accepted) allow(w http.ResponseWriter, r *http.Request, t ast.Operation) error {
	switch {
	case r.Method == http.MethodGet && (t == ast.Mutation || t == ast.Subscription && !a.events):
		w.Header().Set("Allow", http.MethodPost)
		return fault.New(fault.MethodNotAllowed, "Only a query may be sent by GET.")
	case t == ast.Subscription && !a.events:
		return fault.New(fault.NotAcceptable, "The events of a subscription are sent as %s, or over a WebSocket.", eventStream)
	}
	return nil
}

// before tells whether the range is liked better, or named earlier.
func (m mediaRange) before(other mediaRange) bool {
	return m.quality > other.quality || m.quality == other.quality && m.quality > 0 && m.place < other.place
}

// mediaRange is what a client says of a media type, or of several.
type mediaRange struct {
	name    string
	quality float64
	place   int
}

func mediaRanges(accept string) []mediaRange {
	var ranges []mediaRange
	for i, text := range strings.Split(accept, ",") {
		name, parameters, err := mime.ParseMediaType(text)
		if q, ok := quality(parameters["q"]); ok && err == nil {
			ranges = append(ranges, mediaRange{name, q, i})
		}
	}
	return ranges
}

// closest is the range that says most precisely how much the media type is
// wanted (RFC 9110, section 12.5.1); the zero range where none does.
func closest(ranges []mediaRange, media string) mediaRange {
	names := []string{media, "application/*", "*/*"}
	if media == eventStream {
		names = names[:1] // whoever does not name it does not know it
	}
	for _, name := range names {
		for _, r := range ranges {
			if r.name == name {
				return r
			}
		}
	}
	return mediaRange{}
}

// quality is how much a media type is wanted, 1 where that is not said; false
// for what is no quality.
func quality(q string) (float64, bool) {
	if q == "" {
		return 1, true
	}
	value, err := strconv.ParseFloat(q, 64)
	return value, err == nil && value >= 0 && value <= 1
}
