package web

import (
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
		{[]string{"application/xml"}, none},
		{[]string{"application/json;q=0"}, none},
		{[]string{"application/json;q=2"}, none},
		{[]string{"application/json;q=x"}, none},
		{[]string{"application/json;q=NaN"}, none},
		{[]string{"nonsense"}, none},
		{[]string{";"}, none},
	} {
		media, ok := negotiate(c.accept)
		if !ok && media == "" {
			media = none
		}
		if media != c.want {
			t.Errorf("%q: got %s, %v, want %s", c.accept, media, ok, c.want)
		}
	}
}

// What a client refuses by name it does not get by a wildcard.
func TestAWildcardIsNotWhatWasRefused(t *testing.T) {
	for _, accept := range []string{"application/json;q=0, */*", "*/*, application/json;q=0", "application/*, application/json;q=0"} {
		if media, ok := negotiate([]string{accept}); media != graphQLJSON || !ok {
			t.Errorf("%s: got %q, %v, want %s", accept, media, ok, graphQLJSON)
		}
	}
}

func FuzzAccept(f *testing.F) {
	for _, seed := range []string{
		"", "*/*", "application/json", "application/graphql-response+json;q=0.5,application/json;q=0", "text/html, */*;q=0.1",
		"application/*;q=1.5", `text/plain;a="b,application/json"`, ",,;=", "application/json;q=", "application/json;q=0x1p-2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		media, ok := negotiate([]string{accept})
		if ok != (media == graphQLJSON || media == plainJSON) || !ok && media != "" {
			t.Fatalf("%q: got %q, %v", accept, media, ok)
		}
		if named := strings.ToLower(accept); ok && !strings.Contains(named, "application/") && !strings.Contains(named, "*/*") {
			t.Fatalf("%q: got %q", accept, media)
		}
		if media, ok := negotiate([]string{"text/html", accept, "application/*"}); !ok {
			t.Fatalf("%q and anything: got %q, %v", accept, media, ok)
		}
	})
}
