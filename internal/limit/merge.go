package limit

import (
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/fault"
)

// maxMerged is how many fields Conflict looks at, wherever fragments repeat
// them, before it gives up.
const maxMerged = 50_000

// Conflict is the fault of a document in which two fields that have one name in
// a response are not the same field with the same arguments or, where they
// cannot meet, not of one shape (GraphQL, section 5.3.2), and the later field's
// place. It stands in for gqlparser's rule, which compares each field with each
// other: here each is compared with the first of its name. The document is
// otherwise valid.
func Conflict(schema *ast.Schema, doc *ast.QueryDocument) (*ast.Position, *fault.Error) {
	m := &merger{schema: schema, numbers: map[*ast.Field]int{}, texts: map[string]int{}}
	for _, o := range doc.Operations {
		m.check(m.collect([]ast.SelectionSet{o.SelectionSet}), false)
	}
	if m.work > maxMerged {
		return nil, fault.New(fault.QueryTooLarge, "The document repeats its fragments too often.")
	}
	return m.at, m.found
}

type merger struct {
	schema  *ast.Schema
	work    int
	numbers map[*ast.Field]int // of what is asked for
	texts   map[string]int
	found   *fault.Error
	at      *ast.Position
}

// group is the fields that share a name in a response.
type group []*ast.Field

// collect returns the fields of the selections by their names, in the order of
// their first appearance.
func (m *merger) collect(sets []ast.SelectionSet) []group {
	c := &collector{merger: m, places: map[string]int{}, spread: map[*ast.FragmentDefinition]bool{}}
	for _, set := range sets {
		c.add(set)
	}
	return c.groups
}

type collector struct {
	*merger
	groups []group
	places map[string]int
	spread map[*ast.FragmentDefinition]bool
}

func (c *collector) add(set ast.SelectionSet) {
	for _, selection := range set {
		if c.work++; c.work > maxMerged {
			return
		}
		switch s := selection.(type) {
		case *ast.Field:
			place, ok := c.places[s.Alias]
			if !ok {
				place = len(c.groups)
				c.places[s.Alias] = place
				c.groups = append(c.groups, nil)
			}
			c.groups[place] = append(c.groups[place], s)
		case *ast.InlineFragment:
			c.add(s.SelectionSet)
		case *ast.FragmentSpread:
			if !c.spread[s.Definition] {
				c.spread[s.Definition] = true
				c.add(s.Definition.SelectionSet)
			}
		}
	}
}

// check looks for conflicts in the groups and in what lies below them. Fields
// that cannot meet have to agree in shape only.
func (m *merger) check(groups []group, shapeOnly bool) {
	for _, g := range groups {
		if m.found != nil || m.work > maxMerged {
			return
		}
		m.compare(g, sameShape, "they are of different shapes")
		if shapeOnly {
			m.below(g, true)
			continue
		}
		parts := m.meeting(g)
		for _, part := range parts {
			m.compare(part, sameField, "they are different fields, or have different arguments")
			m.below(part, false)
		}
		if len(parts) > 1 {
			m.below(g, true)
		}
	}
}

func (m *merger) below(g group, shapeOnly bool) {
	var sets []ast.SelectionSet
	for _, field := range g {
		if len(field.SelectionSet) > 0 {
			sets = append(sets, field.SelectionSet)
		}
	}
	if len(sets) > 0 {
		m.check(m.collect(sets), shapeOnly)
	}
}

// meeting parts a group into those that can be fields of one object: the fields
// of each object type, and with them those of interfaces and unions.
func (m *merger) meeting(g group) []group {
	var everywhere group
	var types []*ast.Definition
	byType := map[*ast.Definition]group{}
	for _, field := range g {
		parent := field.ObjectDefinition
		if parent.IsAbstractType() {
			everywhere = append(everywhere, field)
			continue
		}
		if byType[parent] == nil {
			types = append(types, parent)
		}
		byType[parent] = append(byType[parent], field)
	}
	if len(types) == 0 {
		return []group{everywhere}
	}
	parts := make([]group, len(types))
	for i, t := range types {
		parts[i] = append(byType[t], everywhere...)
	}
	return parts
}

// compare compares each field of the group with the first.
func (m *merger) compare(g group, same func(m *merger, a, b *ast.Field) bool, why string) {
	for _, field := range g[1:] {
		if m.found == nil && !same(m, g[0], field) {
			m.at = field.Position
			m.found = fault.New(fault.ValidationFailed, "Fields %q conflict: %s.", field.Alias, why)
		}
	}
}

// sameField: the same field with the same arguments.
func sameField(m *merger, a, b *ast.Field) bool { return m.asked(a) == m.asked(b) }

// asked is a number for the field's name and arguments, which are looked at
// once, however long they are and however often fragments repeat them.
func (m *merger) asked(f *ast.Field) int {
	n, ok := m.numbers[f]
	if ok {
		return n
	}
	text := f.Name
	for _, d := range f.Definition.Arguments {
		if a := f.Arguments.ForName(d.Name); a != nil {
			text += " " + a.Name + ":" + a.Value.String()
		}
	}
	if n, ok = m.texts[text]; !ok {
		n = len(m.texts)
		m.texts[text] = n
	}
	m.numbers[f] = n
	return n
}

// sameShape: lists and nulls alike, and the same type or two types of objects.
func sameShape(m *merger, a, b *ast.Field) bool {
	s, t := a.Definition.Type, b.Definition.Type
	for s.Elem != nil && t.Elem != nil {
		if s.NonNull != t.NonNull {
			return false
		}
		s, t = s.Elem, t.Elem
	}
	if (s.Elem == nil) != (t.Elem == nil) || s.NonNull != t.NonNull {
		return false
	}
	x, y := m.schema.Types[s.Name()], m.schema.Types[t.Name()]
	return x == y || !x.IsLeafType() && !y.IsLeafType()
}
