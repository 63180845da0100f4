package limit

import (
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/internal/fault"
)

// The bounds of a document.
const (
	MaxTokens  = 4000
	MaxAliases = 200
	// maxWork is how much validation may look at: for each operation and each
	// fragment the selections and values that it reaches, each once, but a value
	// again for each list or object around it.
	maxWork = 20_000
)

// Guard refuses a document before it is validated, in time that grows with its
// length alone: too many aliases, fragments within themselves, and operations
// that reach more than can be looked at in a moment.
func Guard(doc *ast.QueryDocument) *fault.Error {
	g := &guard{fragments: make(map[string]ast.SelectionSet, len(doc.Fragments)), state: map[string]int{}}
	for _, f := range doc.Fragments {
		g.fragments[f.Name] = f.SelectionSet
	}
	for _, f := range doc.Fragments {
		g.descend(f.Name)
	}
	for _, f := range doc.Fragments {
		g.definition(f.SelectionSet)
	}
	for _, o := range doc.Operations {
		g.definition(o.SelectionSet)
		for _, v := range o.VariableDefinitions {
			g.value(v.DefaultValue)
		}
	}
	switch {
	case g.cycle != "":
		return fault.New(fault.ValidationFailed, "The fragment %q is spread within itself.", g.cycle)
	case g.aliases > MaxAliases:
		return fault.New(fault.QueryTooLarge, "A document has at most %d aliases.", MaxAliases)
	case g.work > maxWork:
		return fault.New(fault.QueryTooLarge, "The document's operations reach too many fields and values.")
	}
	return nil
}

// definition counts an operation or a fragment, each of which is validated with
// all that it reaches.
func (g *guard) definition(set ast.SelectionSet) {
	g.aliases += aliases(set)
	g.reached = map[string]bool{}
	g.visit(set)
}

type guard struct {
	fragments map[string]ast.SelectionSet
	state     map[string]int  // of each fragment: under, done
	reached   map[string]bool // from the definition at hand
	aliases   int
	work      int
	cycle     string
}

const (
	under = 1 + iota
	done
)

// descend looks for a fragment that is spread within itself.
func (g *guard) descend(name string) {
	switch g.state[name] {
	case under:
		g.cycle = name
	case 0:
		g.state[name] = under
		g.spreads(g.fragments[name])
		g.state[name] = done
	}
}

func (g *guard) spreads(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			g.spreads(s.SelectionSet)
		case *ast.InlineFragment:
			g.spreads(s.SelectionSet)
		case *ast.FragmentSpread:
			g.descend(s.Name)
		}
	}
}

// visit counts what validation looks at; it stops at the bound.
func (g *guard) visit(set ast.SelectionSet) {
	for _, selection := range set {
		if g.work++; g.work > maxWork {
			return
		}
		switch s := selection.(type) {
		case *ast.Field:
			g.arguments(s.Arguments)
			g.directives(s.Directives)
			g.visit(s.SelectionSet)
		case *ast.InlineFragment:
			g.directives(s.Directives)
			g.visit(s.SelectionSet)
		case *ast.FragmentSpread:
			g.directives(s.Directives)
			if !g.reached[s.Name] {
				g.reached[s.Name] = true
				g.visit(g.fragments[s.Name])
			}
		}
	}
}

func (g *guard) directives(list ast.DirectiveList) {
	for _, d := range list {
		g.work++
		g.arguments(d.Arguments)
	}
}

func (g *guard) arguments(list ast.ArgumentList) {
	for _, a := range list {
		g.value(a.Value)
	}
}

// value counts a value and what lies within it, of which it returns how much
// that is.
func (g *guard) value(v *ast.Value) int {
	if v == nil || g.work > maxWork {
		return 0
	}
	size := 1
	for _, child := range v.Children {
		size += g.value(child.Value)
	}
	g.work += size
	return size
}

// aliases are the fields of a selection whose name in the response is not their
// own.
func aliases(set ast.SelectionSet) int {
	n := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			n += aliases(s.SelectionSet)
			if s.Alias != s.Name {
				n++
			}
		case *ast.InlineFragment:
			n += aliases(s.SelectionSet)
		}
	}
	return n
}
