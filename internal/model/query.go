package model

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Variables are a filter and a sort as variables of these names.
func (c *Checker) Variables(f Filter, s Sort) map[string]any {
	return map[string]any{"filter": f.JSON(c.ids), "sort": s.JSON(c.ids)}
}

// Text is a filter as JSON.
func (c *Checker) Text(f Filter) string { return compact(f.JSON(c.ids)) }

// Query are a filter, none of whose terms is a filter itself, and a sort as the
// parameters of a URL.
func (c *Checker) Query(g Gen, f Filter, s Sort) url.Values {
	query := url.Values{}
	for _, t := range f {
		switch v := t.Arg.JSON(c.ids).(type) {
		case nil:
		case []string:
			if g.one(2) || len(v) == 0 {
				v = []string{strings.Join(v, ",")}
			}
			query[t.Name] = v
		default:
			query.Set(t.Name, fmt.Sprint(v))
		}
	}
	if len(s) > 0 {
		query.Set("sort", g.keys(s))
	}
	return query
}

// keys are those of a sort, in either spelling.
func (g Gen) keys(s Sort) string {
	var keys []string
	for _, k := range s {
		name := k.Field
		if g.one(2) {
			name = strings.ToLower(strings.ReplaceAll(name, "_", ""))
		}
		if !k.Bare {
			name += ":" + strings.ToLower(k.direction())
		}
		keys = append(keys, name)
	}
	return strings.Join(keys, ",")
}

// Flat is the filter without the terms that are filters themselves.
func (f Filter) Flat() Filter {
	return slices.DeleteFunc(slices.Clone(f), func(t Term) bool {
		switch t.Arg.(type) {
		case Filter, Filters:
			return true
		}
		return slices.Contains([]string{"category", "author", "and", "or", "not"}, t.Name)
	})
}
