package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph"
	"stoa/internal/fault"
)

// statuses are those of answers without data, by the code of an error.
var statuses = map[fault.Code]int{
	fault.ParseFailed:      http.StatusBadRequest,
	fault.ValidationFailed: http.StatusBadRequest,
	fault.QueryTooComplex:  http.StatusBadRequest,
	fault.QueryTooDeep:     http.StatusBadRequest,
	fault.QueryTooLarge:    http.StatusBadRequest,
	fault.RateLimited:      http.StatusTooManyRequests,
	fault.BadRequest:       http.StatusBadRequest,
	fault.MethodNotAllowed: http.StatusMethodNotAllowed,
	fault.NotAcceptable:    http.StatusNotAcceptable,
	fault.PayloadTooLarge:  http.StatusRequestEntityTooLarge,
	fault.UnsupportedMedia: http.StatusUnsupportedMediaType,
	fault.Timeout:          http.StatusServiceUnavailable,
	fault.Unavailable:      http.StatusServiceUnavailable,
	fault.Internal:         http.StatusInternalServerError,
	fault.DocumentNotFound: http.StatusBadRequest,
	fault.DocumentRequired: http.StatusBadRequest,
}

// wellFormed are the codes that are no matter of HTTP: with application/json
// their answers have the status 200.
var wellFormed = map[fault.Code]bool{
	fault.ParseFailed:      true,
	fault.ValidationFailed: true,
	fault.QueryTooComplex:  true,
	fault.QueryTooDeep:     true,
	fault.QueryTooLarge:    true,
	fault.Internal:         true,
	fault.DocumentNotFound: true,
	fault.DocumentRequired: true,
}

// badToken is the challenge to who sent a token that is none, or no longer.
const badToken = `Bearer error="invalid_token"`

// refuse answers a request that was not run. That it lacks a good token is then
// a matter of HTTP.
func refuse(w http.ResponseWriter, r *http.Request, media string, err error) {
	if media == eventStream { // which has no status
		media = plainJSON
	}
	response := &graph.Response{Errors: graph.Refuse(r.Context(), err)}
	if codeOf(response.Errors[0]) == fault.Unauthenticated {
		w.Header().Set("WWW-Authenticate", badToken)
		send(w, r, media, http.StatusUnauthorized, response)
		return
	}
	answer(w, r, media, response)
}

// answer writes a response. One in which nothing was resolved, for want of what
// we need or for its cost, is as if it had not been run.
func answer(w http.ResponseWriter, r *http.Request, media string, response *graph.Response) {
	if media == eventStream {
		sendEvents(w, r, response)
		return
	}
	status := http.StatusOK
	if code := failure(response); code != "" {
		response.Data = nil
		if (code == fault.QueryNotFound || code == fault.DocumentNotFound) && w.Header().Get("Cache-Control") == "" {
			w.Header().Set("Cache-Control", "private, no-cache, must-revalidate") // it may be known soon
		}
		if found, ok := statuses[code]; ok && (media == graphQLJSON || !wellFormed[code]) {
			status = found
		}
	}
	send(w, r, media, status, response)
}

// sendEvents sends a response as the one event of a stream.
func sendEvents(w http.ResponseWriter, r *http.Request, response *graph.Response) {
	noticed(r.Context()).errors = response.Errors
	startEvents(w)
	_ = writeEvents(w, nextEvent("", encode(response)), completeEvent)
}

func send(w http.ResponseWriter, r *http.Request, media string, status int, response *graph.Response) {
	noticed(r.Context()).errors = response.Errors
	if wait := waiting(response.Errors, status); wait > 0 {
		w.Header().Set("Retry-After", seconds(wait))
	}
	text := parts(response)
	if status == http.StatusOK && keepable(r, response) && unchanged(w, r, text...) {
		return
	}
	sendJSON(w, r, status, media, text...)
}

// waiting is how long a client should wait before it asks again, 0 for no time.
func waiting(errs gqlerror.List, status int) time.Duration {
	for _, e := range errs {
		var f *fault.Error
		if errors.As(e, &f) && f.Wait > 0 {
			return f.Wait
		}
	}
	if status == http.StatusServiceUnavailable {
		return time.Second
	}
	return 0
}

// failure is the code for which a response has no data, "" if it has.
func failure(response *graph.Response) fault.Code {
	if len(response.Errors) == 0 {
		return ""
	}
	if response.Data == nil {
		return gravest(response.Errors)
	}
	for _, e := range response.Errors {
		switch code := codeOf(e); code {
		case fault.Timeout, fault.Unavailable, fault.Internal, fault.QueryTooComplex:
			if nothingIn(response.Data) {
				return code
			}
		}
	}
	return ""
}

// gravest is the first code that is a matter of a status, else the first.
func gravest(errs gqlerror.List) fault.Code {
	for _, e := range errs {
		if code := codeOf(e); statuses[code] != 0 {
			return code
		}
	}
	return codeOf(errs[0])
}

func codeOf(e *gqlerror.Error) fault.Code {
	code, _ := e.Extensions["code"].(string)
	return fault.Code(code)
}

// nothingIn tells whether no field of the root has a value.
func nothingIn(data json.RawMessage) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return false
	}
	for _, value := range fields {
		if string(value) != "null" {
			return false
		}
	}
	return true
}

// jsonText writes what JSON can always hold, for no HTML.
func jsonText(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// encode writes the response as JSON.
func encode(response *graph.Response) []byte { return slices.Concat(parts(response)...) }

// parts are the response as JSON, its errors first, without a copy of the data.
func parts(response *graph.Response) [][]byte {
	head, tail := []byte("{"), []byte(nil)
	if len(response.Errors) > 0 {
		head = append(append(head, `"errors":`...), jsonText(response.Errors)...)
	}
	if response.Data != nil {
		head = append(separated(head), `"data":`...)
	}
	if response.Extensions != nil {
		if response.Data != nil || len(head) > 1 {
			tail = append(tail, ',')
		}
		text, _ := json.Marshal(response.Extensions) // numbers and texts always can
		tail = append(append(tail, `"extensions":`...), text...)
	}
	return [][]byte{head, response.Data, append(tail, "}\n"...)}
}

// separated is the beginning of an object, to which an entry can be added.
func separated(head []byte) []byte {
	if len(head) > 1 {
		return append(head, ',')
	}
	return head
}
