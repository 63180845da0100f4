package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
)

// TestStatementsOfEvents: they depend on what is selected, not on how many are
// told.
func TestStatementsOfEvents(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			db, counter := dbtest.Counted(t, kind)
			s := newShop(t, db)
			url := s.served(t, s.handler)
			post := s.post(t)
			selections := []string{
				`{ kind }`,
				`{ post { title category { name products(first: 2) { totalCount } } } }`, // category, products, their count
				`{ post { viewerHasLiked author { email } } }`,                           // likes, author
			}
			const events = 1 + 1 + 3 + 2 // the log-ins, the post, and what is selected of it
			var plugs []*plug
			for n := range 3 {
				for _, c := range []*client{s.nobody, s.ann, s.bob, s.admin} {
					for id, selection := range selections {
						p := plugIn(t, url, c.token)
						p.subscribe(fmt.Sprint(id), fmt.Sprintf("subscription { postChanged(id: %q) %s }", post, selection))
						plugs = append(plugs, p)
					}
				}
				counter.Reset()
				s.ann.get(t, fmt.Sprintf(`mutation { updatePost(id: %q, input: {title: "%d"}) { id } }`, post, n), nil)
				for _, p := range plugs {
					if text, err := p.receive(); err != nil || strings.Contains(text, `"errors"`) {
						t.Fatal(text, err)
					}
				}
				sent := slices.DeleteFunc(counter.Statements(), func(text string) bool { return strings.Contains(text, "changes") })
				if got := len(sent) - 3; got != events { // the viewer, the lock and the update
					t.Errorf("%d sockets: %d statements, want %d\n%s", len(plugs), got, events, strings.Join(sent, "\n"))
				}
			}
		})
	}
}

// listeners is how many a test with many has.
const listeners = 200

// TestCrowd: each of many, on two instances, is told of everything, in order and
// once.
func TestCrowd(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	first, second := newShop(t, another(t, url)), &shop{db: another(t, url)}
	second.auth = second.service(t, auth.Options{})
	sites := []string{first.served(t, first.handler), second.served(t, second.site(t, nil))}
	const changes = 50
	product := first.product(t)
	query := fmt.Sprintf(`subscription { productChanged(id: %q) { cursor product { category { name } } } }`, product)
	var plugs []*plug
	var streams []*events
	for i := range listeners {
		p := plugIn(t, sites[i%2], "")
		p.subscribe("1", query)
		plugs = append(plugs, p)
		if i%10 == 0 {
			streams = append(streams, opened(t, sites[i/10%2], query, nil))
		}
	}
	start := time.Now()
	var told sync.WaitGroup
	cursors := make([][]string, len(plugs)+len(streams))
	for i, p := range plugs {
		told.Go(func() {
			for range changes {
				var event productEvent
				p.next("1", &event)
				cursors[i] = append(cursors[i], event.ProductChanged.Cursor)
			}
		})
	}
	for i, e := range streams {
		told.Go(func() {
			for range changes {
				cursors[len(plugs)+i] = append(cursors[len(plugs)+i], idOf(e.next()))
			}
		})
	}
	for n := range changes {
		first.admin.get(t, fmt.Sprintf(`mutation { setInventory(input: [{productId: %q, inventory: %d}]) { id } }`, product, 100+n), nil)
	}
	told.Wait()
	t.Logf("%d sockets and %d streams were told of %d changes in %v", len(plugs), len(streams), changes, time.Since(start))
	for i, got := range cursors {
		if !slices.Equal(got, cursors[0]) || len(slices.Compact(slices.Clone(got))) != changes {
			t.Errorf("%d was told of %d, and not as 0 was", i, len(got))
		}
	}
	for _, p := range plugs {
		p.quiet()
	}
}

// rudeness is a way to leave a socket.
type rudeness func(p *plug)

var rude = []rudeness{
	func(p *plug) { p.conn.NetConn().Close() },
	func(p *plug) { _ = p.conn.NetConn().(*net.TCPConn).SetLinger(0); p.conn.NetConn().Close() },
	func(p *plug) { p.send(hello); p.conn.NetConn().Close() },
	func(p *plug) { p.send(hello); p.send(watches); p.conn.NetConn().Close() },
	func(p *plug) {
		p.begin("")
		p.subscribe("1", "subscription { postChanged { id } }")
		p.conn.NetConn().Close()
	},
	func(p *plug) { p.begin(""); p.begins("1", "{ products { totalCount } }"); p.conn.NetConn().Close() },
	func(p *plug) {
		p.send(hello)
		_, _ = p.conn.NetConn().Write([]byte{0x81, 0xfe, 0xff})
		p.conn.NetConn().Close()
	}, // half a frame
	func(p *plug) {
		p.send(hello)
		_, _ = p.conn.NetConn().Write([]byte("nonsense"))
		p.conn.NetConn().Close()
	},
	func(p *plug) { p.send(asks); p.closed(4401) },
	func(p *plug) {
		p.begin("")
		_ = p.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		p.closed(1000)
	},
}

// TestRudeSockets: whoever leaves, and however, leaves nothing behind.
func TestRudeSockets(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s := newShop(t, dbtest.Open(t, kind))
			url := s.served(t, s.handler)
			leave := func(n int) {
				var leaving sync.WaitGroup
				for w := range 10 {
					leaving.Go(func() {
						for i := range n / 10 {
							p := dial(t, url, nil, "graphql-transport-ws")
							rude[(w+i)%len(rude)](p)
							p.conn.Close()
						}
					})
				}
				leaving.Wait()
			}
			leave(20) // what is made once is there
			http.DefaultClient.CloseIdleConnections()
			calm(0)
			before := calm(0)
			leave(1000)
			if after := calm(before); after > before {
				stacks := make([]byte, 1<<20)
				t.Errorf("%d goroutines before, %d after\n%s", before, after, stacks[:runtime.Stack(stacks, true)])
			}
		})
	}
}

// calm waits until there are at most so many goroutines, or as long as a test is
// patient; with 0 until they get no fewer.
func calm(enough int) int {
	n := runtime.NumGoroutine()
	for range 300 {
		time.Sleep(10 * time.Millisecond)
		now := runtime.NumGoroutine()
		if enough > 0 && now <= enough {
			return now
		}
		n = min(n, now)
	}
	return n
}

// TestSocketMemory prints how much a socket takes that waits for events.
func TestSocketMemory(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	url := s.served(t, s.handler)
	const n, most = 400, 80 << 10
	conns := make([]net.Conn, n)
	waiting(t, url) // what is made once is there
	before := memory()
	for i := range conns {
		conns[i] = waiting(t, url)
	}
	each := (memory() - before) / n
	t.Logf("a socket takes %d bytes", each)
	if each > most {
		t.Errorf("a socket takes %d bytes, more than %d", each, most)
	}
	runtime.KeepAlive(conns)
}

// waiting is a socket that is subscribed, and takes next to nothing at this end.
func waiting(t *testing.T, url string) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patient))
	answers := bufio.NewReaderSize(conn, 512)
	say := func(text, answer string, end byte) {
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
		for line := ""; !strings.Contains(line, answer); {
			if line, err = answers.ReadString(end); err != nil {
				t.Fatal(err)
			}
		}
	}
	say("GET /graphql HTTP/1.1\r\nHost: "+host+"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n", "graphql-transport-ws", '\n')
	say(frame(hello)+frame(watches)+frame(`{"type": "ping"}`), "pong", '}')
	return conn
}

// frame is a short text as a client's frame, its mask zero.
func frame(text string) string {
	head := []byte{0x81, 0x80 | byte(len(text))}
	if len(text) > 125 {
		head = []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text))}
	}
	return string(head) + "\x00\x00\x00\x00" + text
}

// memory is what is in use, for good.
func memory() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}
