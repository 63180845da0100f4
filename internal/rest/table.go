package rest

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Table finds the route that a request means.
type Table struct {
	routes []Route // a word before a variable in its place
}

// NewTable returns the table of the routes, as Routes returns them.
func NewTable(routes []Route) *Table { return &Table{routes} }

// Found is what is at a path: the route of each method, and what its variables
// stand for.
type Found map[string]Match

// Match is a route with the texts of its path's variables.
type Match struct {
	Route *Route
	Path  map[string]string
}

// Methods are those by which a request may come, HEAD with GET, in alphabetical
// order.
func (f Found) Methods() []string {
	methods := []string{"OPTIONS"}
	for method := range f {
		methods = append(methods, method)
		if method == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	slices.Sort(methods)
	return methods
}

// Find returns what is at the path below /api, as it stands in the URL, its
// escapes as they are: none where there is nothing, or it cannot be read. Where
// several routes of a method fit, a word goes before a variable.
func (t *Table) Find(path string) Found {
	below, rooted := strings.CutPrefix(path, "/")
	if !rooted || strings.Count(below, "/") > maxSegments {
		return nil
	}
	parts := strings.Split(below, "/")
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil || text == "" || !utf8.ValidString(text) {
			return nil
		}
		parts[i] = text
	}
	found := Found{}
	for i := range t.routes {
		r := &t.routes[i]
		if _, taken := found[r.Method]; taken {
			continue
		}
		if variables, ok := r.fits(parts); ok {
			found[r.Method] = Match{r, variables}
		}
	}
	return found
}

// maxSegments is more than any path has.
const maxSegments = 64

// fits tells whether the path is the route's, and what its variables stand for.
func (r *Route) fits(parts []string) (variables map[string]string, ok bool) {
	if len(parts) != len(r.segments) {
		return nil, false
	}
	for i, s := range r.segments {
		if s.variable == "" && s.text != parts[i] {
			return nil, false
		}
	}
	variables = map[string]string{}
	for i, s := range r.segments {
		if s.variable != "" {
			variables[s.variable] = parts[i]
		}
	}
	return variables, true
}
