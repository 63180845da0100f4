package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/documents"
	"stoa/internal/limit"
)

// ours are the directives of operations that only stored documents may have. They
// are for who serves the document; who executes it does not see them, and no
// client sees them in the schema.
var ours = []string{"rest", "cacheControl"}

// Stored is an operation that is stored here.
type Stored struct {
	documents.Document
	// Operation is without the directives below.
	Operation *ast.OperationDefinition
	// Directives are the operation's own @rest and @cacheControl.
	Directives ast.DirectiveList
	// Shipped tells that it is Stoa's own, and not the operator's.
	Shipped bool

	document *document
	whose    string // the field for which the answer is not the same for all, "" for none
	keeping  string // see Operation.Keeping
}

// stored are the stored operations.
type stored struct {
	all  []*Stored
	byID map[string]*Stored
}

// find is the operation of the id, nil where there is none.
func (s *stored) find(id string) *Stored {
	if found := s.byID[id]; found != nil {
		return found
	}
	return s.byID[strings.TrimPrefix(id, "sha256:")]
}

// Stored are the stored operations.
func (a *API) Stored() []*Stored { return a.stored.all }

// Store has the documents at hand, for as long as the API is. They are called by
// their ids, by the SHA-256 of their texts and, where no other is named alike, by
// their names. Those that Stoa ships have no names, and are refused only when they
// are asked for if they cost more than is allowed. It has to be called before
// anything is asked. The error says of each document what is wrong with it, and
// where.
func (a *API) Store(docs []documents.Document, shipped ...documents.Document) error {
	var wrong []error
	s := stored{byID: map[string]*Stored{}}
	for i, d := range slices.Concat(docs, shipped) {
		one, refused := a.store(d, i >= len(docs))
		for _, e := range refused {
			wrong = append(wrong, fmt.Errorf("%s: %s", placeIn(&d, e), e.Message))
		}
		if refused == nil {
			s.all = append(s.all, one)
			s.byID[documents.Hash(d.Text)] = one
		}
	}
	for name, one := range named(s.all) {
		s.byID[name] = one
	}
	for _, one := range s.all {
		s.byID[one.ID] = one
	}
	if wrong != nil {
		return errors.Join(wrong...)
	}
	a.stored = s
	return nil
}

// named are the operations by their names, but for those of one name and several
// texts: it would not tell which is meant.
func named(all []*Stored) map[string]*Stored {
	byName := map[string]*Stored{}
	for _, one := range all {
		first, found := byName[one.Name]
		switch {
		case one.Name == "" || one.Shipped:
		case !found:
			byName[one.Name] = one
		case first != nil && first.Text != one.Text:
			byName[one.Name] = nil
		}
	}
	return byName
}

// store checks a document as if a client had sent it. One whose cost depends on
// variables that have to be given is priced when they are.
func (a *API) store(d documents.Document, shipped bool) (*Stored, gqlerror.List) {
	parsed, refused := a.parse(d.Text)
	if refused != nil {
		return nil, refused
	}
	operation := parsed.Operations[0]
	one := &Stored{Document: d, Operation: operation, Shipped: shipped}
	operation.Directives = slices.DeleteFunc(operation.Directives, func(d *ast.Directive) bool {
		if !slices.Contains(ours, d.Name) {
			return false
		}
		one.Directives = append(one.Directives, d)
		return true
	})
	if refused := a.validate(parsed, a.rules(d.Text)); refused != nil {
		return nil, refused
	}
	one.document = a.known(d.Text, parsed)
	one.document.stored, one.whose = one, whose(operation)
	var e *gqlerror.Error
	if one.keeping, e = keeping(one); e != nil {
		return nil, gqlerror.List{e}
	}
	defaults, missing := coerce(a.schema, operation, nil)
	if !shipped && (limit.Fixed(operation) || missing == nil) {
		_, refused = a.affordable(operation, defaults)
	}
	return one, refused
}

// placeIn is where in the document's files an error is.
func placeIn(d *documents.Document, e *gqlerror.Error) string {
	if len(e.Locations) == 0 {
		return d.Source
	}
	return d.Place(e.Locations[0].Line, e.Locations[0].Column)
}
