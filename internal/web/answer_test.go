package web

import (
	"encoding/json"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph"
	"stoa/internal/fault"
)

// answered is the answer to a client that likes the media type.
func answered(media, data string, codes ...fault.Code) *httptest.ResponseRecorder {
	response := &graph.Response{}
	if data != "" {
		response.Data = json.RawMessage(data)
	}
	for _, code := range codes {
		response.Errors = append(response.Errors, &gqlerror.Error{Message: "No.", Extensions: map[string]any{"code": string(code)}})
	}
	w := httptest.NewRecorder()
	answer(w, httptest.NewRequest("POST", graphQLPath, nil), media, response)
	return w
}

func TestTheStatusOfARefusedRequest(t *testing.T) {
	for _, c := range []struct {
		code           fault.Code
		graphQL, plain int
	}{
		{fault.ParseFailed, 400, 200},
		{fault.ValidationFailed, 400, 200},
		{fault.BadUserInput, 200, 200},
		{fault.Unauthenticated, 200, 200},
		{fault.Forbidden, 200, 200},
		{fault.NotFound, 200, 200},
		{fault.Conflict, 200, 200},
		{fault.BadRequest, 400, 400},
		{fault.MethodNotAllowed, 405, 405},
		{fault.NotAcceptable, 406, 406},
		{fault.PayloadTooLarge, 413, 413},
		{fault.UnsupportedMedia, 415, 415},
		{fault.Timeout, 503, 503},
		{fault.Unavailable, 503, 503},
		{fault.Internal, 500, 200},
	} {
		for media, want := range map[string]int{graphQLJSON: c.graphQL, plainJSON: c.plain} {
			w := answered(media, "", c.code)
			if w.Code != want {
				t.Errorf("%s as %s: got %d, want %d", c.code, media, w.Code, want)
			}
			if got := w.Header().Get("Content-Type"); got != media+"; charset=utf-8" {
				t.Errorf("%s as %s: the content type is %s", c.code, media, got)
			}
			if got := w.Header().Get("Retry-After"); (got != "") != (want == 503) {
				t.Errorf("%s as %s: retry after %q", c.code, media, got)
			}
			if want := `{"errors":[{"message":"No.","extensions":{"code":"` + string(c.code) + `"}}]}` + "\n"; w.Body.String() != want {
				t.Errorf("%s as %s: got %s, want %s", c.code, media, w.Body, want)
			}
		}
	}
}

// Of several errors that which is a matter of the status decides, wherever it stands.
func TestTheStatusOfSeveralErrors(t *testing.T) {
	for _, c := range []struct {
		codes          []fault.Code
		graphQL, plain int
	}{
		{[]fault.Code{fault.Unauthenticated, fault.RateLimited}, 429, 429},
		{[]fault.Code{fault.BadUserInput, fault.Timeout, fault.Internal}, 503, 503},
		{[]fault.Code{fault.NotFound, fault.Internal}, 500, 200},
		{[]fault.Code{fault.Conflict, fault.NotFound}, 200, 200},
	} {
		for media, want := range map[string]int{graphQLJSON: c.graphQL, plainJSON: c.plain} {
			if w := answered(media, "", c.codes...); w.Code != want {
				t.Errorf("%v as %s: got %d, want %d", c.codes, media, w.Code, want)
			}
		}
	}
}

// A token that is no good is a matter of HTTP, whatever the media type.
func TestTheStatusOfABadToken(t *testing.T) {
	for _, media := range []string{graphQLJSON, plainJSON} {
		w := httptest.NewRecorder()
		refuse(w, httptest.NewRequest("POST", "/graphql", nil), media, fault.New(fault.Unauthenticated, "No."))
		if w.Code != 401 || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: got %d, %v", media, w.Code, w.Header())
		}
		if got, want := w.Body.String(), `{"errors":[{"message":"No.","extensions":{"code":"UNAUTHENTICATED"}}]}`+"\n"; got != want {
			t.Errorf("%s: got %s, want %s", media, got, want)
		}
	}
}

// Beside data an error changes no status; where nothing was resolved it does,
// if it is for want of what we need.
func TestTheStatusBesideData(t *testing.T) {
	for _, c := range []struct {
		data           string
		codes          []fault.Code
		graphQL, plain int
		withData       bool
	}{
		{`{"a":1}`, nil, 200, 200, true},
		{`{"a":null}`, nil, 200, 200, true},
		{`{}`, nil, 200, 200, true},
		{`null`, []fault.Code{fault.BadUserInput}, 200, 200, true},
		{`{"a":null}`, []fault.Code{fault.NotFound}, 200, 200, true},
		{`{"a":null,"b":{"c":null}}`, []fault.Code{fault.Internal}, 200, 200, true},
		{`{"a":null,"b":[]}`, []fault.Code{fault.Timeout}, 200, 200, true},
		{`{"a":null,"b":false}`, []fault.Code{fault.Unavailable}, 200, 200, true},
		{`null`, []fault.Code{fault.Internal}, 500, 200, false},
		{`null`, []fault.Code{fault.Timeout}, 503, 503, false},
		{`{"a":null}`, []fault.Code{fault.Unavailable}, 503, 503, false},
		{`{"a":null,"b":null}`, []fault.Code{fault.NotFound, fault.Internal}, 500, 200, false},
		{`{"a":null,"b":null}`, []fault.Code{fault.Unavailable, fault.Internal}, 503, 503, false},
	} {
		for media, want := range map[string]int{graphQLJSON: c.graphQL, plainJSON: c.plain} {
			w := answered(media, c.data, c.codes...)
			if w.Code != want {
				t.Errorf("%s with %v as %s: got %d, want %d", c.data, c.codes, media, w.Code, want)
			}
			if got := strings.Contains(w.Body.String(), `"data":`+c.data); got != c.withData {
				t.Errorf("%s with %v as %s: got %s", c.data, c.codes, media, w.Body)
			}
			if n := strings.Count(w.Body.String(), `"code"`); n != len(c.codes) {
				t.Errorf("%s with %v as %s: %d errors", c.data, c.codes, media, n)
			}
		}
	}
}

func TestAnAnswerIsPlainJSON(t *testing.T) {
	response := &graph.Response{
		Data:   json.RawMessage(`{"a":"<b>"}`),
		Errors: gqlerror.List{{Message: "<é> & \"quoted\"\n"}},
	}
	w := httptest.NewRecorder()
	answer(w, httptest.NewRequest("POST", graphQLPath, nil), plainJSON, response)
	if got, want := w.Body.String(), `{"errors":[{"message":"<é> & \"quoted\"\n"}],"data":{"a":"<b>"}}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := w.Header().Get("Content-Length"), strconv.Itoa(w.Body.Len()); got != want {
		t.Errorf("the length is %s, want %s", got, want)
	}
}
