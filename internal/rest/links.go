package rest

import (
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/tidwall/gjson"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/relay"
)

// Links are those to the next page and to the one before, as the header Link has
// them (RFC 8288), where the answer is a page whose pageInfo tells of them. Path
// and query are the request's, as they stand in its URL; what else the query has
// is kept.
func (r *Route) Links(path, query string, answer json.RawMessage) []string {
	if selected(r.Answer.SelectionSet, "pageInfo") == nil {
		return nil
	}
	page := gjson.GetBytes(answer, "pageInfo")
	var links []string
	add := func(rel, size, cursor, at string) {
		given, _ := url.ParseQuery(query) // as it was before
		if r.turn(given, size, cursor, at) {
			links = append(links, "<"+path+"?"+given.Encode()+`>; rel="`+rel+`"`)
		}
	}
	if cursor := page.Get("endCursor").String(); page.Get("hasNextPage").Bool() && cursor != "" {
		add("next", "first", "after", cursor)
	}
	if cursor := page.Get("startCursor").String(); page.Get("hasPreviousPage").Bool() && cursor != "" {
		add("prev", "last", "before", cursor)
	}
	return links
}

// turn changes a query to ask for the page of the same size from a cursor on;
// false where the route's parameters cannot.
func (r *Route) turn(query url.Values, size, cursor, at string) bool {
	rows := strconv.Itoa(relay.DefaultPage)
	for _, argument := range []string{"first", "last"} {
		p := r.queried(argument)
		switch {
		case p == nil:
		case p.DefaultValue != nil && argument != size:
			return false // it would stand beside the other
		case query.Has(p.Variable):
			rows = query.Get(p.Variable)
		case p.DefaultValue != nil:
			rows = p.DefaultValue.Raw
		}
	}
	to, from := r.queried(size), r.queried(cursor)
	if to == nil || from == nil {
		return false
	}
	for _, argument := range []string{"first", "after", "last", "before"} {
		if p := r.queried(argument); p != nil {
			query.Del(p.Variable)
		}
	}
	query.Set(to.Variable, rows)
	query.Set(from.Variable, at)
	return true
}

// queried is the parameter by query that the answer's argument is, nil for none.
func (r *Route) queried(argument string) *Parameter {
	a := r.Answer.Arguments.ForName(argument)
	if a == nil || a.Value.Kind != ast.Variable {
		return nil
	}
	if p := r.parameter(a.Value.Raw); p != nil && p.In == InQuery {
		return p
	}
	return nil
}
