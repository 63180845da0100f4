package web_test

import (
	"fmt"
	"strings"
	"testing"
)

// resourceCase is a request about a resource: by whom ("" for nobody), its
// method and path, its body, and what it is answered: a status and members of the
// body or, of a refusal, the code and the faults.
type resourceCase struct {
	who, call, body string
	status          int
	want            string
}

// TestResources sends each request in a shop of its own kind of database. What
// the names in <> stand for is made for the case.
func TestResources(t *testing.T) {
	eachResourced(t, nil, func(t *testing.T, s *resourced) {
		who := map[string]*client{"": s.nobody, "ann": s.ann, "bob": s.bob, "admin": s.admin, "liar": {token: "x.y.z"}}
		for _, c := range resourceCases {
			in := &scene{shop: s.shop, t: t, ids: map[string]string{}}
			method, path, _ := strings.Cut(in.fill(c.call), " ")
			answer := s.ask(t, who[c.who], method, path, in.fill(c.body))
			right := answer.status == c.status
			switch {
			case c.status >= 400:
				right = right && answer.faults() == in.fill(c.want)
			case c.want == "":
				right = right && answer.body == ""
			default:
				right = right && answer.has(t, in.fill(c.want))
			}
			if !right {
				t.Errorf("%s: %s %s\ngot  %d %s %s\nwant %d %s", c.who, c.call, c.body, answer.status, answer.faults(), answer.body, c.status, c.want)
			}
		}
	})
}

var resourceCases = []resourceCase{
	{"", "GET /products/<product>", "", 200, `{"id":"<product>","name":"Cup","price":"1.50","inventory":5,"category":{"id":"<shelf>","name":"Shelf"},"version":1}`},
	{"", "HEAD /products/<product>", "", 200, `{"id":"<product>"}`}, // whose body net/http leaves out
	{"", "GET /products/<no product>", "", 404, `NOT_FOUND`},
	{"", "GET /products/<shelf>", "", 422, `BAD_USER_INPUT, id MALFORMED`},
	{"", "GET /products/%00%2F..%2f", "", 422, `BAD_USER_INPUT, id MALFORMED`},
	{"", "GET /products/%ff", "", 404, `NOT_FOUND`},
	{"", "GET /products/", "", 404, `NOT_FOUND`},
	{"", "GET /Products", "", 404, `NOT_FOUND`},
	{"", "GET /nothing", "", 404, `NOT_FOUND`},
	{"", "GET /categories/<shelf>/products?ids=x", "", 400, `BAD_REQUEST, ids UNKNOWN`},
	{"", "GET /categories/<no category>/products", "", 404, `NOT_FOUND`},
	{"", "GET /categories/x/products", "", 422, `BAD_USER_INPUT, id MALFORMED`},
	{"liar", "GET /products/<product>", "", 401, `UNAUTHENTICATED`},
	{"", "GET /me", "", 404, `NOT_FOUND`},
	{"ann", "GET /me", "", 200, `{"username":"ann","email":"ann@example.com","role":"USER"}`},

	{"", "GET /products?first=0&search=zzz", "", 200, `{"nodes":[]}`},
	{"", "GET /products?first=101&last=-1&after=x&priceMin=-1", "", 422, `BAD_USER_INPUT, after MALFORMED, first TOO_LARGE 100, last MALFORMED, last TOO_SMALL 0, priceMin TOO_SMALL 0`},
	{"", "GET /products?sort=price,name,price,name", "", 422, `BAD_USER_INPUT, sort TOO_LONG 3`},
	{"", "GET /products?sort=prize:up", "", 422, `BAD_USER_INPUT, sort MALFORMED, sort MALFORMED`},
	{"", "GET /products?ids=x,<product>", "", 422, `BAD_USER_INPUT, ids.0 MALFORMED`},
	{"", "GET /products?inStock=1&priceMin=a&createdAfter=now&first=1.5", "", 422, `BAD_USER_INPUT, createdAfter MALFORMED, first MALFORMED, inStock MALFORMED, priceMin MALFORMED`},
	{"", "GET /products?inStock=true&colour=red", "", 400, `BAD_REQUEST, colour UNKNOWN`},
	{"", "GET /products?first=1&first=2", "", 400, `BAD_REQUEST, first DUPLICATE`},
	{"", "GET /products?search=%ff", "", 400, `BAD_REQUEST, search MALFORMED`},
	{"", "GET /products?search=%zz", "", 400, `BAD_REQUEST`},
	{"ann", "GET /users?role=admin", "", 403, `FORBIDDEN, role`},

	{"", "POST /products", `{}`, 401, `UNAUTHENTICATED`},
	{"ann", "POST /products", `{"name":"Cup","price":1,"categoryId":"<shelf>"}`, 403, `FORBIDDEN`},
	{"liar", "POST /products", `{"name":"Cup","price":1,"categoryId":"<shelf>"}`, 401, `UNAUTHENTICATED`},
	{"admin", "POST /products", `{"name":"Cup","price":1,"categoryId":"<shelf>"}`, 201, `{"name":"Cup","price":"1.00","version":1}`},
	{"admin", "POST /products", `{"colour":"red","price":"x","inventory":null}`, 422, `BAD_USER_INPUT, categoryId REQUIRED, colour UNKNOWN, inventory REQUIRED, name REQUIRED, price MALFORMED`},
	{"admin", "POST /products", `{"name":" ","price":-1,"categoryId":"<shelf>"}`, 422, `BAD_USER_INPUT, name BLANK, price TOO_SMALL 0`},
	{"admin", "POST /products", `{"name":"Cup","price":1,"categoryId":"<no category>"}`, 422, `NOT_FOUND, categoryId NOT_FOUND`},
	{"admin", "POST /products", `{"name":"Cup","price":1,"categoryId":"<shelf>","sku":"TAKEN"}`, 409, `CONFLICT, sku TAKEN`},
	{"admin", "POST /products", `{"name":"Cup"`, 400, `BAD_REQUEST`},
	{"admin", "POST /products", `[]`, 422, `BAD_USER_INPUT, MALFORMED`},
	{"admin", "POST /products?ifVersion=1", `{}`, 400, `BAD_REQUEST, ifVersion UNKNOWN`},

	{"admin", "PUT /products/<product>", `{"name":"Mug","price":2,"categoryId":"<shelf>"}`, 200, `{"sku":null,"name":"Mug","price":"2.00","inventory":0,"version":2}`},
	{"admin", "PUT /products/<product>", `{"name":"Mug"}`, 422, `BAD_USER_INPUT, categoryId REQUIRED, price REQUIRED`},
	{"admin", "PUT /products/<product>", `{"name":"Mug","price":2,"categoryId":"<shelf>","colour":"red"}`, 422, `BAD_USER_INPUT, colour UNKNOWN`},
	{"admin", "PUT /products/<product>", `"Mug"`, 400, `BAD_REQUEST`},
	{"admin", "PUT /products/<no product>", `{"name":"Mug","price":2,"categoryId":"<shelf>"}`, 404, `NOT_FOUND`},
	{"admin", "PUT /products/<product>?ifVersion=7", `{"name":"Mug","price":2,"categoryId":"<shelf>"}`, 409, `CONFLICT, ifVersion STALE @1`},
	{"admin", "PATCH /products/<product>", `{"name":"Mug"}`, 200, `{"name":"Mug","price":"1.50","inventory":5,"version":2}`},
	{"admin", "PATCH /products/<product>", `{"sku":null}`, 200, `{"sku":null,"name":"Cup","version":2}`},
	{"admin", "PATCH /products/<product>", `{"name":null}`, 422, `BAD_USER_INPUT, name REQUIRED`},
	{"admin", "PATCH /products/<product>?ifVersion=1", `{}`, 200, `{"name":"Cup","version":1}`},
	{"admin", "PATCH /products/<no product>", `{"name":"Mug"}`, 404, `NOT_FOUND`},
	{"admin", "PATCH /products/x", `{"name":""}`, 422, `BAD_USER_INPUT, id MALFORMED, name BLANK`},
	{"admin", "DELETE /products/<product>", "", 204, ``},
	{"admin", "DELETE /products/<product>?ifVersion=x", "", 422, `BAD_USER_INPUT, ifVersion MALFORMED`},
	{"admin", "DELETE /products/<no product>", "", 404, `NOT_FOUND`},
	{"bob", "DELETE /products/<product>", "", 403, `FORBIDDEN`},
	{"admin", "DELETE /categories/<shelf>", "", 409, `CONFLICT, id IN_USE`},

	{"ann", "POST /posts", `{"title":"T","content":"C"}`, 201, `{"title":"T","likes":0,"category":null}`},
	{"bob", "PATCH /posts/<post>", `{"title":"T"}`, 403, `FORBIDDEN`},
	{"bob", "PUT /posts/<post>/like", "", 200, `{"id":"<post>","likes":1,"viewerHasLiked":true}`},
	{"bob", "PUT /posts/<no post>/like", "", 404, `NOT_FOUND, id NOT_FOUND`},
	{"", "PUT /posts/<post>/like", "", 401, `UNAUTHENTICATED`},

	{"", "POST /session", `{"email":"ann@example.com","password":"wrong horse"}`, 401, `UNAUTHENTICATED`},
	{"", "POST /session", `{"email":"ann@example.com","password":"` + secret + `"}`, 200, `{}`},
	{"", "POST /session", `{"email":5}`, 422, `BAD_USER_INPUT, email MALFORMED, password REQUIRED`},
	{"", "DELETE /session", "", 401, `UNAUTHENTICATED`},
}

// TestAMethodThatIsNotThere is answered with those that are.
func TestAMethodThatIsNotThere(t *testing.T) {
	s := newResourced(t, nil)
	for call, allowed := range map[string]string{
		"PUT /products": "GET, HEAD, OPTIONS, PATCH, POST", "TRACE /products": "GET, HEAD, OPTIONS, PATCH, POST",
		"POST /products/x": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT", "GET /session": "DELETE, OPTIONS, POST", "HEAD /session": "DELETE, OPTIONS, POST",
		"OPTIONS /products": "GET, HEAD, OPTIONS, PATCH, POST", "OPTIONS /posts/x/like": "DELETE, OPTIONS, PUT",
	} {
		method, path, _ := strings.Cut(call, " ")
		answer := s.ask(t, s.nobody, method, path, "")
		if status := map[bool]int{true: 204, false: 405}[method == "OPTIONS"]; answer.status != status || answer.header.Get("Allow") != allowed {
			t.Errorf("%s: got %d, allowed are %s", call, answer.status, answer.header.Get("Allow"))
		}
	}
}

// TestTheRequestItself is refused where it is none for a resource.
func TestTheRequestItself(t *testing.T) {
	s := newResourced(t, nil)
	const good = `{"name":"Cup","price":1,"categoryId":"x"}`
	for _, c := range []struct {
		call, body, header string
		status             int
		code               string
	}{
		{"GET /products", "", "Accept: text/html", 406, "NOT_ACCEPTABLE"},
		{"GET /products", "", "Accept: application/json;q=0, */*", 406, "NOT_ACCEPTABLE"},
		{"GET /products", "", "Accept: text/html, */*;q=0.1", 200, ""},
		{"GET /products", "", "Accept: application/*", 200, ""},
		{"POST /products", good, "Content-Type: text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"POST /products", good, "Content-Type: application/json; charset=latin1", 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"POST /products", good, "Content-Encoding: br", 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"POST /products", good, "Content-Encoding: gzip", 400, "BAD_REQUEST"},
		{"POST /products", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, "", 413, "PAYLOAD_TOO_LARGE"},
		{"GET /products?" + strings.Repeat("x", 1<<20) + "=1", "", "", 400, "BAD_REQUEST"},
		{"GET /products?" + strings.Repeat("a=1&b=2&", 10_000), "", "", 400, "BAD_REQUEST"},
		{"GET /products/" + strings.Repeat("x", 1<<20), "", "", 422, "BAD_USER_INPUT"},
		{"GET /" + strings.Repeat("x/", 1<<19), "", "", 404, "NOT_FOUND"},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		answer := s.ask(t, s.admin, method, path, c.body, c.header)
		if answer.status != c.status || answer.Code != c.code || len(answer.body) > 2000 {
			t.Errorf("%.60s %s: got %d %.300s, want %d", c.call, c.header, answer.status, answer.body, c.status)
		}
	}
}

// TestWhatIsCreatedIsFound where its Location says.
func TestWhatIsCreatedIsFound(t *testing.T) {
	eachResourced(t, nil, func(t *testing.T, s *resourced) {
		for path, body := range map[string]string{
			"/products":   fmt.Sprintf(`{"name":"Cup","price":1,"categoryId":%q}`, s.shelf),
			"/categories": `{"name":"Cellar"}`,
			"/posts":      `{"title":"T","content":"C"}`,
			"/users":      `{"username":"carl","email":"carl@example.com","password":"` + secret + `"}`,
		} {
			made := s.ask(t, s.admin, "POST", path, body)
			at, below := strings.CutPrefix(made.header.Get("Location"), "/api"+path+"/")
			if made.status != 201 || !below {
				t.Errorf("%s: got %d at %s", path, made.status, at)
			}
			if found := s.ask(t, s.admin, "GET", path+"/"+at, ""); found.status != 200 || found.body != made.body {
				t.Errorf("%s: got %d %s, made was %s", path, found.status, found.body, made.body)
			}
		}
	})
}
