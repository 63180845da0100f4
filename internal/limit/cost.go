// Package limit says how much one may ask: what an operation costs, how deep it
// goes, and how much a client may spend.
package limit

import (
	"encoding/json"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// What the parts of an operation cost, in points.
const (
	objectCost        = 1
	connectionCost    = 1
	summaryCost       = 10 // totalCount, stats
	mutationCost      = 10
	introspectionCost = 100

	defaultPage = 10
)

// maxPoints is where counting ends: nothing is allowed to cost as much.
const maxPoints = 1 << 50

// Cost is what the operation costs with the variables, in points. It reads each
// selection once, however often fragments repeat it.
func Cost(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any) int {
	p := &pricer{schema: schema, variables: variables, seen: map[key]parts{}}
	return p.selection(o.SelectionSet).own
}

// pricer prices one operation.
type pricer struct {
	schema    *ast.Schema
	variables map[string]any
	seen      map[key]parts      // what the fragments have been found to cost
	sizes     map[*ast.Field]int // of pages, in place of what is asked for
}

// key is a fragment, read as what it is a part of.
type key struct {
	fragment *ast.FragmentDefinition
	as       reading
}

// reading is how a selection counts.
type reading int

const (
	asObject reading = iota
	asConnection
	asEdges
)

// parts is what a selection costs by itself and, in a connection, once for each
// row.
type parts struct{ own, perRow int }

func (p *pricer) selection(set ast.SelectionSet) parts { return p.read(set, asObject) }

func (p *pricer) read(set ast.SelectionSet, as reading) parts {
	var sum parts
	for _, selection := range set {
		if !Included(selection, p.variables) {
			continue
		}
		var cost parts
		switch s := selection.(type) {
		case *ast.Field:
			cost = p.field(s, as)
		case *ast.InlineFragment:
			cost = p.read(s.SelectionSet, as)
		case *ast.FragmentSpread:
			cost = p.fragment(s.Definition, as)
		}
		sum.own, sum.perRow = add(sum.own, cost.own), add(sum.perRow, cost.perRow)
	}
	return sum
}

func (p *pricer) fragment(f *ast.FragmentDefinition, as reading) parts {
	cost, ok := p.seen[key{f, as}]
	if !ok {
		cost = p.read(f.SelectionSet, as)
		p.seen[key{f, as}] = cost
	}
	return cost
}

func (p *pricer) field(f *ast.Field, as reading) parts {
	switch {
	case as == asConnection && f.Name == "nodes", as == asEdges && f.Name == "node":
		return parts{perRow: add(objectCost, p.selection(f.SelectionSet).own)}
	case as == asConnection && f.Name == "edges":
		return p.read(f.SelectionSet, asEdges)
	case as == asConnection && f.Name == "pageInfo":
		return parts{}
	case as == asConnection && (f.Name == "totalCount" || f.Name == "stats"):
		return parts{own: summaryCost}
	}
	return parts{own: p.whole(f)}
}

// whole is what a field costs with all below it.
func (p *pricer) whole(f *ast.Field) int {
	switch f.Name {
	case "__typename":
		return 0
	case "__schema", "__type":
		return introspectionCost
	}
	result := p.schema.Types[f.Definition.Type.Name()]
	switch {
	case f.ObjectDefinition == p.schema.Mutation:
		return add(mutationCost+p.items(f), p.selection(f.SelectionSet).own)
	case f.ObjectDefinition == p.schema.Subscription:
		return p.selection(f.SelectionSet).own
	case result.IsLeafType():
		return 0
	case IsConnection(result):
		rows := p.read(f.SelectionSet, asConnection)
		return add(connectionCost+rows.own, times(p.size(f), rows.perRow))
	}
	below := p.selection(f.SelectionSet).own
	if ids := f.Arguments.ForName("ids"); ids != nil {
		return add(connectionCost, times(p.length(ids.Value), add(objectCost, below)))
	}
	return add(objectCost, below)
}

// IsConnection tells whether the type is a connection.
func IsConnection(d *ast.Definition) bool {
	return d.Fields.ForName("edges") != nil && d.Fields.ForName("pageInfo") != nil
}

func (p *pricer) size(f *ast.Field) int {
	if n, ok := p.sizes[f]; ok {
		return n
	}
	return PageSize(f, p.variables)
}

// PageSize is how many rows a connection field asks for.
func PageSize(f *ast.Field, variables map[string]any) int {
	for _, name := range []string{"first", "last"} {
		if argument := f.Arguments.ForName(name); argument != nil {
			if n, ok := integer(argument.Value, variables); ok {
				return max(0, n)
			}
		}
	}
	return defaultPage
}

func integer(v *ast.Value, variables map[string]any) (int, bool) {
	value, err := v.Value(variables)
	if err != nil {
		return 0, false
	}
	switch n := value.(type) {
	case int64:
		return int(n), true
	case json.Number:
		i, err := strconv.Atoi(n.String())
		return i, err == nil
	}
	return 0, false
}

// items is how many items the field's lists of inputs have.
func (p *pricer) items(f *ast.Field) int {
	n := 0
	for _, argument := range f.Arguments {
		if definition := f.Definition.Arguments.ForName(argument.Name); definition != nil && definition.Type.Elem != nil {
			n += p.length(argument.Value)
		}
	}
	return n
}

// length is how many items a list has; what is no list is a list of one.
func (p *pricer) length(v *ast.Value) int {
	value, err := v.Value(p.variables)
	if err != nil || value == nil {
		return 0
	}
	if list, ok := value.([]any); ok {
		return len(list)
	}
	return 1
}

// Included tells whether @skip and @include leave the selection in.
func Included(s ast.Selection, variables map[string]any) bool {
	var directives ast.DirectiveList
	switch s := s.(type) {
	case *ast.Field:
		directives = s.Directives
	case *ast.InlineFragment:
		directives = s.Directives
	case *ast.FragmentSpread:
		directives = s.Directives
	}
	return !decides(directives, "skip", variables, false) && decides(directives, "include", variables, true)
}

func decides(directives ast.DirectiveList, name string, variables map[string]any, otherwise bool) bool {
	d := directives.ForName(name)
	if d == nil {
		return otherwise
	}
	value, err := d.Arguments.ForName("if").Value.Value(variables)
	is, ok := value.(bool)
	if err != nil || !ok {
		return otherwise
	}
	return is
}

func add(a, b int) int { return min(a+b, maxPoints) }

func times(a, b int) int {
	if a != 0 && b > maxPoints/a {
		return maxPoints
	}
	return a * b
}
