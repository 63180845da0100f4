// Package openapi describes routes as OpenAPI 3.1 has it. All that it says is from
// the documents of the routes and the schema: it knows no kind.
package openapi

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/fault"
	"stoa/internal/rest"
)

// Options are what is described.
type Options struct {
	Routes []rest.Route
	Schema *ast.Schema
	// Server is the path below which the routes are.
	Server string
	// Status is that of an answer that is a fault.
	Status func(fault.Code) int
}

// The parts of a description, in OpenAPI's words.
type (
	description struct {
		OpenAPI    string                           `json:"openapi"`
		Info       info                             `json:"info"`
		Servers    []server                         `json:"servers"`
		Tags       []tag                            `json:"tags"`
		Paths      map[string]map[string]*operation `json:"paths"`
		Components components                       `json:"components"`
	}
	info struct {
		Title       string  `json:"title"`
		Version     string  `json:"version"`
		Description string  `json:"description"`
		License     license `json:"license"`
	}
	license struct {
		Name       string `json:"name"`
		Identifier string `json:"identifier"`
	}
	server struct {
		URL string `json:"url"`
	}
	tag struct {
		Name string `json:"name"`
	}
	components struct {
		Schemas         map[string]*jsonschema.Schema `json:"schemas"`
		Parameters      map[string]parameter          `json:"parameters"`
		Headers         map[string]header             `json:"headers"`
		Responses       map[string]response           `json:"responses"`
		SecuritySchemes map[string]scheme             `json:"securitySchemes"`
	}
	operation struct {
		ID          string              `json:"operationId"`
		Tags        []string            `json:"tags"`
		Summary     string              `json:"summary,omitempty"`
		Description string              `json:"description,omitempty"`
		Parameters  []parameter         `json:"parameters,omitempty"`
		Body        *body               `json:"requestBody,omitempty"`
		Responses   map[string]response `json:"responses"`
		Security    []map[string][]none `json:"security"`
	}
	// A parameter, response or header that is a Ref is nothing else.
	parameter struct {
		Ref         string             `json:"$ref,omitempty"`
		Name        string             `json:"name,omitempty"`
		In          string             `json:"in,omitempty"`
		Description string             `json:"description,omitempty"`
		Required    bool               `json:"required,omitempty"`
		Schema      *jsonschema.Schema `json:"schema,omitempty"`
		Content     map[string]media   `json:"content,omitempty"` // in place of the schema
		Example     string             `json:"example,omitempty"`
	}
	body struct {
		Required bool             `json:"required"`
		Content  map[string]media `json:"content"`
	}
	response struct {
		Ref         string            `json:"$ref,omitempty"`
		Description string            `json:"description,omitempty"`
		Headers     map[string]header `json:"headers,omitempty"`
		Content     map[string]media  `json:"content,omitempty"`
	}
	header struct {
		Ref         string             `json:"$ref,omitempty"`
		Description string             `json:"description,omitempty"`
		Schema      *jsonschema.Schema `json:"schema,omitempty"`
	}
	media struct {
		Schema  *jsonschema.Schema `json:"schema"`
		Example json.RawMessage    `json:"example,omitempty"`
	}
	scheme struct {
		Type         string `json:"type"`
		Scheme       string `json:"scheme"`
		BearerFormat string `json:"bearerFormat"`
		Description  string `json:"description"`
	}
	none struct{}
)

// Describe is the description of the routes in JSON: the same bytes for the same
// routes.
func Describe(o Options) ([]byte, error) {
	d := &describer{Options: o, types: types{o.Schema, map[string]*jsonschema.Schema{}}, taken: map[string]bool{}, paths: map[string]string{}}
	if err := json.Unmarshal(examplesText, &d.examples); err != nil {
		return nil, err
	}
	paths := map[string]map[string]*operation{}
	for i := range o.Routes {
		r := &o.Routes[i]
		path := d.path(r)
		if paths[path] == nil {
			paths[path] = map[string]*operation{}
		}
		paths[path][strings.ToLower(r.Method)] = d.operation(r)
	}
	whole := description{
		OpenAPI:    "3.1.1",
		Info:       about,
		Servers:    []server{{o.Server}},
		Tags:       tags(paths),
		Paths:      paths,
		Components: d.components(),
	}
	return encode(whole)
}

// about is what the description says of all.
var about = info{
	Title:   "Stoa",
	Version: "1",
	Description: "Resources of Stoa. Lists come page by page: the `Link` headers lead to the pages beside one, " +
		"and `pageInfo` has the cursors by which to ask for them. Whatever is refused is a problem document of RFC 9457.",
	License: license{"Apache License 2.0", "Apache-2.0"},
}

var pathVariable = regexp.MustCompile(`\{(\w+)\}`)

// path is the route's path, whose variables have the names that they have in the
// first one of its shape: to OpenAPI the two are one path.
func (d *describer) path(r *rest.Route) string {
	shape := pathVariable.ReplaceAllString(r.Path, "{}")
	if d.paths[shape] == "" {
		d.paths[shape] = r.Path
	}
	return d.paths[shape]
}

// pathNames are the names of the variables in the route's path, by their own.
func (d *describer) pathNames(r *rest.Route) map[string]string {
	names := map[string]string{}
	as := pathVariable.FindAllStringSubmatch(d.path(r), -1)
	for i, own := range pathVariable.FindAllStringSubmatch(r.Path, -1) {
		names[own[1]] = as[i][1]
	}
	return names
}

func tags(paths map[string]map[string]*operation) []tag {
	names := map[string]bool{}
	for path := range paths {
		names[group(path)] = true
	}
	var sorted []tag
	for _, name := range slices.Sorted(maps.Keys(names)) {
		sorted = append(sorted, tag{name})
	}
	return sorted
}

// group is what a path is listed under: its first part.
func group(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return name
}

// describer describes one set of routes.
type describer struct {
	Options
	types    types
	examples recorded
	taken    map[string]bool   // operations' ids
	paths    map[string]string // by their shapes
}

func (d *describer) components() components {
	return components{
		Schemas:         d.types.components,
		Parameters:      parameters,
		Headers:         headers,
		Responses:       d.refusals(),
		SecuritySchemes: map[string]scheme{"token": bearer},
	}
}
