package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
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

// together has some do as often, at one time.
func together(times int, do func()) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range times {
				do()
			}
		})
	}
	all.Wait()
}

func TestAnswersAreSharedAmongThoseWhoAskForNothingOfTheirOwn(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			c := newCounter(t, kind)
			const times, all = 10, 8 * 10
			statements := func(header http.Header) int {
				c.counted.Reset()
				together(times, func() { c.read(t, header) })
				n := 0
				for _, text := range c.counted.Statements() {
					if strings.Contains(text, "products") {
						n++
					}
				}
				return n
			}
			if n := statements(nil); n == 0 || n >= all {
				t.Errorf("%d statements for %d requests that may share", n, all)
			}
			for name, value := range map[string]string{"Authorization": "Bearer " + c.ann.token, "Stoa-Consistency": "x"} {
				if n := statements(http.Header{name: {value}}); n != all {
					t.Errorf("%s: %d statements for %d requests", name, n, all)
				}
			}
		})
	}
}
