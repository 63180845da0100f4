package model

import (
	"context"
	"slices"
)

// Shrink looks for a smaller case that fails too, and returns the smallest that
// it found with its error.
func (c *Checker) Shrink(ctx context.Context, cs Case, failure error) (Case, error) {
	for range 100 {
		found := false
		for _, smaller := range cs.smaller() {
			if err := c.Check(ctx, smaller); err != nil {
				cs, failure, found = smaller, err, true
				break
			}
		}
		if !found {
			break
		}
	}
	return cs, failure
}

// smaller are the cases with one thing less.
func (cs Case) smaller() []Case {
	var cases []Case
	with := func(change func(*Case)) {
		smaller := cs
		change(&smaller)
		cases = append(cases, smaller)
	}
	for i := range cs.Windows {
		with(func(s *Case) { s.Windows = slices.Delete(slices.Clone(cs.Windows), i, i+1) })
	}
	if cs.Filter != nil {
		with(func(s *Case) { s.Filter = nil })
	}
	for _, f := range cs.Filter.smaller() {
		with(func(s *Case) { s.Filter = f })
	}
	for i := range cs.Sort {
		with(func(s *Case) { s.Sort = slices.Delete(slices.Clone(cs.Sort), i, i+1) })
	}
	if cs.Style != Literals {
		with(func(s *Case) { s.Style = Literals })
	}
	plain := Selection{Scalars: []string{"id"}}
	if len(cs.Shape.Row.Scalars) > 1 {
		with(func(s *Case) { s.Shape.Row = plain })
	}
	if cs.Shape.Stats || cs.Shape.Total || cs.Shape.Edges {
		with(func(s *Case) { s.Shape = List{Field: cs.Field, Nodes: true, Row: cs.Shape.Row} })
	}
	if cs.Size != 100 {
		with(func(s *Case) { s.Size = 100 })
	}
	return cases
}

// smaller are the filters with one term less, at any depth.
func (f Filter) smaller() []Filter {
	var filters []Filter
	for i, t := range f {
		filters = append(filters, slices.Delete(slices.Clone(f), i, i+1))
		with := func(v Value) {
			smaller := slices.Clone(f)
			smaller[i].Arg = v
			filters = append(filters, smaller)
		}
		switch v := t.Arg.(type) {
		case Filter:
			for _, s := range v.smaller() {
				with(s)
			}
		case Filters:
			for j, inner := range v.All {
				with(Filters{All: slices.Delete(slices.Clone(v.All), j, j+1)})
				for _, s := range inner.smaller() {
					all := slices.Clone(v.All)
					all[j] = s
					with(Filters{All: all})
				}
			}
		}
	}
	return filters
}
