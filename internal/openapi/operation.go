package openapi

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/limit"
	"stoa/internal/rest"
)

const applicationJSON = "application/json"

// operation describes a route.
func (d *describer) operation(r *rest.Route) *operation {
	o := &operation{
		ID:        d.id(r),
		Tags:      []string{group(r.Path)},
		Summary:   comment(r.Comment),
		Responses: d.refused(r),
		Security:  []map[string][]none{{}, {"token": {}}},
	}
	if r.NeedsLogIn() {
		o.Security = o.Security[1:]
	}
	if r.Root().Definition.Directives.ForName("admin") != nil {
		o.Description = "Admins only."
	}
	var seen example // nothing of an operator's route, whatever its name
	if r.Shipped {
		seen = d.examples.Operations[o.ID]
	}
	o.Parameters = d.parameters(r, seen.ID)
	o.Body = d.body(r, seen.Body)
	o.Responses[strconv.Itoa(success(r))] = d.answer(r, seen.Response)
	if r.Method == "GET" {
		o.Responses["304"] = response{Description: "The answer that is at hand still holds.", Headers: withCommon("ETag")}
	}
	return o
}

// id is the operation's name or, where it has none or another has it too, what is
// made of the method and the path.
func (d *describer) id(r *rest.Route) string {
	id := ""
	if r.Name != "" {
		id = strings.ToLower(r.Name[:1]) + r.Name[1:]
	}
	if id == "" || d.taken[id] {
		id = strings.ToLower(r.Method)
		for part := range strings.FieldsFuncSeq(r.Path, func(c rune) bool { return strings.ContainsRune("/{}-.~", c) }) {
			id += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	for d.taken[id] { // as /a-b beside /a/b
		id += "_"
	}
	d.taken[id] = true
	return id
}

// comment is the text of the comment above an operation, its lines one.
func comment(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	var lines []string
	for _, line := range c.List {
		lines = append(lines, strings.TrimSpace(line.Text()))
	}
	return strings.Join(lines, " ")
}

// parameters describes those in the path and the query, and in headers.
func (d *describer) parameters(r *rest.Route, id string) []parameter {
	var all []parameter
	usages, names := usages(d.Schema, r.OperationDefinition), d.pathNames(r)
	for _, p := range r.Parameters {
		if p.In == rest.InBody {
			continue
		}
		described := parameter{Name: p.Variable, In: "query", Required: p.Type.NonNull && p.DefaultValue == nil}
		if p.In == rest.InPath {
			described.Name, described.In, described.Required, described.Example = names[p.Variable], "path", true, id
		}
		s := d.text(p.Type)
		described.Description = usages[p.Variable].describe(s, p.Variable)
		s.Default = literal(p.DefaultValue)
		if d.Schema.Types[p.Type.Name()].Kind == ast.InputObject && s.Type != "string" {
			described.Content = map[string]media{applicationJSON: {Schema: s}}
		} else {
			described.Schema = s
		}
		all = append(all, described)
	}
	for _, name := range headersOf(r) {
		all = append(all, parameter{Ref: "#/components/parameters/" + name})
	}
	return all
}

// text is the schema of what a client may write for the type in a path or a query.
func (d *describer) text(of *ast.Type) *jsonschema.Schema {
	definition := d.Schema.Types[of.Name()]
	switch {
	case of.Elem != nil:
		return &jsonschema.Schema{Type: "array", Items: d.text(of.Elem)}
	case rest.IsSort(definition):
		return sorting(d.Schema.Types[definition.Fields.ForName("field").Type.Name()])
	case definition.Kind == ast.InputObject:
		return d.types.inputObject(definition)
	}
	return d.types.leaf(definition)
}

// sorting is the schema of up to three keys of a sort.
func sorting(fields *ast.Definition) *jsonschema.Schema {
	var names []string
	for _, value := range fields.EnumValues {
		names = append(names, camel(value.Name))
	}
	key := "(" + strings.Join(names, "|") + ")(:(asc|desc))?"
	return &jsonschema.Schema{Type: "string", Pattern: "^" + key + "(," + key + "){0,2}$"}
}

// camel is an enum's value as fields are written: createdAt for CREATED_AT.
func camel(name string) string {
	first, rest, _ := strings.Cut(strings.ToLower(name), "_")
	for word := range strings.SplitSeq(rest, "_") {
		if word != "" {
			first += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return first
}

// body describes the body of a request, nil where there is none.
func (d *describer) body(r *rest.Route, example json.RawMessage) *body {
	var s *jsonschema.Schema
	switch {
	case r.Body != nil:
		s = d.types.input(r.Body.Type)
		constrain(s, usages(d.Schema, r.OperationDefinition)[r.Body.Variable].directives)
	case r.HasBody():
		s = d.types.component(r.Name+"Input", d.members(r))
	default:
		return nil
	}
	return &body{Required: true, Content: map[string]media{applicationJSON: {s, example}}}
}

// members is the schema of a body whose members are variables.
func (d *describer) members(r *rest.Route) *jsonschema.Schema {
	s := closedObject()
	usages := usages(d.Schema, r.OperationDefinition)
	for _, p := range r.Parameters {
		if p.In != rest.InBody {
			continue
		}
		property := d.types.input(p.Type)
		property.Description = usages[p.Variable].describe(property, p.Variable)
		property.Default = literal(p.DefaultValue)
		add(s, p.Variable, property, p.Type.NonNull && p.DefaultValue == nil)
	}
	return s
}

// success is the status of an answer that is no fault.
func success(r *rest.Route) int {
	switch {
	case r.YesOrNo():
		return 204
	case r.Location != "":
		return 201
	}
	return 200
}

// answer describes the response that is no fault. It is never null: that is not
// found.
func (d *describer) answer(r *rest.Route, example json.RawMessage) response {
	var names []string
	switch {
	case r.Writes():
		names = append(names, "Idempotency-Replayed", "Stoa-Dry-Run")
	case r.Method == "GET":
		names = append(names, "ETag")
	}
	if r.YesOrNo() {
		return response{Description: "It is done.", Headers: withCommon(names...)}
	}
	if r.Location != "" {
		names = append(names, "Location")
	}
	if limit.IsConnection(d.Schema.Types[r.Answer.Definition.Type.Name()]) {
		names = append(names, "Link")
	}
	found := *r.Answer.Definition.Type
	found.NonNull = true
	s := d.types.output(&found, r.Answer.SelectionSet)
	said := d.Schema.Types[found.Name()].Description
	if said == "" || r.Answer.Definition.Type.Elem != nil {
		said = "The answer."
	}
	return response{Description: said, Headers: withCommon(names...), Content: map[string]media{applicationJSON: {s, example}}}
}
