package openapi

import (
	"slices"

	"github.com/google/jsonschema-go/jsonschema"

	"stoa/internal/rest"
)

// bearer is how one says who asks.
var bearer = scheme{
	Type: "http", Scheme: "bearer", BearerFormat: "JWT",
	Description: "The `token` of a session, or of a sign-up.",
}

// parameters are the headers of requests.
var parameters = map[string]parameter{
	"If-None-Match": {
		Name: "If-None-Match", In: "header", Schema: &jsonschema.Schema{Type: "string"},
		Description: "The `ETag` of an answer that is at hand. It is not sent again if it still holds.",
	},
	"Idempotency-Key": {
		Name: "Idempotency-Key", In: "header", Schema: &jsonschema.Schema{Type: "string", Pattern: "^[!-~]{1,255}$"},
		Description: "The client's own name for the request. Sent again with it within a day, the request has no effect, and the answer is the first one.",
	},
	"Stoa-Dry-Run": {
		Name: "Stoa-Dry-Run", In: "header", Schema: &jsonschema.Schema{Type: "string", Enum: []any{"true"}},
		Description: "Runs the request to its end, and then takes back all that it has changed.",
	},
}

// headersOf are the headers of requests that the route heeds.
func headersOf(r *rest.Route) []string {
	switch {
	case r.Writes():
		return []string{"Idempotency-Key", "Stoa-Dry-Run"}
	case r.Method == "GET":
		return []string{"If-None-Match"}
	}
	return nil
}

// common are the headers that any response may have.
var common = []string{"Cache-Control", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-Id"}

// headers are those of responses.
var headers = map[string]header{
	"Cache-Control":        {Description: "How long the answer may be kept, and by whom.", Schema: &jsonschema.Schema{Type: "string"}},
	"ETag":                 {Description: "Tells this answer from any other, for `If-None-Match`. It is left out where somebody is logged in.", Schema: &jsonschema.Schema{Type: "string"}},
	"Idempotency-Replayed": {Description: "`true` where the request has been sent before, and this is the answer it had.", Schema: &jsonschema.Schema{Type: "string"}},
	"Link":                 {Description: "The pages beside this one: `rel=\"next\"` and `rel=\"prev\"`, as far as there are any.", Schema: &jsonschema.Schema{Type: "string"}},
	"Location":             {Description: "Where that is found which was created.", Schema: &jsonschema.Schema{Type: "string", Format: "uri-reference"}},
	"RateLimit-Limit":      {Description: "The points a minute. It is left out where there is no limit, or nothing was spent.", Schema: whole()},
	"RateLimit-Remaining":  {Description: "The points that are left.", Schema: whole()},
	"RateLimit-Reset":      {Description: "In how many seconds all points will be there again.", Schema: whole()},
	"Retry-After":          {Description: "In how many seconds to ask again.", Schema: whole()},
	"Stoa-Dry-Run":         {Description: "`true` where all was taken back.", Schema: &jsonschema.Schema{Type: "string"}},
	"WWW-Authenticate":     {Description: "That a token is needed.", Schema: &jsonschema.Schema{Type: "string"}},
	"X-Request-Id":         {Description: "By what the log knows the request: the header of the request, or a new one.", Schema: &jsonschema.Schema{Type: "string", Pattern: "^[A-Za-z0-9._-]{1,64}$"}},
}

func whole() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Minimum: new(0.0)}
}

// withCommon are references to the headers of those names, and to the common ones.
func withCommon(names ...string) map[string]header {
	all := map[string]header{}
	for _, name := range slices.Concat(common, names) {
		all[name] = header{Ref: "#/components/headers/" + name}
	}
	return all
}
