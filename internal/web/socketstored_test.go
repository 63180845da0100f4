package web_test

import (
	"io"
	"net/http"
	"testing"
	"testing/fstest"

	"stoa/internal/dbtest"
	"stoa/internal/documents"
	"stoa/internal/web"
)

// asking subscribes to what the payload asks for.
func asking(payload string) []string {
	return []string{hello, `{"id": "1", "type": "subscribe", "payload": ` + payload + `}`}
}

const (
	ack    = `{"type":"connection_ack"}`
	next   = `{"id":"1","type":"next","payload":{"data":{"__typename":"Query"}}}`
	absent = `{"id":"1","type":"error","payload":[{"message":"No document is stored as Nosuch.","extensions":{"code":"PERSISTED_DOCUMENT_NOT_FOUND"}}]}`
	needed = `{"id":"1","type":"error","payload":[{"message":"Send the id of a stored document; no other is answered.","extensions":{"code":"PERSISTED_DOCUMENT_REQUIRED"}}]}`
)

func TestSocketsTakeStoredDocuments(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	docs, err := documents.Read(fstest.MapFS{
		"root.graphql":  {Data: []byte("query Root { __typename }")},
		"watch.graphql": {Data: []byte("subscription Watch { productChanged { id } }")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, only := range map[string]bool{"any": false, "stored only": true} {
		site := s.site(t, func(o *web.Options) { o.StoredOnly = only })
		if err := site.Store(docs); err != nil {
			t.Fatal(err)
		}
		text := needed
		if !only {
			text = next
		}
		url := s.served(t, site)
		t.Run(name, func(t *testing.T) {
			checkExchanges(t, url, []exchange{
				{"a stored query", asking(`{"documentId": "Root"}`), []string{ack, next}, 0},
				{"a stored subscription", append(asking(`{"documentId": "Watch"}`), `{"type": "ping"}`), []string{ack, `{"type":"pong"}`}, 0},
				{"an unknown one", asking(`{"documentId": "Nosuch"}`), []string{ack, absent}, 0},
				{"a text", asking(`{"query": "{ __typename }"}`), []string{ack, text}, 0},
				{"both", asking(`{"query": "{ __typename }", "documentId": "Root"}`), []string{ack}, 4400},
				{"a malformed id", asking(`{"documentId": "../Root"}`), []string{ack}, 4400},
			})
			checkStream(t, url+"/graphql?documentId=Watch")
		})
	}
}

// checkStream expects a stream that has begun.
func checkStream(t *testing.T, url string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	begun := make([]byte, len(":\n\n"))
	if _, err := io.ReadFull(response.Body, begun); err != nil || string(begun) != ":\n\n" {
		t.Errorf("got %s, %q, %v", response.Status, begun, err)
	}
}
