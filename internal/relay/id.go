// Package relay says how lists look to a client: global ids, connections,
// edges, pages and sorts. It knows no kind of row and no database.
package relay

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ID names a row of any kind, for ever: opaque to clients, URL-safe, at most 64
// characters.
type ID string

// NewID is the id of the row of the kind with the key, which is positive.
func NewID(kind string, key int64) ID {
	var room, coded [64]byte
	text := strconv.AppendInt(append(append(room[:0], kind...), ':'), key, 10)
	return ID(base64.RawURLEncoding.AppendEncode(coded[:0], text))
}

// Parse returns what NewID was given; false if it never made this id.
func (id ID) Parse() (kind string, key int64, ok bool) {
	if len(id) > 64 {
		return "", 0, false
	}
	text, err := base64.RawURLEncoding.DecodeString(string(id))
	if err != nil {
		return "", 0, false
	}
	kind, digits, _ := strings.Cut(string(text), ":")
	key, err = strconv.ParseInt(digits, 10, 64)
	if err != nil || key <= 0 || NewID(kind, key) != id {
		return "", 0, false
	}
	return kind, key, true
}

// Key returns the key of an id of the kind; false if it is none.
func (id ID) Key(kind string) (int64, bool) {
	of, key, ok := id.Parse()
	return key, ok && of == kind
}

// AppendGQL appends the ID as JSON; it needs no escapes.
func (id ID) AppendGQL(b []byte) []byte { return append(append(append(b, '"'), id...), '"') }

// MarshalGQL writes the ID.
func (id ID) MarshalGQL(w io.Writer) { _, _ = w.Write(id.AppendGQL(nil)) }

// UnmarshalGQL reads an ID from a string or an integer, as GraphQL has it.
func (id *ID) UnmarshalGQL(v any) error {
	switch v := v.(type) {
	case string:
		*id = ID(v)
	case int64:
		*id = ID(strconv.FormatInt(v, 10))
	case int:
		*id = ID(strconv.Itoa(v))
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return fmt.Errorf("an ID is a string or an integer")
		}
		*id = ID(v)
	default:
		return fmt.Errorf("an ID is a string or an integer")
	}
	return nil
}

// Node is a row that can be fetched again by its id.
type Node interface {
	ID() ID
	IsNode()
}
