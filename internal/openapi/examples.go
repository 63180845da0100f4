package openapi

import (
	_ "embed"
	"encoding/json"
)

// example is how a route is called, and what it answers.
type example struct {
	ID       string          `json:"id"` // in the path
	Body     json.RawMessage `json:"body"`
	Response json.RawMessage `json:"response"`
}

// recorded are the examples of operations by their ids, and of problems by their
// statuses.
type recorded struct {
	Operations map[string]example         `json:"operations"`
	Problems   map[string]json.RawMessage `json:"problems"`
}

// examplesText is what Stoa answered to examples/requests.http, with the demo data.
//
//go:embed examples.json
var examplesText []byte
