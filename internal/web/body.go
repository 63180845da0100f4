package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"stoa/graph"
	"stoa/internal/fault"
)

// maxBody is how many bytes a request may have.
const maxBody = 1 << 20

// body is the form of a request as JSON.
type body struct {
	Query         *string         `json:"query"`
	OperationName *string         `json:"operationName"`
	Variables     json.RawMessage `json:"variables"`
	Extensions    json.RawMessage `json:"extensions"`
}

func readBody(from io.Reader) (graph.Request, error) {
	text, err := io.ReadAll(from)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return graph.Request{}, fault.New(fault.PayloadTooLarge, "A request has at most %d bytes.", maxBody)
	}
	if err != nil {
		return graph.Request{}, badRequest("The body could not be read.")
	}
	if text := bytes.TrimLeft(text, " \t\r\n"); len(text) > 0 && text[0] == '[' {
		return graph.Request{}, badRequest("The body is a list; requests are sent one by one.")
	}
	var b body
	if json.Unmarshal(text, &b) != nil {
		return graph.Request{}, badRequest("The body is no JSON object of query, operationName, variables and extensions.")
	}
	return b.request()
}

func readQuery(q url.Values) (graph.Request, error) {
	var b body
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if !utf8.ValidString(q.Get(name)) {
			return graph.Request{}, badRequest("The " + name + " is not UTF-8.")
		}
	}
	if q.Has("query") {
		query := q.Get("query")
		b.Query = &query
	}
	if name := q.Get("operationName"); name != "" {
		b.OperationName = &name
	}
	b.Variables, b.Extensions = json.RawMessage(q.Get("variables")), json.RawMessage(q.Get("extensions"))
	return b.request()
}

func (b body) request() (graph.Request, error) {
	if b.Query == nil {
		return graph.Request{}, badRequest("The request has no query.")
	}
	variables, err := object("variables", b.Variables)
	if err != nil {
		return graph.Request{}, err
	}
	if _, err := object("extensions", b.Extensions); err != nil {
		return graph.Request{}, err
	}
	r := graph.Request{Query: *b.Query, Variables: variables}
	if b.OperationName != nil {
		r.OperationName = *b.OperationName
	}
	return r, nil
}

// object reads a JSON object whose numbers keep their digits; none where there
// is nothing, or null.
func object(name string, text json.RawMessage) (map[string]any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o map[string]any
	if d.Decode(&o) != nil || d.Decode(new(any)) != io.EOF {
		return nil, badRequest("The " + name + " are no JSON object.")
	}
	return o, nil
}

func badRequest(message string) *fault.Error { return fault.New(fault.BadRequest, "%s", message) }

// isJSON tells whether a content type is JSON in UTF-8.
func isJSON(contentType string) bool {
	media, parameters, err := mime.ParseMediaType(contentType)
	charset, given := parameters["charset"]
	return err == nil && media == plainJSON && (!given || strings.EqualFold(charset, "utf-8"))
}
