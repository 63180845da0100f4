package rest

import (
	"fmt"
	"regexp"
	"strings"
)

// segment is a part of a route's path: a text, or the variable that stands for
// any.
type segment struct{ text, variable string }

var (
	literal  = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
	variable = regexp.MustCompile(`^\{([_A-Za-z][_0-9A-Za-z]*)\}$`)
	queried  = regexp.MustCompile(`^(.*)\{\?([_A-Za-z][_0-9A-Za-z]*(?:,[_A-Za-z][_0-9A-Za-z]*)*)\}$`)
)

// parsePath reads a path as @rest has it: what it is without the variables by
// query, its segments, and the names of those variables.
func parsePath(text string) (path string, segments []segment, query []string, err error) {
	path = text
	if found := queried.FindStringSubmatch(text); found != nil {
		path, query = found[1], strings.Split(found[2], ",")
	}
	below, rooted := strings.CutPrefix(path, "/")
	if !rooted {
		return "", nil, nil, fmt.Errorf("the path %q does not begin with /", text)
	}
	for part := range strings.SplitSeq(below, "/") {
		switch found := variable.FindStringSubmatch(part); {
		case found != nil:
			segments = append(segments, segment{variable: found[1]})
		case literal.MatchString(part):
			segments = append(segments, segment{text: part})
		default:
			return "", nil, nil, fmt.Errorf("the path %q has a part %q, which is neither a word nor {a variable}", text, part)
		}
	}
	return path, segments, query, nil
}

// shape is the path with its variables nameless: two of one shape mean the same.
// A word sorts before a variable in its place.
func shape(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		if s.variable != "" {
			b.WriteString("/{}")
		} else {
			b.WriteString("/" + s.text)
		}
	}
	return b.String()
}
