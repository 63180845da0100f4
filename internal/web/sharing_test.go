package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"stoa/internal/dbtest"
	"stoa/internal/documents"
	"stoa/internal/web"
)

// counter is a shop that has a document stored, which tells of a product.
type counter struct {
	*shop
	site    *web.Site
	counted *dbtest.Counter
	product string
}

func newCounter(t *testing.T, kind string) *counter {
	t.Helper()
	db, counted := dbtest.Counted(t, kind)
	c := &counter{shop: newShop(t, db), counted: counted}
	docs, err := documents.Read(fstest.MapFS{"stock.graphql": {Data: []byte("query Stock($id: ID!) { product(id: $id) { inventory } }")}})
	if err != nil {
		t.Fatal(err)
	}
	c.site = c.shop.site(t, nil)
	if err := c.site.Store(docs); err != nil {
		t.Fatal(err)
	}
	c.product = c.shop.product(t)
	return c
}

// read asks for the inventory. It is safe for concurrent use.
func (c *counter) read(t *testing.T, header http.Header) {
	r := httptest.NewRequest(http.MethodGet, "/graphql?documentId=Stock&variables="+url.QueryEscape(fmt.Sprintf(`{"id":%q}`, c.product)), nil)
	r.Header = header
	w := httptest.NewRecorder()
	c.site.ServeHTTP(w, r)
	if got := w.Body.String(); w.Code != 200 || !strings.HasPrefix(got, `{"data":{"product":{"inventory":`) {
		t.Errorf("got %d %s", w.Code, got)
	}
}

// statements is how many are sent when so many ask while one runs.
func (c *counter) statements(t *testing.T, all int, header http.Header) int {
	begun, goOn := make(chan struct{}, all), make(chan struct{})
	var sent atomic.Int64
	c.counted.Hold(func(statement string) {
		if strings.Contains(statement, "products") {
			sent.Add(1)
			begun <- struct{}{}
			<-goOn
		}
	})
	defer c.counted.Hold(nil)
	var asking sync.WaitGroup
	asking.Go(func() { c.read(t, header) })
	<-begun
	for range all - 1 {
		asking.Go(func() { c.read(t, header) })
	}
	<-begun // whoever has joined by now needs no other
	close(goOn)
	asking.Wait()
	return int(sent.Load())
}

func TestAnswersAreSharedAmongThoseWhoAskForNothingOfTheirOwn(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			c := newCounter(t, kind)
			const all = 40
			if n := c.statements(t, all, nil); n >= all {
				t.Errorf("%d statements for %d requests that may share", n, all)
			}
			for name, value := range map[string]string{"Authorization": "Bearer " + c.ann.token, "Stoa-Consistency": "x"} {
				if n := c.statements(t, all, http.Header{name: {value}}); n != all {
					t.Errorf("%s: %d statements for %d requests", name, n, all)
				}
			}
		})
	}
}
