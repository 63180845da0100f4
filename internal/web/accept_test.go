package web

import (
	"slices"
	"strings"
	"testing"
)

func TestTheClientsChoiceOfMediaType(t *testing.T) {
	const none = "none"
	for _, c := range []struct {
		accept []string
		want   string
	}{
		{nil, plainJSON},
		{[]string{"*/*"}, plainJSON},
		{[]string{"application/*"}, plainJSON},
		{[]string{"application/json"}, plainJSON},
		{[]string{"application/graphql-response+json"}, graphQLJSON},
		{[]string{"APPLICATION/GraphQL-Response+JSON; Charset=UTF-8"}, graphQLJSON},
		{[]string{"application/graphql-response+json, application/json;q=0.9"}, graphQLJSON},
		{[]string{"application/json;q=0.9, application/graphql-response+json"}, graphQLJSON},
		{[]string{"application/json, application/graphql-response+json"}, plainJSON},
		{[]string{"application/graphql-response+json, application/json"}, graphQLJSON},
		{[]string{"application/json", "application/graphql-response+json;q=0.5"}, plainJSON},
		{[]string{"application/graphql-response+json;q=0.5", "application/json"}, plainJSON},
		{[]string{"text/html,application/xhtml+xml,*/*;q=0.8"}, plainJSON},
		{[]string{"text/html, application/graphql-response+json;q=0.1"}, graphQLJSON},
		{[]string{"application/graphql-response+json;q=0, */*;q=0.1"}, plainJSON},
		{[]string{"application/graphql-response+json, */*"}, graphQLJSON},
		{[]string{"application/json;q=0, application/graphql-response+json;q=0.001"}, graphQLJSON},
		{[]string{"nonsense, application/json"}, plainJSON},
		{[]string{"text/html"}, none},
		{[]string{"text/*"}, none},
		{[]string{"text/event-stream"}, eventStream},
		{[]string{"text/event-stream, application/json"}, eventStream},
		{[]string{"application/json;q=0.9", "text/event-stream"}, eventStream},
		{[]string{"application/json, text/event-stream"}, plainJSON},
		{[]string{"application/graphql-response+json, application/json, text/event-stream, multipart/mixed"}, graphQLJSON},
		{[]string{"*/*, text/event-stream;q=0.9"}, plainJSON},
		{[]string{"application/xml"}, none},
		{[]string{"application/json;q=0"}, none},
		{[]string{"application/json;q=2"}, none},
		{[]string{"application/json;q=x"}, none},
		{[]string{"application/json;q=NaN"}, none},
		{[]string{"nonsense"}, none},
		{[]string{";"}, none},
	} {
		media := negotiate(c.accept).media()
		if media == "" {
			media = none
		}
		if media != c.want {
			t.Errorf("%q: got %s, want %s", c.accept, media, c.want)
		}
	}
}

// What a client refuses by name it does not get by a wildcard.
func TestAWildcardIsNotWhatWasRefused(t *testing.T) {
	for _, accept := range []string{"application/json;q=0, */*", "*/*, application/json;q=0", "application/*, application/json;q=0"} {
		if media := negotiate([]string{accept}).media(); media != graphQLJSON {
			t.Errorf("%s: got %q, want %s", accept, media, graphQLJSON)
		}
	}
}

func FuzzAccept(f *testing.F) {
	for _, seed := range []string{
		"", "*/*", "application/json", "application/graphql-response+json;q=0.5,application/json;q=0", "text/html, */*;q=0.1",
		"application/*;q=1.5", "ApplICAtion/grAphql-response+json;q=0,AppliCAtion/json;q=0", `text/plain;a="b,application/json"`, ",,;=", "application/json;q=", "application/json;q=0x1p-2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		media := negotiate([]string{accept}).media()
		if !slices.Contains([]string{graphQLJSON, plainJSON, eventStream, ""}, media) {
			t.Fatalf("%q: got %q", accept, media)
		}
		named := strings.ToLower(accept)
		if media != "" && !strings.Contains(named, "application/") && !strings.Contains(named, "*/*") && !strings.Contains(named, eventStream) {
			t.Fatalf("%q: got %q", accept, media)
		}
		ranges := mediaRanges(accept)
		for _, ours := range []string{graphQLJSON, plainJSON} {
			if wanted := closest(ranges, ours).quality; wanted > 0 && media == "" || wanted == 0 && media == ours {
				t.Fatalf("%q: got %q, which is wanted by %v", accept, media, wanted)
			}
		}
	})
}
