package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/web"
)

const (
	hello   = `{"type": "connection_init"}`
	watches = `{"id": "1", "type": "subscribe", "payload": {"query": "subscription { productChanged { id } }"}}`
	asks    = `{"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}`
)

// exchange is what a client may send, and what it is answered: messages and,
// where the socket is then closed, the code.
type exchange struct {
	name string
	send []string
	want []string
	code int
}

var exchanges = []exchange{
	{"a query", []string{hello, asks}, []string{
		`{"type":"connection_ack"}`,
		`{"id":"1","type":"next","payload":{"data":{"__typename":"Query"}}}`,
		`{"id":"1","type":"complete"}`,
	}, 0},
	{"an operation after another of the same id", []string{hello, watches, `{"id": "1", "type": "complete"}`, watches, `{"type": "ping"}`}, []string{
		`{"type":"connection_ack"}`, `{"type":"pong"}`,
	}, 0},
	{"a ping before the greeting", []string{`{"type": "ping", "payload": {"a": [1]}}`, hello}, []string{
		`{"type":"pong","payload":{"a":[1]}}`, `{"type":"connection_ack"}`,
	}, 0},
	{"a pong nobody asked for", []string{`{"type": "pong"}`, hello}, []string{`{"type":"connection_ack"}`}, 0},
	{"completing nothing", []string{hello, `{"id": "x", "type": "complete"}`, `{"type": "ping"}`}, []string{
		`{"type":"connection_ack"}`, `{"type":"pong"}`,
	}, 0},
	{"not GraphQL", []string{hello, `{"id": "é\"", "type": "subscribe", "payload": {"query": "{"}}`}, []string{
		`{"type":"connection_ack"}`,
		`{"id":"é\"","type":"error","payload":[{"message":"Expected Name, found <EOF>","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`,
	}, 0},
	{"a malformed id", []string{hello, `{"id": "1", "type": "subscribe", "payload": {"query": "subscription { p: productChanged(id: \"x\") { id } }"}}`}, []string{
		`{"type":"connection_ack"}`,
		`{"id":"1","type":"error","payload":[{"message":"This is not the id of a Product.","path":["p"],"locations":[{"line":1,"column":16}],"extensions":{"code":"BAD_USER_INPUT","field":"id","reason":"MALFORMED"}}]}`,
	}, 0},
	{"an operation before the greeting", []string{asks}, nil, 4401},
	{"two greetings", []string{hello, hello}, []string{`{"type":"connection_ack"}`}, 4429},
	{"an id that is taken", []string{hello, watches, watches}, []string{`{"type":"connection_ack"}`}, 4409},
	{"a bad token", []string{`{"type": "connection_init", "payload": {"Authorization": "Bearer x"}}`}, nil, 4403},
	{"another scheme", []string{`{"type": "connection_init", "payload": {"authorization": "Basic eDp5"}}`}, nil, 4403},
	{"a greeting with no object", []string{`{"type": "connection_init", "payload": 1}`}, nil, 4400},
	{"not JSON", []string{`nonsense`}, nil, 4400},
	{"a list", []string{`[]`}, nil, 4400},
	{"no type", []string{`{}`}, nil, 4400},
	{"another type", []string{`{"type": "start", "id": "1"}`}, nil, 4400},
	{"the server's own type", []string{`{"type": "connection_ack"}`}, nil, 4400},
	{"no id", []string{hello, `{"type": "subscribe", "payload": {"query": "{ __typename }"}}`}, []string{`{"type":"connection_ack"}`}, 4400},
	{"an empty id", []string{hello, `{"id": "", "type": "subscribe", "payload": {"query": "{ __typename }"}}`}, []string{`{"type":"connection_ack"}`}, 4400},
	{"an id that is no text", []string{hello, `{"id": 1, "type": "subscribe", "payload": {"query": "{ __typename }"}}`}, []string{`{"type":"connection_ack"}`}, 4400},
	{"no payload", []string{hello, `{"id": "1", "type": "subscribe"}`}, []string{`{"type":"connection_ack"}`}, 4400},
	{"no query", []string{hello, `{"id": "1", "type": "subscribe", "payload": {}}`}, []string{`{"type":"connection_ack"}`}, 4400},
}

func TestSocketProtocol(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	checkExchanges(t, s.served(t, s.handler), exchanges)
}

func checkExchanges(t *testing.T, url string, exchanges []exchange) {
	t.Helper()
	for _, c := range exchanges {
		t.Run(c.name, func(t *testing.T) {
			p := dial(t, url, nil, "graphql-transport-ws")
			for _, text := range c.send {
				p.send(text)
			}
			for _, want := range c.want {
				p.expect(want)
			}
			if c.code != 0 {
				p.closed(c.code)
			}
		})
	}
}

// TestSocketFrames are what only frames can do.
func TestSocketFrames(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	site := s.site(t, nil)
	site.Hurry(20*time.Millisecond, 20*time.Millisecond)
	hurried := s.served(t, site)
	url := s.served(t, s.handler)

	t.Run("no greeting", func(t *testing.T) { dial(t, hurried, nil, "graphql-transport-ws").closed(4408) })
	t.Run("another protocol", func(t *testing.T) { dial(t, url, nil, "graphql-ws").closed(4406) })
	t.Run("no protocol", func(t *testing.T) { dial(t, url, nil).closed(4406) })
	t.Run("ours among others", func(t *testing.T) {
		p := dial(t, url, nil, "graphql-ws", "graphql-transport-ws")
		if got := p.conn.Subprotocol(); got != "graphql-transport-ws" {
			t.Errorf("got the protocol %q", got)
		}
		p.begin("")
	})
	t.Run("too large", func(t *testing.T) {
		p := plugIn(t, url, "")
		p.send(`{"type": "ping", "payload": {"x": "` + strings.Repeat("x", 1<<20) + `"}}`)
		p.closed(websocket.CloseMessageTooBig)
	})
	t.Run("the peer's close is answered", func(t *testing.T) {
		p := plugIn(t, url, "")
		_ = p.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(4499, "bye"))
		p.closed(4499)
	})
	t.Run("pings", func(t *testing.T) {
		site := s.site(t, nil)
		site.Hurry(time.Minute, 300*time.Millisecond) // time for a busy machine to read them
		p := dial(t, s.served(t, site), nil, "graphql-transport-ws")
		framed := false
		p.conn.SetPingHandler(func(string) error { framed = true; return nil })
		p.send(hello)
		for said := false; !said || !framed; {
			_, text, err := p.conn.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			said = said || bytes.Equal(text, []byte(`{"type":"ping"}`))
		}
	})
	t.Run("silence", func(t *testing.T) {
		p := dial(t, hurried, nil, "graphql-transport-ws")
		p.conn.SetPingHandler(func(string) error { return nil }) // no pong
		p.send(hello)
		p.closed(websocket.CloseNormalClosure)
	})
	t.Run("a hundred operations", func(t *testing.T) {
		p := plugIn(t, url, "")
		for i := range 100 {
			p.begins(fmt.Sprint(i), "subscription { productChanged { id } }")
		}
		p.settled()
		p.begins("more", "{ __typename }")
		if got, _ := p.receive(); !strings.Contains(got, `"id":"more","type":"error"`) || !strings.Contains(got, "RATE_LIMITED") {
			t.Errorf("got %s", got)
		}
		p.send(`{"id": "7", "type": "complete"}`)
		p.begins("more", "{ __typename }")
		p.expect(`{"id":"more","type":"next","payload":{"data":{"__typename":"Query"}}}`)
	})
}

// TestSocketOrigins: pages of other sites open sockets where they may ask at all.
func TestSocketOrigins(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	closed := s.served(t, s.handler)
	open := s.served(t, s.site(t, func(o *web.Options) { o.Origins = []string{"https://shop.example"} }))
	all := s.served(t, s.site(t, func(o *web.Options) { o.Origins = []string{"*"} }))
	for _, c := range []struct {
		url, origin string
		status      int
	}{
		{closed, "https://shop.example", http.StatusForbidden},
		{closed, "null", http.StatusForbidden},
		{closed, closed, http.StatusSwitchingProtocols},
		{open, "https://shop.example", http.StatusSwitchingProtocols},
		{open, "https://other.example", http.StatusForbidden},
		{all, "https://other.example", http.StatusSwitchingProtocols},
	} {
		conn, response, _ := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(c.url, "http")+"/graphql", http.Header{"Origin": {c.origin}})
		if response == nil || response.StatusCode != c.status {
			t.Errorf("%s: got %v, want %d", c.origin, response, c.status)
		}
		if conn != nil {
			conn.Close()
		}
	}
}

// TestSocketTokens: the token comes with the greeting or the request, and ends
// the socket when it does.
func TestSocketTokens(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		url := s.served(t, s.handler)
		who := func(p *plug, want string) {
			t.Helper()
			p.begins("who", "{ viewer { username } }")
			p.expect(`{"id":"who","type":"next","payload":{"data":{"viewer":` + want + `}}}`)
			p.expect(`{"id":"who","type":"complete"}`)
		}
		who(plugIn(t, url, ""), `null`)
		who(plugIn(t, url, s.ann.token), `{"username":"ann"}`)
		header := http.Header{"Authorization": {"Bearer " + s.bob.token}}
		byHeader := dial(t, url, header, "graphql-transport-ws")
		byHeader.begin("")
		who(byHeader, `{"username":"bob"}`)
		both := dial(t, url, header, "graphql-transport-ws")
		both.begin(s.ann.token)
		who(both, `{"username":"ann"}`)

		_, response, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/graphql", http.Header{"Authorization": {"Bearer x"}})
		if err == nil || response.StatusCode != http.StatusUnauthorized || response.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("with a bad token: got %v, %v", response, err)
		}

		brief := s.site(t, func(o *web.Options) { o.Auth = s.service(t, auth.Options{TokenTTL: 2 * time.Second}) })
		briefly := (&client{handler: brief}).logIn(t, "bob@example.com", secret)
		plugIn(t, s.served(t, brief), briefly.token).closed(4403)

		soon := s.nobody.logIn(t, "ann@example.com", secret)
		out := plugIn(t, url, soon.token)
		soon.get(t, "mutation { logOut }", nil)
		out.begins("1", "{ __typename }")
		out.closed(4403)
	})
}
