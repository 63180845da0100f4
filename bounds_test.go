package main

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
)

// checkBounds has each operation that creates something take the bounds of its body's values as they
// are described, and refuse what lies beyond. All runs are dry, in the category.
func (d *described) checkBounds(t *testing.T, url, token, category string) {
	t.Helper()
	tried := 0
	for path, methods := range d.whole["paths"].(map[string]any) {
		pointer := "/paths/" + strings.ReplaceAll(path, "/", "~1") + "/post"
		if id, _ := d.at(pointer + "/operationId").(string); methods == nil || !strings.HasPrefix(id, "create") {
			continue
		}
		example := d.at(pointer + "/requestBody/content/application~1json/example").(map[string]any)
		schema := d.at(pointer + "/requestBody/content/application~1json/schema/$ref").(string)
		for name, property := range d.at(strings.TrimPrefix(schema, "#") + "/properties").(map[string]any) {
			if strings.HasSuffix(name, "Id") {
				continue // which has to be one of something
			}
			for _, b := range bounds(property.(map[string]any)) {
				tried++
				for _, try := range []struct {
					value any
					want  int
				}{{b.within, http.StatusCreated}, {b.beyond, http.StatusUnprocessableEntity}} {
					r := httpRequest{method: "POST", target: url + "/api" + path, headers: []string{
						"Content-Type: application/json", "Authorization: Bearer " + token, "Stoa-Dry-Run: true",
					}}
					r.body = with(t, example, map[string]any{"categoryId": category, name: try.value})
					if answer := (&httpFile{}).send(t, r); answer.StatusCode != try.want {
						t.Errorf("%s with the %s %.80v: %s, want %d\n%s", path, name, try.value, answer.Status, try.want, answer.body)
					}
				}
			}
		}
	}
	if tried < 15 {
		t.Errorf("only %d bounds are described", tried)
	}
}

// bound is a value that is just within one, and one that is beyond.
type bound struct{ within, beyond any }

func bounds(property map[string]any) (found []bound) {
	number := func(name string) (float64, bool) {
		v, _ := property[name].(json.Number)
		n, err := v.Float64()
		return n, err == nil
	}
	if n, there := number("maxLength"); there && property["format"] != "email" {
		found = append(found, bound{strings.Repeat("a", int(n)), strings.Repeat("a", int(n)+1)})
	}
	if n, there := number("minLength"); there {
		found = append(found, bound{strings.Repeat("a", int(n)), strings.Repeat("a", int(n)-1)})
	}
	if n, there := number("minimum"); there {
		found = append(found, bound{n, n - 1})
	}
	if n, there := number("maximum"); there {
		found = append(found, bound{n, math.Floor(n) + 1})
	}
	switch property["pattern"] {
	case `\S`:
		found = append(found, bound{" a ", " \t "})
	case nil:
	default:
		found = append(found, bound{"11111111", "1 1"})
	}
	return found
}

// with is the object with other values of the members that it has.
func with(t *testing.T, object, values map[string]any) string {
	t.Helper()
	changed := map[string]any{}
	for name, value := range object {
		changed[name] = value
		if other, there := values[name]; there {
			changed[name] = other
		}
	}
	text, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
