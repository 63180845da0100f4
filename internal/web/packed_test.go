package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestAnswersArePacked if they are long and the client takes gzip, whatever else it takes.
func TestAnswersArePacked(t *testing.T) {
	s := newShop(t, nil)
	const short, long = "{ __typename }", "{ __schema { types { name description } } }"
	for _, accept := range []string{
		"", plainJSON, graphQLJSON,
		"application/graphql-response+json, application/json, text/event-stream, multipart/mixed", // urql
		eventStream,
	} {
		for query, packs := range map[string]bool{short: false, long: accept != eventStream} {
			for _, takes := range []bool{true, false} {
				h := http.Header{"Content-Type": {plainJSON}}
				if accept != "" {
					h.Set("Accept", accept)
				}
				if takes {
					h.Set("Accept-Encoding", "gzip")
				}
				w := s.do(call{"POST", "/graphql", h, strings.NewReader(ask(query))})
				if packed := w.Header().Get("Content-Encoding") == "gzip"; w.Code != 200 || packed != (packs && takes) {
					t.Errorf("%s for %q, which takes gzip: %t: got %d %v", query, accept, takes, w.Code, w.Header())
				}
				for name := range w.Header() {
					if strings.HasPrefix(name, "No-") {
						t.Errorf("%q is told %s", accept, name)
					}
				}
			}
		}
	}
}
