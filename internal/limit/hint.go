package limit

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Hint is one of the dearest connections of an operation that costs too much.
type Hint struct {
	// Path is where its value would stand in the response, without the indices
	// of lists.
	Path []string `json:"path"`
	// Cost is what it adds to the operation's cost.
	Cost int `json:"cost"`
	// WouldFit is the largest page size with which the operation would pass,
	// nil if none would do.
	WouldFit *int `json:"wouldFit"`
}

const (
	maxHints = 3
	// maxVisits bounds the places that are looked at: fragments can repeat a few
	// fields in more places than there are atoms.
	maxVisits = 20_000
)

// Hints are the three dearest connections of an operation that costs more than
// it may, the dearest first.
func Hints(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any, cost, allowed int) []Hint {
	h := &hinter{
		pricer: pricer{schema: schema, variables: variables, seen: map[key]parts{}},
		excess: cost - allowed,
		found:  []Hint{},
	}
	h.walk(o.SelectionSet, nil, 1)
	slices.SortStableFunc(h.found, func(a, b Hint) int { return b.Cost - a.Cost })
	return h.found[:min(len(h.found), maxHints)]
}

type hinter struct {
	pricer
	excess int
	visits int
	found  []Hint
}

// walk looks at every connection of a selection that stands at the path and
// counts the given number of times.
func (h *hinter) walk(set ast.SelectionSet, path []string, repeated int) {
	for _, selection := range set {
		if h.visits++; h.visits > maxVisits || !Included(selection, h.variables) {
			continue
		}
		switch s := selection.(type) {
		case *ast.Field:
			h.field(s, append(slices.Clip(path), s.Alias), repeated)
		case *ast.InlineFragment:
			h.walk(s.SelectionSet, path, repeated)
		case *ast.FragmentSpread:
			h.walk(s.Definition.SelectionSet, path, repeated)
		}
	}
}

func (h *hinter) field(f *ast.Field, path []string, repeated int) {
	result := h.schema.Types[f.Definition.Type.Name()]
	if f.Name == "__schema" || f.Name == "__type" || result.IsLeafType() {
		return
	}
	if !IsConnection(result) {
		if ids := f.Arguments.ForName("ids"); ids != nil {
			repeated = times(repeated, h.length(ids.Value))
		}
		h.walk(f.SelectionSet, path, repeated)
		return
	}
	size := h.size(f)
	h.found = append(h.found, h.hint(f, path, repeated, size))
	h.walk(f.SelectionSet, path, times(repeated, size))
}

// hint tells with which size the connection would be cheap enough.
func (h *hinter) hint(f *ast.Field, path []string, repeated, size int) Hint {
	hint := Hint{Path: path, Cost: times(repeated, h.whole(f))}
	row := times(repeated, h.read(f.SelectionSet, asConnection).perRow)
	if row == 0 {
		return hint
	}
	fewer := (h.excess + row - 1) / row
	if fits := size - fewer; fits >= 0 {
		fits = min(fits, maxPage)
		hint.WouldFit = &fits
	}
	return hint
}

const maxPage = 100
