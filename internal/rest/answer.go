package rest

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/vektah/gqlparser/v2/ast"
)

// findAnswer finds the field whose value is the response.
func (r *Route) findAnswer(value string) error {
	root, ok := r.SelectionSet[0].(*ast.Field)
	if !ok || len(r.SelectionSet) != 1 {
		return r.wrong("the operation has not one field, whose value could be the response")
	}
	r.Answer, r.keys = root, []string{root.Alias}
	if value == "" {
		return nil
	}
	for key := range strings.SplitSeq(value, ".") {
		if r.Answer.Definition.Type.Elem != nil {
			return r.wrong("the value %q is in a list, %s", value, r.Answer.Alias)
		}
		next := selected(r.Answer.SelectionSet, key)
		if next == nil {
			return r.wrong("the value %q is not selected: %s has no %s", value, r.Answer.Alias, key)
		}
		r.Answer, r.keys = next, append(r.keys, key)
	}
	return nil
}

// selected is the field with the key, those in fragments too; nil for none.
func selected(set ast.SelectionSet, key string) *ast.Field {
	for _, selection := range set {
		var found *ast.Field
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias == key {
				found = s
			}
		case *ast.InlineFragment:
			found = selected(s.SelectionSet, key)
		case *ast.FragmentSpread:
			found = selected(s.Definition.SelectionSet, key)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// placeholder stands for a field of the response.
var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func (r *Route) checkLocation() error {
	if r.Location == "" {
		return nil
	}
	if !r.Writes() || r.Location[0] != '/' {
		return r.wrong("the location is a path that begins with /, of what a mutation creates")
	}
	for _, found := range placeholder.FindAllStringSubmatch(r.Location, -1) {
		at := r.Answer
		for key := range strings.SplitSeq(found[1], ".") {
			if at = selected(at.SelectionSet, key); at == nil {
				return r.wrong("the location has {%s}, which the response has not", found[1])
			}
		}
	}
	return nil
}

// YesOrNo tells whether the response of a mutation is only whether there was
// something to do.
func (r *Route) YesOrNo() bool {
	return r.Writes() && r.Answer.Definition.Type.NamedType == "Boolean"
}

// Value is the value of the route's answer in the data of a response, nil where
// it is null or there is none.
func (r *Route) Value(data json.RawMessage) json.RawMessage {
	found := gjson.GetBytes(data, strings.Join(r.keys, "."))
	if found.Type == gjson.Null {
		return nil
	}
	return json.RawMessage(found.Raw)
}

// Created is where that is found which the route has created.
func (r *Route) Created(answer json.RawMessage) string {
	return placeholder.ReplaceAllStringFunc(r.Location, func(found string) string {
		return url.PathEscape(gjson.GetBytes(answer, strings.Trim(found, "{}")).String())
	})
}
