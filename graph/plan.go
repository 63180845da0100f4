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
	root := a.schema.Query
	if o.Type() != ast.Query {
		root = a.schema.Mutation
	}
	n := 0
	for _, field := range o.root.Of(root.Name) {
		n += p.root(field)
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
func (p *planner) root(field *writer.Place) int {
	result := p.schema.Types[field.Definition.Type.Name()]
	switch {
	case field.ObjectDefinition == p.schema.Mutation:
		return mutationStatements + p.payload(field, result)
	case field.Name == "viewer" && !p.viewer:
		return 0
	case field.Name == "viewer":
		return p.level([]*writer.Place{field}, result)
	case result.Kind == ast.Interface:
		return p.nodes(field)
	case limit.IsConnection(result):
		return p.pages([]*writer.Place{field})
	case result.Fields.ForName("id") != nil:
		return 1 + p.level([]*writer.Place{field}, result)
	case field.Definition.Type.Elem != nil: // a list of what is no row
		return 1
	}
	return 0
}

// payload plans what is selected of a mutation's result.
func (p *planner) payload(field *writer.Place, result *ast.Definition) int {
	n := 0
	if result.Fields.ForName("id") != nil {
		return p.level([]*writer.Place{field}, result)
	}
	asUser := &planner{schema: p.schema, variables: p.variables, viewer: true}
	for _, below := range field.Of(result.Name) {
		if user := p.schema.Types[below.Definition.Type.Name()]; user != nil && !user.IsLeafType() {
			n += asUser.level([]*writer.Place{below}, user)
		}
	}
	return n
}

// nodes plans node(id:) and nodes(ids:): a level for each kind that is named.
func (p *planner) nodes(field *writer.Place) int {
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
			n += 1 + p.level([]*writer.Place{field}, t)
		}
	}
	return n
}

// level plans what rows of one level ask for, selected at several places: a
// statement for each relation and for each connection as it stands in the document,
// however often they are met.
func (p *planner) level(at []*writer.Place, t *ast.Definition) int {
	lists, ones, marked := map[*ast.Field][]*writer.Place{}, map[string][]*writer.Place{}, false
	for _, place := range at {
		for _, field := range place.Of(t.Name) {
			result := p.schema.Types[field.Definition.Type.Name()]
			switch {
			case field.Name == "viewerHasLiked":
				marked = p.viewer
			case result.IsLeafType():
			case limit.IsConnection(result):
				lists[field.Field] = append(lists[field.Field], field)
			default:
				ones[field.Name] = append(ones[field.Name], field)
			}
		}
	}
	n := 0
	if marked {
		n++
	}
	for _, places := range lists {
		n += p.pages(places)
	}
	for _, places := range ones {
		n += 1 + p.level(places, p.schema.Types[places[0].Definition.Type.Name()])
	}
	return n
}

// pages plans those of one field, which come together: their counts, their
// stats, and what their rows ask for.
func (p *planner) pages(at []*writer.Place) int {
	connection := p.schema.Types[at[0].Definition.Type.Name()]
	summaries := map[string]bool{}
	var rows []*writer.Place
	for _, place := range at {
		for _, field := range place.Of(connection.Name) {
			switch field.Name {
			case "totalCount", "stats":
				summaries[field.Name] = true
			case "nodes":
				rows = append(rows, field)
			case "edges":
				for _, inEdge := range field.Of(field.Definition.Type.Name()) {
					if inEdge.Name == "node" {
						rows = append(rows, inEdge)
					}
				}
			}
		}
	}
	if limit.PageSize(at[0].Field, p.variables) == 0 {
		rows = nil
	}
	return 1 + len(summaries) + p.level(rows, p.schema.Types[connection.Fields.ForName("nodes").Type.Name()])
}
