package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph"
	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/rest"
)

// apiPath is where the resources are.
const apiPath = "/api"

// resources serves stored operations as resources.
type resources struct {
	*graphQL
	table       *rest.Table
	stored      map[*ast.OperationDefinition]*graph.Stored
	description func() *pageFile // of the routes
}

func (s *resources) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if private(r) {
		w.Header().Set("Cache-Control", "no-store")
	}
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), apiPath)
	found := s.table.Find(path)
	if len(found) == 0 {
		refuseResource(w, r, fault.New(fault.NotFound, "There is nothing at this path."))
		return
	}
	match, known := found[r.Method]
	if r.Method == http.MethodHead {
		match, known = found[http.MethodGet]
	}
	switch {
	case known:
		s.serve(w, r, match)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", strings.Join(found.Methods(), ", "))
		w.WriteHeader(http.StatusNoContent)
	default:
		methods := strings.Join(found.Methods(), ", ")
		w.Header().Set("Allow", methods)
		refuseResource(w, r, fault.New(fault.MethodNotAllowed, "Send one of %s.", methods))
	}
}

// serve runs the operation that the request means.
func (s *resources) serve(w http.ResponseWriter, r *http.Request, match rest.Match) {
	if !acceptsJSON(r.Header) {
		refuseResource(w, r, fault.New(fault.NotAcceptable, "The answer is %s.", plainJSON))
		return
	}
	route := match.Route
	if route.NeedsLogIn() && r.Header.Get("Authorization") == "" {
		refuseResource(w, r, auth.LoggedIn(r.Context()))
		return
	}
	variables, err := bind(w, r, match)
	if err != nil {
		refuseResource(w, r, err)
		return
	}
	operation, errs := s.api.Prepare(graph.Request{Stored: s.stored[route.OperationDefinition], Variables: variables})
	if errs != nil {
		refuseAnswer(w, r, route, errs)
		return
	}
	noticed(r.Context()).operation = operation
	response, err := s.run(w, r, operation)
	if err != nil {
		if fault.Of(err)[0].Code == fault.Unauthenticated {
			w.Header().Set("WWW-Authenticate", badToken)
		}
		refuseResource(w, r, err)
		return
	}
	if statements, ok := response.Extensions["stoa"].(graph.Statements); ok {
		w.Header().Set("Stoa-Debug", string(jsonText(statements)))
	}
	if response.Errors != nil {
		refuseAnswer(w, r, route, response.Errors)
		return
	}
	answerResource(w, r, route, route.Value(response.Data))
}

// bind reads the operation's variables from the request.
func bind(w http.ResponseWriter, r *http.Request, match rest.Match) (map[string]any, error) {
	if !match.Route.HasBody() {
		return match.Route.Bind(match.Path, r.URL.RawQuery, nil)
	}
	body, err := jsonBody(w, r)
	if err != nil {
		return nil, err
	}
	return match.Route.Bind(match.Path, r.URL.RawQuery, body)
}

// answerResource answers with the value of a route, nil for none.
func answerResource(w http.ResponseWriter, r *http.Request, route *rest.Route, value json.RawMessage) {
	switch {
	case value == nil || route.YesOrNo() && string(value) == "false":
		refuseResource(w, r, fault.New(fault.NotFound, "There is no such thing."))
		return
	case route.YesOrNo():
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status := http.StatusOK
	if route.Location != "" {
		status = http.StatusCreated
		w.Header().Set("Location", apiPath+route.Created(value))
	}
	for _, link := range route.Links(r.URL.EscapedPath(), r.URL.RawQuery, value) {
		w.Header().Add("Link", link)
	}
	text := append(value, '\n')
	if !private(r) && unchanged(w, r, text) {
		return
	}
	sendJSON(w, r, status, plainJSON, text)
}

// sendJSON sends a text that is JSON; net/http leaves it out for HEAD.
func sendJSON(w http.ResponseWriter, r *http.Request, status int, media string, text ...[]byte) {
	size := 0
	for _, part := range text {
		size += len(part)
	}
	hold(r, size)
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
	for _, part := range text {
		_, _ = w.Write(part)
	}
}

// refuseResource answers with the faults of a request that was not run, or found
// nothing. Their fields are as the client knows them.
func refuseResource(w http.ResponseWriter, r *http.Request, err error) {
	newProblem(r, graph.Refuse(r.Context(), err), func(e *gqlerror.Error) subject {
		return subject{fieldOf(e), rest.InQuery}
	}).send(w, r)
}

// refuseAnswer answers with the faults of an operation, of which one refuses all.
func refuseAnswer(w http.ResponseWriter, r *http.Request, route *rest.Route, errs gqlerror.List) {
	newProblem(r, errs, func(e *gqlerror.Error) subject {
		name, in := route.Subject(e.Path, fieldOf(e))
		return subject{name, in}
	}).send(w, r)
}

// acceptsJSON tells whether the client takes JSON for an answer.
func acceptsJSON(h http.Header) bool {
	accept := h.Values("Accept")
	return len(accept) == 0 || closest(mediaRanges(strings.Join(accept, ",")), plainJSON).quality > 0
}
