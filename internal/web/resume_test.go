package web_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/limit"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// productEvent is what the tests read of one.
type productEvent struct {
	ProductChanged struct {
		Kind    string
		ID      string
		Cursor  string
		Product *struct {
			Name      string
			Version   int
			Inventory int
		}
	}
}

const allProducts = `productChanged { kind id cursor product { name version inventory } }`

// after is the subscription behind the cursor.
func after(cursor string) string {
	return fmt.Sprintf("subscription { %s }", strings.Replace(allProducts, " {", fmt.Sprintf("(after: %q) {", cursor), 1))
}

// TestResume: who was away is told of what happened meanwhile, by whichever
// site, and then goes on.
func TestResume(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		site := s.site(t, nil)
		p := plugIn(t, s.served(t, site), "")
		p.subscribe("1", "subscription { "+allProducts+" }")
		var made []string
		for range 3 {
			made = append(made, s.product(t))
		}
		var event productEvent
		p.next("1", &event)
		if event.ProductChanged.ID != made[0] {
			t.Fatalf("got %+v first", event)
		}
		first := event.ProductChanged.Cursor
		site.Close()
		p.closed(websocket.CloseGoingAway)
		made = append(made, s.product(t))

		p = plugIn(t, s.served(t, s.handler), "")
		p.subscribe("busy", "subscription { postAdded { id } }") // there is a reader already
		p.begins("1", after(first))
		for _, want := range made[1:] {
			if p.next("1", &event); event.ProductChanged.ID != want {
				t.Fatalf("got %+v, want %s", event, want)
			}
		}
		want := s.product(t)
		if p.next("1", &event); event.ProductChanged.ID != want {
			t.Fatalf("got %+v, want %s", event, want)
		}

		if _, err := s.db.Exec(t.Context(), "DELETE FROM changes WHERE seq < (SELECT max(seq) - 2 FROM changes)"); err != nil {
			t.Fatal(err)
		}
		p.begins("2", after(first))
		if got, _ := p.receive(); !strings.Contains(got, `"id":"2","type":"error"`) || !strings.Contains(got, `"code":"GAP"`) {
			t.Errorf("got %s", got)
		}
	})
}

// TestBurst: more changes at once than a consumer may be behind reach all who
// read, in order.
func TestBurst(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		url := s.served(t, s.handler)
		var plugs []*plug
		for range 4 {
			p := plugIn(t, url, "")
			p.subscribe("1", "subscription { "+allProducts+" }")
			plugs = append(plugs, p)
		}
		var items []vars
		for i := range 500 {
			items = append(items, vars{"sku": fmt.Sprint("burst-", i), "name": "Cup", "price": 1, "categoryId": s.shelf})
		}
		s.admin.get(t, `mutation ($items: [UpsertProductInput!]!) { upsertProducts(input: $items) { id } }`, vars{"items": items})
		for _, p := range plugs {
			seen := map[string]bool{}
			for range items {
				var event productEvent
				p.next("1", &event)
				seen[event.ProductChanged.ID] = true
			}
			if len(seen) != len(items) {
				t.Errorf("got %d of %d", len(seen), len(items))
			}
			p.quiet()
		}
	})
}

// TestOrder: whoever writes at once, the events of one object come in the order
// of its versions, one for each, and the last shows the last.
func TestOrder(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		const writers, writes = 4, 25
		products := []string{s.product(t), s.product(t)}
		p := plugIn(t, s.served(t, s.handler), "")
		p.subscribe("1", "subscription { "+allProducts+" }")
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range writes {
					s.admin.get(t, fmt.Sprintf(`mutation { a: setInventory(input: [{productId: %q, inventory: %d}]) { id } }`, products[i%2], 10+w+writers*i), nil)
				}
			})
		}
		events, versions := map[string]int{}, map[string]int{}
		for range writers * writes {
			var event productEvent
			p.next("1", &event)
			c := event.ProductChanged
			if c.Product.Version < versions[c.ID] || c.Product.Version < 1+events[c.ID] {
				t.Errorf("version %d of %s comes behind %d", c.Product.Version, c.ID, versions[c.ID])
			}
			events[c.ID], versions[c.ID] = events[c.ID]+1, c.Product.Version
		}
		all.Wait()
		p.quiet()
		for _, id := range products {
			if versions[id] != 1+events[id] {
				t.Errorf("%d events, and the last shows version %d", events[id], versions[id])
			}
		}
	})
}

// TestSlowConsumer: one who does not read is told to come again, and nobody
// waits for them.
func TestSlowConsumer(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		url := s.served(t, s.handler)
		text := strings.Repeat("x", 2_000)
		var long []string
		for range 10 {
			long = append(long, s.admin.make(t, fmt.Sprintf(`createProduct(input: {name: "Long", description: %q, price: 1, categoryId: %q})`, text, s.shelf)))
		}
		slow, quick := plugIn(t, url, ""), plugIn(t, url, "")
		_ = slow.conn.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10)
		slow.subscribe("1", "subscription { productChanged { product { inventory a: description b: description c: description } } }")
		quick.subscribe("1", "subscription { "+allProducts+" }")
		for n := range 40 {
			var set []vars
			for _, id := range long {
				set = append(set, vars{"productId": id, "inventory": n + 1})
			}
			s.admin.get(t, `mutation ($set: [SetInventoryInput!]!) { setInventory(input: $set) { id } }`, vars{"set": set})
			for range long {
				var event productEvent
				if quick.next("1", &event); event.ProductChanged.Product.Inventory != n+1 {
					t.Fatalf("got %+v, want %d", event, n+1)
				}
			}
		}
		slow.closed(websocket.CloseTryAgainLater)
	})
}

// TestEventsAreSpentFor: an event costs what is selected; who has no points left
// is told so, and no more.
func TestEventsAreSpentFor(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		now := time.Now()
		site := s.site(t, func(o *web.Options) { o.Budget = limit.NewBuckets(5, func() time.Time { return now }) })
		url := s.served(t, site)
		p := plugIn(t, url, "")
		p.subscribe("1", "subscription { productChanged { product { category { name } } } }") // 2 points
		for range 2 {
			s.product(t)
			p.expect(`{"id":"1","type":"next","payload":{"data":{"productChanged":{"product":{"category":{"name":"Shelf"}}}}}}`)
		}
		s.product(t)
		if got, _ := p.receive(); !strings.Contains(got, `"id":"1","type":"error"`) || !strings.Contains(got, "RATE_LIMITED") {
			t.Errorf("got %s", got)
		}
		s.product(t)
		p.quiet()
		p.begins("2", "{ rateLimit { remaining } }")
		p.expect(`{"id":"2","type":"next","payload":{"data":{"rateLimit":{"remaining":0}}}}`)
		p.expect(`{"id":"2","type":"complete"}`)
		p.begins("3", "{ products { nodes { id } } }")
		if got, _ := p.receive(); !strings.Contains(got, `"id":"3","type":"error"`) || !strings.Contains(got, "RATE_LIMITED") {
			t.Errorf("got %s", got)
		}
	})
}

// TestSocketMutations run as they do by POST: all of it or nothing.
func TestSocketMutations(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := plugIn(t, s.served(t, s.handler), s.admin.token)
		p.subscribe("watch", "subscription { productChanged { kind } }")
		p.begins("1", fmt.Sprintf(`mutation { a: createProduct(input: {name: "A", price: 1, categoryId: %q}) { name } b: deleteCategory(id: %[1]q) }`, s.shelf))
		if got, _ := p.receive(); !strings.Contains(got, `"id":"1","type":"next"`) || !strings.Contains(got, "CONFLICT") || strings.Contains(got, `"data"`) {
			t.Errorf("got %s", got)
		}
		p.expect(`{"id":"1","type":"complete"}`)
		p.quiet()
		s.admin.get(t, fmt.Sprintf(`mutation { createProduct(input: {name: "A", price: 1, categoryId: %q}) { name } }`, s.shelf), nil)
		p.expect(`{"id":"watch","type":"next","payload":{"data":{"productChanged":{"kind":"CREATED"}}}}`)
	})
}

// TestInstances: what one instance writes, those who are connected to another
// are told.
func TestInstances(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	first, second := newShop(t, another(t, url)), &shop{db: another(t, url)}
	second.auth = second.service(t, auth.Options{})
	p := plugIn(t, second.served(t, second.site(t, nil)), "")
	p.subscribe("1", "subscription { productChanged { kind product { name } } }")
	first.product(t)
	p.expect(`{"id":"1","type":"next","payload":{"data":{"productChanged":{"kind":"CREATED","product":{"name":"Cup"}}}}}`)
}

// another opens the database, which others may have open too.
func another(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	return dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4})
}
