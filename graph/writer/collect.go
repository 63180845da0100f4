package writer

import (
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/limit"
)

// Group is the fields of an object that share a name in its answer: they are
// answered as one.
type Group struct {
	*ast.Field // the first
	// Below are the selections of all of them.
	Below []ast.SelectionSet
}

// key is the field's name in the answer, as JSON begins it.
func (g *Group) key() []byte {
	key := make([]byte, 0, len(g.Alias)+3)
	key = append(key, '"')
	key = append(key, g.Alias...)
	return append(key, '"', ':')
}

// Collect returns the fields that an object of the type answers.
func Collect(schema *ast.Schema, variables map[string]any, sets []ast.SelectionSet, object *ast.Definition) []Group {
	c := collector{schema: schema, variables: variables, object: object}
	for _, set := range sets {
		c.add(set)
	}
	return c.groups
}

type collector struct {
	schema    *ast.Schema
	variables map[string]any
	object    *ast.Definition
	groups    []Group
	places    map[string]int // of each group, once they are many
	spread    map[*ast.FragmentDefinition]bool
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
			g := c.group(s)
			if len(s.SelectionSet) > 0 {
				g.Below = append(g.Below, s.SelectionSet)
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

// group is the one that the field belongs to.
func (c *collector) group(f *ast.Field) *Group {
	if i, ok := c.place(f.Alias); ok {
		return &c.groups[i]
	}
	if c.places != nil {
		c.places[f.Alias] = len(c.groups)
	}
	c.groups = append(c.groups, Group{Field: f})
	if len(c.groups) == few {
		c.places = make(map[string]int, 2*few)
		for i := range c.groups {
			c.places[c.groups[i].Alias] = i
		}
	}
	return &c.groups[len(c.groups)-1]
}

func (c *collector) place(alias string) (int, bool) {
	if c.places != nil {
		i, ok := c.places[alias]
		return i, ok
	}
	for i := range c.groups {
		if c.groups[i].Alias == alias {
			return i, true
		}
	}
	return 0, false
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
