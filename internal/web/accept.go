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
	ranges := mediaRanges(strings.Join(accept, ","))
	var best mediaRange
	for _, ours := range []string{plainJSON, graphQLJSON} {
		r := closest(ranges, ours)
		if r.quality > best.quality || r.quality == best.quality && r.quality > 0 && r.place < best.place {
			media, best = ours, r
		}
	}
	return media, media != ""
}

// mediaRange is what a client says of a media type, or of several.
type mediaRange struct {
	name    string
	quality float64
	place   int
}

func mediaRanges(accept string) []mediaRange {
	var ranges []mediaRange
	for i, text := range strings.Split(accept, ",") {
		name, parameters, err := mime.ParseMediaType(text)
		if q, ok := quality(parameters["q"]); ok && err == nil {
			ranges = append(ranges, mediaRange{name, q, i})
		}
	}
	return ranges
}

// closest is the range that says most precisely how much the media type is
// wanted (RFC 9110, section 12.5.1); the zero range where none does.
func closest(ranges []mediaRange, media string) mediaRange {
	for _, name := range []string{media, "application/*", "*/*"} {
		for _, r := range ranges {
			if r.name == name {
				return r
			}
		}
	}
	return mediaRange{}
}

// quality is how much a media type is wanted, 1 where that is not said; false
// for what is no quality.
func quality(q string) (float64, bool) {
	if q == "" {
		return 1, true
	}
	value, err := strconv.ParseFloat(q, 64)
	return value, err == nil && value >= 0 && value <= 1
}
