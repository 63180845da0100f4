package limit

import (
	"slices"
	"sort"

	"github.com/vektah/gqlparser/v2/ast"
)

// Hint is one of the dearest connections of an operation that costs too much.
type Hint struct {
	// Path is where its value would stand in the response, without the indices
	// of lists.
	Path []string `json:"path"`
	// Cost is what it adds to the operation's cost at this place.
	Cost int `json:"cost"`
	// WouldFit is the largest page size with which the operation would pass, nil
	// if none would do. A connection in a fragment changes wherever the fragment
	// is used.
	WouldFit *int `json:"wouldFit"`
}

const (
	maxHints = 3
	// maxVisits bounds the places that are looked at: fragments can repeat a few
	// fields in more places than there are atoms.
	maxVisits = 20_000
)

// Hints are the three dearest connections of an operation that costs more than
// is allowed, the dearest first.
func Hints(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any, allowed int) []Hint {
	h := &hinter{pricer: pricer{schema: schema, variables: variables, seen: map[key]parts{}}}
	h.walk(o.SelectionSet, &place{}, 1)
	slices.SortStableFunc(h.found, func(a, b *place) int { return b.cost - a.cost })
	hints := []Hint{}
	for _, p := range h.found[:min(len(h.found), maxHints)] {
		hints = append(hints, Hint{Path: p.path(), Cost: p.cost, WouldFit: h.fitting(o, p.fields, allowed)})
	}
	return hints
}

type hinter struct {
	pricer
	visits int
	found  []*place // those of connections
}

// place is where in a response the fields of one name stand.
type place struct {
	above  *place
	name   string
	below  map[string]*place
	fields []*ast.Field
	cost   int
}

func (p *place) at(name string) *place {
	at, ok := p.below[name]
	if !ok {
		at = &place{above: p, name: name}
		if p.below == nil {
			p.below = map[string]*place{}
		}
		p.below[name] = at
	}
	return at
}

func (p *place) path() []string {
	if p.above == nil {
		return nil
	}
	return append(p.above.path(), p.name)
}

// walk looks at every connection of a selection that counts the given number of
// times.
func (h *hinter) walk(set ast.SelectionSet, at *place, repeated int) {
	for _, selection := range set {
		if h.visits++; h.visits > maxVisits || !Included(selection, h.variables) {
			continue
		}
		switch s := selection.(type) {
		case *ast.Field:
			h.field(s, at.at(s.Alias), repeated)
		case *ast.InlineFragment:
			h.walk(s.SelectionSet, at, repeated)
		case *ast.FragmentSpread:
			h.walk(s.Definition.SelectionSet, at, repeated)
		}
	}
}

func (h *hinter) field(f *ast.Field, at *place, repeated int) {
	result := h.schema.Types[f.Definition.Type.Name()]
	if f.Name == "__schema" || f.Name == "__type" || result.IsLeafType() {
		return
	}
	if IsConnection(result) {
		if at.fields == nil {
			h.found = append(h.found, at)
		}
		at.fields = append(at.fields, f)
		at.cost = add(at.cost, times(repeated, h.whole(f)))
		repeated = times(repeated, h.size(f))
	} else if ids := f.Arguments.ForName("ids"); ids != nil {
		repeated = times(repeated, h.length(ids.Value))
	}
	h.walk(f.SelectionSet, at, repeated)
}

// fitting is the largest page size of the fields, wherever a fragment repeats
// them, with which the operation costs no more than is allowed.
func (h *hinter) fitting(o *ast.OperationDefinition, fields []*ast.Field, allowed int) *int {
	n := sort.Search(maxPage+1, func(n int) bool {
		p := pricer{schema: h.schema, variables: h.variables, seen: map[key]parts{}, sizes: map[*ast.Field]int{}}
		for _, f := range fields {
			p.sizes[f] = n
		}
		return p.selection(o.SelectionSet).own > allowed
	}) - 1
	if n < 0 {
		return nil
	}
	return &n
}

const maxPage = 100
