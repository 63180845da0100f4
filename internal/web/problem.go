package web

import (
	"errors"
	"net/http"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph"
	"stoa/internal/fault"
	"stoa/internal/rest"
)

const problemJSON = "application/problem+json"

// problem is a refusal as RFC 9457 has it.
type problem struct {
	Type      string     `json:"type"`
	Title     string     `json:"title"`
	Status    int        `json:"status"`
	Detail    string     `json:"detail"`
	Instance  string     `json:"instance,omitempty"`
	RequestID string     `json:"requestId"`
	Code      fault.Code `json:"code"`
	Errors    []flaw     `json:"errors,omitempty"`

	errors gqlerror.List
}

// flaw is one thing that is wrong with a request.
type flaw struct {
	Field   string       `json:"field,omitempty"`
	Reason  fault.Reason `json:"reason,omitempty"`
	Limit   any          `json:"limit,omitempty"` // a number, or a decimal as a text
	Version int          `json:"version,omitempty"`
	Message string       `json:"message"`
}

// subject is what of a request an error is about.
type subject struct {
	field string
	in    rest.In
}

// problems are the statuses of a resource's faults, the gravest first.
var problems = []struct {
	code   fault.Code
	status int
}{
	{fault.Internal, http.StatusInternalServerError},
	{fault.Unavailable, http.StatusServiceUnavailable},
	{fault.Timeout, http.StatusServiceUnavailable},
	{fault.RateLimited, http.StatusTooManyRequests},
	{fault.MethodNotAllowed, http.StatusMethodNotAllowed},
	{fault.NotAcceptable, http.StatusNotAcceptable},
	{fault.UnsupportedMedia, http.StatusUnsupportedMediaType},
	{fault.PayloadTooLarge, http.StatusRequestEntityTooLarge},
	{fault.BadRequest, http.StatusBadRequest},
	{fault.QueryTooComplex, http.StatusBadRequest},
	{fault.QueryTooDeep, http.StatusBadRequest},
	{fault.Unauthenticated, http.StatusUnauthorized},
	{fault.Forbidden, http.StatusForbidden},
	{fault.BadUserInput, http.StatusUnprocessableEntity},
	{fault.NotFound, http.StatusNotFound},
	{fault.Conflict, http.StatusConflict},
}

// maxInstance is how many bytes of a path are repeated.
const maxInstance = 1000

// newProblem is that of the errors, the gravest of which decides. about says what
// of the request one is about.
func newProblem(r *http.Request, errs gqlerror.List, about func(*gqlerror.Error) subject) *problem {
	p := &problem{Type: "about:blank", RequestID: graph.RequestID(r.Context()), errors: errs}
	if path := r.URL.EscapedPath(); len(path) <= maxInstance {
		p.Instance = path
	}
	gravest := len(problems)
	for _, e := range errs {
		s := about(e)
		f := newFlaw(e, s)
		if f.Field != "" || f.Reason != "" {
			p.Errors = append(p.Errors, f)
		}
		if at := gravity(e); at < gravest {
			gravest = at
			p.Code, p.Status, p.Detail = problems[at].code, problems[at].status, f.text()
			if p.Code == fault.NotFound && s.field != "" && s.in != rest.InPath {
				p.Status = http.StatusUnprocessableEntity // it is there, but not what it refers to
			}
		}
	}
	p.Title = http.StatusText(p.Status)
	return p
}

// gravity is the place of the error among the problems.
func gravity(e *gqlerror.Error) int {
	code := codeOf(e)
	if f := faultOf(e); f != nil {
		code = f.Code // of a variable that is not of its type, as a client of resources sees it
	}
	for i, p := range problems {
		if p.code == code {
			return i
		}
	}
	return 0 // a stored document has no other fault
}

func newFlaw(e *gqlerror.Error, s subject) flaw {
	f := flaw{Field: s.field, Limit: e.Extensions["limit"], Message: e.Message}
	f.Version, _ = e.Extensions["version"].(int)
	if known := faultOf(e); known != nil && known.Code != fault.Internal {
		f.Reason, f.Message = known.Reason, known.Message
	}
	return f
}

// text is what is wrong, and with what.
func (f *flaw) text() string {
	if f.Field == "" {
		return f.Message
	}
	return f.Field + ": " + f.Message
}

// fieldOf is the field that an error names.
func fieldOf(e *gqlerror.Error) string {
	if field, ok := e.Extensions["field"].(string); ok {
		return field
	}
	if f := faultOf(e); f != nil {
		return f.Field
	}
	return ""
}

func faultOf(e *gqlerror.Error) *fault.Error {
	var f *fault.Error
	errors.As(e.Err, &f)
	return f
}

// send sends the problem.
func (p *problem) send(w http.ResponseWriter, r *http.Request) {
	noticed(r.Context()).errors = p.errors
	h := w.Header()
	h.Set("Cache-Control", "no-store") // caches would keep a 404 of themselves
	if wait := waiting(p.errors, p.Status); wait > 0 {
		h.Set("Retry-After", seconds(wait))
	}
	if p.Status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", "Bearer")
	}
	sendJSON(w, r, p.Status, problemJSON, append(jsonText(p), '\n'))
}
