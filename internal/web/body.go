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
	"stoa/internal/documents"
	"stoa/internal/fault"
)

// maxBody is how many bytes a request may have.
const maxBody = 1 << 20

// body is the form of a request as JSON.
type body struct {
	DocumentID    *string `json:"documentId"`
	Query         *string `json:"query"`
	OperationName *string `json:"operationName"`
	Variables     any     `json:"variables"`
	Extensions    any     `json:"extensions"`
}

// jsonBody is the whole body of a request, which says that it is JSON.
func jsonBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, fault.New(fault.UnsupportedMedia, "The body must be %s.", plainJSON)
	}
	body, err := unpacked(w, r)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(body)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, fault.New(fault.PayloadTooLarge, "A request has at most %d bytes.", maxBody)
	}
	if err != nil {
		return nil, badRequest("The body could not be read.")
	}
	r.Body = http.NoBody // there is no more of it
	return text, nil
}

func readBody(text []byte) (graph.Request, error) {
	if text := bytes.TrimLeft(text, " \t\r\n"); len(text) > 0 && text[0] == '[' {
		return graph.Request{}, badRequest("The body is a list; requests are sent one by one.")
	}
	var b body
	if !decode(text, &b) {
		return graph.Request{}, badRequest("The body is no JSON object of query, operationName, variables and extensions.")
	}
	return b.request()
}

func readQuery(q url.Values) (_ graph.Request, err error) {
	var b body
	for _, name := range []string{"documentId", "query", "operationName", "variables", "extensions"} {
		if !utf8.ValidString(q.Get(name)) {
			return graph.Request{}, badRequest("The " + name + " is not UTF-8.")
		}
	}
	b.DocumentID, b.Query, b.OperationName = parameter(q, "documentId"), parameter(q, "query"), parameter(q, "operationName")
	if b.Variables, err = objectIn("variables", []byte(q.Get("variables"))); err != nil {
		return graph.Request{}, err
	}
	if b.Extensions, err = objectIn("extensions", []byte(q.Get("extensions"))); err != nil {
		return graph.Request{}, err
	}
	return b.request()
}

// parameter is one of a URL, nil where it is not given.
func parameter(q url.Values, name string) *string {
	if !q.Has(name) {
		return nil
	}
	text := q.Get(name)
	return &text
}

func (b body) request() (graph.Request, error) {
	variables, err := object("variables", b.Variables)
	if err != nil {
		return graph.Request{}, err
	}
	extensions, err := object("extensions", b.Extensions)
	if err != nil {
		return graph.Request{}, err
	}
	hash, err := persistedHash(extensions)
	if err != nil {
		return graph.Request{}, err
	}
	r := graph.Request{DocumentID: given(b.DocumentID), Hash: hash, Query: given(b.Query), OperationName: given(b.OperationName), Variables: variables}
	switch {
	case b.DocumentID == nil && b.Query == nil && hash == "":
		return graph.Request{}, badRequest("The request has no query, and no documentId either.")
	case b.DocumentID != nil && (r.Query != "" || hash != ""):
		return graph.Request{}, badRequest("A request has a documentId or a query, not both.")
	case b.DocumentID != nil && !documents.IsID(r.DocumentID):
		return graph.Request{}, badRequest("The documentId is not of its form.")
	}
	return r, nil
}

// given is a text, "" for none.
func given(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// persistedHash is that of an automatic persisted query, "" where the request is
// for none.
func persistedHash(extensions map[string]any) (string, error) {
	if extensions["persistedQuery"] == nil {
		return "", nil
	}
	persisted, _ := extensions["persistedQuery"].(map[string]any)
	hash, _ := persisted["sha256Hash"].(string)
	switch {
	case !documents.IsID(hash):
		return "", badRequest("The persistedQuery is not of its form.")
	case persisted["version"] != json.Number("1"):
		return "", badRequest("The version of a persistedQuery is 1.")
	}
	return hash, nil
}

// decode reads one value of JSON, whose numbers keep their digits; false if the text
// is none, or none that fits.
func decode(text []byte, into any) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into) == nil && d.Decode(new(any)) == io.EOF
}

// objectIn is the JSON object that the text is; none where there is no text, or null.
func objectIn(name string, text []byte) (map[string]any, error) {
	var v any
	if len(text) > 0 && !decode(text, &v) {
		return nil, noObject(name)
	}
	return object(name, v)
}

// object is a value of JSON that is an object; none for null.
func object(name string, v any) (map[string]any, error) {
	o, ok := v.(map[string]any)
	if !ok && v != nil {
		return nil, noObject(name)
	}
	return o, nil
}

func noObject(name string) *fault.Error { return badRequest("The " + name + " are no JSON object.") }

func badRequest(message string) *fault.Error { return fault.New(fault.BadRequest, "%s", message) }

// isJSON tells whether a content type is JSON in UTF-8.
func isJSON(contentType string) bool {
	if contentType == plainJSON { // as nearly always
		return true
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	charset, given := parameters["charset"]
	return err == nil && media == plainJSON && (!given || strings.EqualFold(charset, "utf-8"))
}
