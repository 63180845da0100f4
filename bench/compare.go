package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// compared is how many of a workload's cases are compared before it is timed.
const compared = 25

// compare checks that the servers give the same answers: the first one's.
func compare(servers []*server, w workload, cases []values) error {
	for _, v := range cases[:min(compared, len(cases))] {
		var want any
		for i, s := range servers {
			text, err := s.ask(s.request(w, v))
			if err != nil {
				return fmt.Errorf("%s, %s: %w", w.name, s.name, err)
			}
			got, err := plain(w, text)
			if err != nil {
				return fmt.Errorf("%s, %s: %w: %.2000s", w.name, s.name, err, text)
			}
			if i == 0 {
				want = got
			} else if !reflect.DeepEqual(got, want) {
				return fmt.Errorf("%s: %s and %s do not give the same for %+v:\n%s\n%s",
					w.name, servers[0].name, s.name, v, show(want), show(got))
			}
		}
	}
	return nil
}

// plain is an answer without what servers may say each in their own way: ids and
// cursors, of which it only matters that they are there; times below the
// millisecond; the number of a workload's answer that asks about the schema.
func plain(w workload, text []byte) (any, error) {
	var answer struct {
		Data   map[string]any
		Errors any
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Errors != nil || len(answer.Data) == 0 {
		return nil, fmt.Errorf("no data, or errors")
	}
	if w.schema {
		schema, _ := answer.Data["__schema"].(map[string]any)
		types, _ := schema["types"].([]any)
		return len(types) > 10 && schema["queryType"] != nil, nil
	}
	return simplify("", answer.Data, w.logged), nil
}

// own are the fields of which each server has values of its own.
var own = map[string]bool{"id": true, "cursor": true, "startCursor": true, "endCursor": true}

func simplify(name string, v any, isNew bool) any {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = simplify(key, inner, isNew)
		}
	case []any:
		for i, inner := range v {
			v[i] = simplify(name, inner, isNew)
		}
	case string:
		if own[name] && v != "" || name == "createdAt" && isNew {
			return "…"
		}
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t.UTC().Truncate(time.Millisecond)
		}
	}
	return v
}

func show(v any) []byte {
	text, _ := json.Marshal(v) // it comes from JSON
	return text[:min(3000, len(text))]
}
