// Package graphiql holds the page at /: GraphiQL as `make graphiql` built it, and what it has in
// common with the small page that stands in for it.
package graphiql

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed all:dist
var dist embed.FS

//go:embed examples/*.graphql
var examples embed.FS

// Icon is the site's icon, an SVG.
//
//go:embed icon.svg
var Icon []byte

// Files returns GraphiQL's own files, index.html and those below assets/, whose names hold a hash
// of their content; false when this binary was built without them.
func Files() (fs.FS, bool) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, false
	}
	_, err = fs.Stat(files, "index.html")
	return files, err == nil
}

// Example is a query, or a mutation for whoever has logged in, for a first visit. It runs on any
// data, without variables.
type Example struct {
	Title string `json:"title"` // from the first line of the query, a comment
	Query string `json:"query"`
}

// Examples returns the example queries in the order in which a page lists them.
func Examples() ([]Example, error) {
	names, err := fs.Glob(examples, "examples/*.graphql")
	if err != nil {
		return nil, err
	}
	list := make([]Example, len(names))
	for i, name := range names {
		query, err := examples.ReadFile(name)
		if err != nil {
			return nil, err
		}
		title, _, _ := strings.Cut(string(query), "\n")
		list[i] = Example{Title: strings.TrimPrefix(title, "# "), Query: string(query)}
	}
	return list, nil
}
