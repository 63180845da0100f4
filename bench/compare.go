package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
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
			} else if path, one, other := differ("data", want, got); path != "" {
				return fmt.Errorf("%s: %s and %s do not give the same for %+v: %s is %v and %v",
					w.name, servers[0].name, s.name, v, path, one, other)
			}
		}
	}
	return nil
}

// differ finds the first place where two answers are not the same.
func differ(path string, one, other any) (at string, _, _ any) {
	switch a := one.(type) {
	case map[string]any:
		b, ok := other.(map[string]any)
		if !ok || !slices.Equal(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))) {
			return path, one, other
		}
		for key := range a {
			if at, one, other := differ(path+"."+key, a[key], b[key]); at != "" {
				return at, one, other
			}
		}
	case []any:
		b, ok := other.([]any)
		if !ok || len(a) != len(b) {
			return path, one, other
		}
		for i := range a {
			if at, one, other := differ(fmt.Sprintf("%s.%d", path, i), a[i], b[i]); at != "" {
				return at, one, other
			}
		}
	default:
		if !reflect.DeepEqual(one, other) {
			return path, one, other
		}
	}
	return "", nil, nil
}

// plain is an answer without what servers may say each in their own way: ids and
// cursors, of which it only matters that they are there; times below the
// millisecond; and whether there is a page before, which Relay lets a server not
// know that pages forward. Of a schema it only is that there is one.
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
		if inner, ok := v["result"]; ok && len(v) == 1 { // PostGraphile wraps what a mutation returns
			return simplify(name, inner, isNew)
		}
		for key, inner := range v {
			v[key] = simplify(key, inner, isNew)
		}
	case []any:
		for i, inner := range v {
			v[i] = simplify(name, inner, isNew)
		}
	case bool:
		if name == "hasPreviousPage" {
			return "…"
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
