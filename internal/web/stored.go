package web

import (
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph"
	"stoa/internal/documents"
	"stoa/internal/rest"
)

// methods are those by which resources are asked for.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// store has the documents at hand, and those that Stoa ships, and serves the ones
// that say so.
func (s *resources) store(docs []documents.Document) error {
	shipped, err := rest.Documents()
	if err != nil {
		return err
	}
	if err := s.api.Store(docs, shipped...); err != nil {
		return err
	}
	var operations []rest.Operation
	stored := map[*ast.OperationDefinition]*graph.Stored{}
	for _, one := range s.api.Stored() {
		if directive := one.Directives.ForName("rest"); directive != nil {
			stored[one.Operation] = one
			operations = append(operations, rest.Operation{
				OperationDefinition: one.Operation, Document: one.Document, Rest: directive, Shipped: one.Shipped,
			})
		}
	}
	routes, err := rest.Routes(s.api.Schema(), operations)
	if err != nil {
		return err
	}
	s.table, s.stored, s.description = rest.NewTable(routes), stored, s.describe(routes)
	return nil
}
