package writer

import (
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/limit"
)

// Place is where a document selects a field, or several that share a name in the
// answer and are answered as one. What is selected below it is found out once:
// many answers may have the place in common.
type Place struct {
	*ast.Field // the first of them; nil at the root

	key   []byte // the field's name in the answer, as JSON begins it
	sets  []ast.SelectionSet
	below atomic.Pointer[below]
	in    *document
}

// below is what is selected of values of one type, and of others.
type below struct {
	object string
	places []*Place
	others *below
}

// document is what the places of an operation have in common.
type document struct {
	schema    *ast.Schema
	variables map[string]any
	places    atomic.Int64
	bytes     atomic.Int64 // of the last answer
}

// Root is the place of an operation's own fields.
func Root(schema *ast.Schema, variables map[string]any, o *ast.OperationDefinition) *Place {
	return &Place{sets: []ast.SelectionSet{o.SelectionSet}, in: &document{schema: schema, variables: variables}}
}

// Found is how many places of the operation have been found out until now.
func (p *Place) Found() int { return int(p.in.places.Load()) }

// Of returns what is selected of values of the type.
func (p *Place) Of(object string) []*Place {
	known := p.below.Load()
	for b := known; b != nil; b = b.others {
		if b.object == object {
			return b.places
		}
	}
	c := collector{document: p.in, object: p.in.schema.Types[object]}
	for _, set := range p.sets {
		c.add(set)
	}
	p.in.places.Add(int64(len(c.found)))
	p.below.Store(&below{object, c.found, known}) // what is lost to another is found again
	return c.found
}

// collector finds the places of an object's fields.
type collector struct {
	*document
	object *ast.Definition
	found  []*Place
	byName map[string]*Place // once they are many
	spread map[*ast.FragmentDefinition]bool
}

// few is how many names are found faster one by one.
const few = 12

func (c *collector) add(set ast.SelectionSet) {
	for _, selection := range set {
		if !limit.Included(selection, c.variables) {
			continue
		}
		switch s := selection.(type) {
		case *ast.Field:
			p := c.place(s)
			if len(s.SelectionSet) > 0 {
				p.sets = append(p.sets, s.SelectionSet)
			}
		case *ast.InlineFragment:
			if c.applies(s.TypeCondition) {
				c.add(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if !c.spread[s.Definition] && c.applies(s.Definition.TypeCondition) {
				if c.spread == nil {
					c.spread = map[*ast.FragmentDefinition]bool{}
				}
				c.spread[s.Definition] = true
				c.add(s.Definition.SelectionSet)
			}
		}
	}
}

// place is the one that the field belongs to.
func (c *collector) place(f *ast.Field) *Place {
	if known := c.known(f.Alias); known != nil {
		return known
	}
	p := &Place{Field: f, key: []byte(`"` + f.Alias + `":`), in: c.document}
	c.found = append(c.found, p)
	switch {
	case len(c.found) == few:
		c.byName = make(map[string]*Place, 2*few)
		for _, p := range c.found {
			c.byName[p.Alias] = p
		}
	case len(c.found) > few:
		c.byName[f.Alias] = p
	}
	return p
}

func (c *collector) known(name string) *Place {
	if c.byName != nil {
		return c.byName[name]
	}
	for _, p := range c.found {
		if p.Alias == name {
			return p
		}
	}
	return nil
}

// applies tells whether an object of the type meets a fragment's condition.
func (c *collector) applies(condition string) bool {
	if condition == "" || condition == c.object.Name {
		return true
	}
	for _, possible := range c.schema.PossibleTypes[condition] {
		if possible == c.object {
			return true
		}
	}
	return false
}
