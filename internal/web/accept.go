package web

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of an answer.
const (
	graphQLJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
)

// negotiate returns the media type that the client likes best, of equals the
// one that it named first; false when it takes none of ours. Whoever does not
// say gets application/json, as clients of old expect.
func negotiate(accept []string) (media string, ok bool) {
	if len(accept) == 0 {
		return plainJSON, true
	}
	best := 0.0
	for _, one := range strings.Split(strings.Join(accept, ","), ",") {
		named, parameters, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		if named == "*/*" || named == "application/*" {
			named = plainJSON
		}
		if named != graphQLJSON && named != plainJSON {
			continue
		}
		if q := quality(parameters["q"]); q > best {
			media, best = named, q
		}
	}
	return media, media != ""
}

func quality(q string) float64 {
	if q == "" {
		return 1
	}
	value, err := strconv.ParseFloat(q, 64)
	if err != nil || value < 0 || value > 1 {
		return 0
	}
	return value
}
