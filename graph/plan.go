package graph

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph/writer"
	"stoa/internal/auth"
	"stoa/internal/limit"
	"stoa/internal/once"
	"stoa/internal/sqldb"
)

// mutationStatements is how many statements a mutation field sends at most, its
// selection apart.
const mutationStatements = 4

// planned is how many SQL statements the operation sends at most, worked out
// from the document: exactly so many for a query in which no level is empty,
// for nothing is asked about no rows. The one by which a viewer is known is not
// among them.
func (a *API) planned(o *Operation, viewer bool) int {
	p := &planner{schema: a.schema, variables: o.context.Variables, viewer: viewer}
	root := a.schema.Types["Query"]
	if o.Type() != ast.Query {
		root = a.schema.Mutation
	}
	n := 0
	for _, group := range p.collect([]ast.SelectionSet{o.context.Operation.SelectionSet}, root) {
		n += p.root(group)
	}
	return n
}

// Statements is what a request sent to the database.
type Statements struct {
	Planned    int     `json:"statementsPlanned"`
	Sent       int     `json:"statements"`
	DatabaseMs float64 `json:"databaseMs"`
	Cost       int     `json:"cost"`
}

// Explain adds to the response what the request sent to the database, as the
// tally, which began before the viewer was known, tells.
func (a *API) Explain(ctx context.Context, o *Operation, tally *sqldb.Tally, r *Response) {
	viewer := auth.From(ctx) != nil
	planned := a.planned(o, viewer)
	if viewer {
		planned++
	}
	if o.once() {
		planned += once.Statements
	}
	r.Extensions = map[string]any{"stoa": Statements{
		Planned: planned, Sent: tally.Statements(), DatabaseMs: float64(tally.Took().Microseconds()) / 1000, Cost: o.Cost,
	}}
}

// planning returns a context for one run of the operation, and what tells the
// log at its end if it has sent more statements than planned.
func (a *API) planning(ctx context.Context, o *Operation) (context.Context, func()) {
	ctx, tally := sqldb.WithTally(ctx)
	return ctx, func() {
		planned, sent := a.planned(o, auth.From(ctx) != nil), tally.Statements()
		if sent > planned {
			a.Metrics.Exceeded()
			a.Log.WarnContext(ctx, MoreThanPlanned, "planned", planned, "statements", sent, "document", o.Hash())
		}
	}
}

// MoreThanPlanned is what the log says of a request that sends more statements
// than were planned: a fault of ours, which tests must not meet.
const MoreThanPlanned = "more statements than planned"

type planner struct {
	schema    *ast.Schema
	variables map[string]any
	viewer    bool
}

// root plans a field of the operation itself.
func (p *planner) root(field writer.Group) int {
	result := p.schema.Types[field.Definition.Type.Name()]
	switch {
	case field.ObjectDefinition == p.schema.Mutation:
		return mutationStatements + p.payload(field.Below, result)
	case field.Name == "viewer" && !p.viewer:
		return 0
	case field.Name == "viewer":
		return p.level([][]ast.SelectionSet{field.Below}, result)
	case result.Kind == ast.Interface:
		return p.nodes(field)
	case limit.IsConnection(result):
		return p.pages(field.Field, [][]ast.SelectionSet{field.Below})
	case result.Fields.ForName("id") != nil:
		return 1 + p.level([][]ast.SelectionSet{field.Below}, result)
	case field.Definition.Type.Elem != nil: // a list of what is no row
		return 1
	}
	return 0
}

// payload plans what is selected of a mutation's result.
func (p *planner) payload(below []ast.SelectionSet, result *ast.Definition) int {
	n := 0
	if result.Fields.ForName("id") != nil {
		return p.level([][]ast.SelectionSet{below}, result)
	}
	asUser := &planner{schema: p.schema, variables: p.variables, viewer: true}
	for _, group := range p.collect(below, result) {
		if user := p.schema.Types[group.Definition.Type.Name()]; user != nil && !user.IsLeafType() {
			n += asUser.level([][]ast.SelectionSet{group.Below}, user)
		}
	}
	return n
}

// nodes plans node(id:) and nodes(ids:): a level for each kind that is named.
func (p *planner) nodes(field writer.Group) int {
	kinds := map[string]bool{}
	for _, name := range []string{"id", "ids"} {
		if argument := field.Arguments.ForName(name); argument != nil {
			if value, err := argument.Value.Value(p.variables); err == nil {
				for _, id := range appendIDs(nil, value) {
					kind, _, _ := id.Parse()
					kinds[kind] = true
				}
			}
		}
	}
	n := 0
	for kind := range kinds {
		if t := p.schema.Types[kind]; t != nil {
			n += 1 + p.level([][]ast.SelectionSet{field.Below}, t)
		}
	}
	return n
}

// level plans what rows of one level ask for: a statement for each relation and
// for each place of a connection in the document, however often they are met.
func (p *planner) level(sets [][]ast.SelectionSet, t *ast.Definition) int {
	lists, ones, marked := map[*ast.Field][][]ast.SelectionSet{}, map[string][][]ast.SelectionSet{}, false
	types := map[string]*ast.Definition{}
	for _, set := range sets {
		for _, group := range p.collect(set, t) {
			result := p.schema.Types[group.Definition.Type.Name()]
			switch {
			case group.Name == "viewerHasLiked":
				marked = p.viewer
			case result.IsLeafType():
			case limit.IsConnection(result):
				lists[group.Field] = append(lists[group.Field], group.Below)
			default:
				ones[group.Name] = append(ones[group.Name], group.Below)
				types[group.Name] = result
			}
		}
	}
	n := 0
	if marked {
		n++
	}
	for field, below := range lists {
		n += p.pages(field, below)
	}
	for name, below := range ones {
		n += 1 + p.level(below, types[name])
	}
	return n
}

// pages plans those of one field, which come together: their counts, their
// stats, and what their rows ask for.
func (p *planner) pages(field *ast.Field, sets [][]ast.SelectionSet) int {
	connection := p.schema.Types[field.Definition.Type.Name()]
	summaries := map[string]bool{}
	var rows [][]ast.SelectionSet
	for _, set := range sets {
		for _, group := range p.collect(set, connection) {
			switch group.Name {
			case "totalCount", "stats":
				summaries[group.Name] = true
			case "nodes":
				rows = append(rows, group.Below)
			case "edges":
				edge := p.schema.Types[group.Definition.Type.Name()]
				for _, inEdge := range p.collect(group.Below, edge) {
					if inEdge.Name == "node" {
						rows = append(rows, inEdge.Below)
					}
				}
			}
		}
	}
	if limit.PageSize(field, p.variables) == 0 {
		rows = nil
	}
	return 1 + len(summaries) + p.level(rows, p.schema.Types[connection.Fields.ForName("nodes").Type.Name()])
}

// collect returns the fields that an object of the type answers.
func (p *planner) collect(sets []ast.SelectionSet, t *ast.Definition) []writer.Group {
	return writer.Collect(p.schema, p.variables, sets, t)
}
