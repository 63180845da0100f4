package openapi

import (
	"slices"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"

	"stoa/internal/fault"
	"stoa/internal/rest"
)

// refusal is a way in which requests are refused.
type refusal struct {
	code    fault.Code
	name    string
	meaning string
	header  string                                 // that it has beside the common ones
	may     func(d *describer, r *rest.Route) bool // nil for any route
}

var refusals = []refusal{
	{fault.BadRequest, "BadRequest", "The request is not as HTTP, a query or JSON are written, or asks for too much at once.", "", nil},
	{fault.Unauthenticated, "Unauthenticated", "A log-in is needed, or has failed; or the token is bad, or has ended.", "WWW-Authenticate", nil},
	{fault.Forbidden, "Forbidden", "Whoever is logged in may not do that.", "", (*describer).mayForbid},
	{fault.NotFound, "NotFound", "There is no such thing.", "", (*describer).mayMiss},
	{fault.NotAcceptable, "NotAcceptable", "The answer is JSON, which the client does not accept.", "", nil},
	{fault.Conflict, "Conflict", "The present state stands against it: a name is taken, a thing is in use, a version is stale.", "", mayConflict},
	{fault.PayloadTooLarge, "PayloadTooLarge", "The body is too large.", "", hasBody},
	{fault.UnsupportedMedia, "UnsupportedMediaType", "The body is not JSON.", "", hasBody},
	{fault.BadUserInput, "Invalid", "Values that cannot be: each is one of the `errors`.", "", nil},
	{fault.RateLimited, "RateLimited", "The client has no points left, or has tried to log in too often.", "Retry-After", nil},
	{fault.Internal, "Internal", "Something went wrong on the server's side; its log has the `requestId`.", "", nil},
	{fault.Unavailable, "Unavailable", "The database is away, or the request took too long.", "Retry-After", nil},
}

func mayConflict(_ *describer, r *rest.Route) bool { return r.Writes() }

func hasBody(_ *describer, r *rest.Route) bool { return r.HasBody() }

// mayMiss tells whether what a request names may be missing.
func (d *describer) mayMiss(r *rest.Route) bool {
	return r.YesOrNo() || r.Answer != r.Root() || !r.Answer.Definition.Type.NonNull || slices.ContainsFunc(r.Parameters, func(p rest.Parameter) bool { return p.In == rest.InPath })
}

// mayForbid tells whether some may not do what the route does, or not with every
// parameter.
func (d *describer) mayForbid(r *rest.Route) bool {
	if r.NeedsLogIn() {
		return true
	}
	for _, u := range usages(d.Schema, r.OperationDefinition) {
		if u.directives.ForName("admin") != nil {
			return true
		}
	}
	return false
}

// refused are the responses with which the route refuses, by their statuses.
func (d *describer) refused(r *rest.Route) map[string]response {
	all := map[string]response{}
	for _, known := range refusals {
		if known.may == nil || known.may(d, r) {
			all[strconv.Itoa(d.Status(known.code))] = response{Ref: "#/components/responses/" + known.name}
		}
	}
	return all
}

// refusals are the responses by which anything is refused.
func (d *describer) refusals() map[string]response {
	all := map[string]response{}
	problem := d.types.component("Problem", problem())
	for _, known := range refusals {
		var names []string
		if known.header != "" {
			names = append(names, known.header)
		}
		example := d.examples.Problems[strconv.Itoa(d.Status(known.code))]
		all[known.name] = response{
			Description: known.meaning,
			Headers:     withCommon(names...),
			Content:     map[string]media{"application/problem+json": {problem, example}},
		}
	}
	return all
}

// problem is the schema of a refusal.
func problem() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Description: "Why a request was refused, as RFC 9457 has it."}
	text := func(description string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "string", Description: description}
	}
	add(s, "type", text("`about:blank`: the status and the `code` tell what it is."), true)
	add(s, "title", text("The status in words."), true)
	add(s, "status", &jsonschema.Schema{Type: "integer", Minimum: new(400.0), Maximum: new(599.0), Description: "The status."}, true)
	add(s, "detail", text("What is wrong, for people."), true)
	add(s, "instance", text("The path of the request."), true)
	add(s, "requestId", text("By what the log knows the request."), true)
	add(s, "code", text("What is wrong, for programs: `BAD_USER_INPUT`, `CONFLICT` and so on."), true)
	add(s, "errors", &jsonschema.Schema{Type: "array", Items: flaw(text), Description: "All that is wrong with what was sent."}, false)
	return s
}

func flaw(text func(string) *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object"}
	add(s, "field", text("What of the request is wrong: a parameter, or the place in the body, as in `0.inventory`."), false)
	add(s, "reason", text("What is wrong with it: `TOO_LONG`, `TAKEN` and so on."), false)
	add(s, "limit", &jsonschema.Schema{Types: []string{"integer", "string"}, Description: "The bound that was passed."}, false)
	add(s, "version", &jsonschema.Schema{Type: "integer", Description: "The present version of what has changed meanwhile."}, false)
	add(s, "message", text("For people."), true)
	return s
}
