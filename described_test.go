package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// described is what OpenAPI says of a running Stoa, and which of it has been seen to be true.
type described struct {
	whole      map[string]any
	schemas    *jsonschema.Compiler
	operations []describedOperation
	seen       map[string]bool // operations that have succeeded, and refusals, by their names
	recorded   recorded
}

type describedOperation struct {
	method  string
	path    *regexp.Regexp
	pointer string // to it
	object  map[string]any
}

var pathVariable = regexp.MustCompile(`\{\w+\}`)

// describedAt reads the description. Its schemas are closed: no property is there that they do not
// have.
func describedAt(t *testing.T, url string) *described {
	t.Helper()
	_, text := get(t, url+"/api/openapi.json")
	whole, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	closeSchemas(whole)
	d := &described{whole: whole.(map[string]any), schemas: jsonschema.NewCompiler(), seen: map[string]bool{},
		recorded: recorded{map[string]recordedCall{}, map[string]json.RawMessage{}}}
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource("openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	for path, methods := range d.whole["paths"].(map[string]any) {
		for method, object := range methods.(map[string]any) {
			d.operations = append(d.operations, describedOperation{
				strings.ToUpper(method), regexp.MustCompile("^/api" + pathVariable.ReplaceAllString(path, "([^/]+)") + "$"),
				"/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + method, object.(map[string]any),
			})
		}
	}
	// A word in a path comes before a variable.
	slices.SortFunc(d.operations, func(a, b describedOperation) int {
		return strings.Count(a.path.String(), "[") - strings.Count(b.path.String(), "[")
	})
	return d
}

func closeSchemas(in any) {
	switch v := in.(type) {
	case map[string]any:
		if _, has := v["properties"].(map[string]any); has && strings.Contains(fmt.Sprint(v["type"]), "object") { // or null
			v["additionalProperties"] = false
		}
		for _, child := range v {
			closeSchemas(child)
		}
	case []any:
		for _, child := range v {
			closeSchemas(child)
		}
	}
}

// check checks that the answer is one that the description allows, and that of a request that was
// taken the body is.
func (d *described) check(t *testing.T, title string, a httpAnswer) {
	t.Helper()
	i := slices.IndexFunc(d.operations, func(o describedOperation) bool {
		return o.method == a.request.Method && o.path.MatchString(a.request.URL.EscapedPath())
	})
	if i < 0 {
		t.Errorf("%s: %s %s is not described", title, a.request.Method, a.request.URL)
		return
	}
	o := d.operations[i]
	pointer := fmt.Sprintf("%s/responses/%d", o.pointer, a.StatusCode)
	response, name := d.follow(pointer)
	if response == nil {
		t.Errorf("%s: the description has no %d", title, a.StatusCode)
		return
	}
	if name == "" {
		name = fmt.Sprint(o.object["operationId"])
	} else {
		pointer = "/components/responses/" + name
	}
	d.seen[name] = true
	d.recorded.record(o, a)
	checkHeaders(t, title, response, a)
	media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	if response["content"] == nil {
		if a.body != "" {
			t.Errorf("%s: the description has no body, but %s came", title, a.body)
		}
	} else if err := d.valid(pointer+"/content/"+strings.ReplaceAll(media, "/", "~1")+"/schema", a.body); err != nil {
		t.Errorf("%s: %v\n%s", title, err, a.body)
	}
	if a.StatusCode < 300 && a.sent != "" {
		if err := d.valid(o.pointer+"/requestBody/content/application~1json/schema", a.sent); err != nil {
			t.Errorf("%s: %v\n%s", title, err, a.sent)
		}
	}
}

// follow is the response at the pointer, nil where there is none, and the name of the one to which it
// refers.
func (d *described) follow(pointer string) (response map[string]any, name string) {
	response, _ = d.at(pointer).(map[string]any)
	if reference, ok := response["$ref"].(string); ok {
		response, _ = d.follow(strings.TrimPrefix(reference, "#"))
		return response, reference[strings.LastIndex(reference, "/")+1:]
	}
	return response, ""
}

// at is what stands at the pointer, nil for nothing.
func (d *described) at(pointer string) any {
	var at any = d.whole
	for _, key := range strings.Split(pointer, "/")[1:] {
		object, _ := at.(map[string]any)
		at = object[strings.ReplaceAll(key, "~1", "/")]
	}
	return at
}

// valid checks the text against the schema at the pointer.
func (d *described) valid(pointer, text string) error {
	schema, err := d.schemas.Compile("openapi.json#" + pointer)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// checkHeaders checks that the headers which tell something are described, and the ones which always
// come are there.
func checkHeaders(t *testing.T, title string, response map[string]any, a httpAnswer) {
	t.Helper()
	h := a.Header
	known, _ := response["headers"].(map[string]any)
	for _, name := range []string{"Cache-Control", "ETag", "Idempotency-Replayed", "Link", "Location", "RateLimit-Limit", "Retry-After", "Stoa-Dry-Run", "Www-Authenticate"} {
		if h.Get(name) != "" && !slices.ContainsFunc(slices.Collect(maps.Keys(known)), func(k string) bool { return strings.EqualFold(k, name) }) {
			t.Errorf("%s: %s: %s is not described", title, name, h.Get(name))
		}
	}
	for _, name := range []string{"ETag", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id"} {
		if known[name] != nil && h.Get(name) == "" && (name != "ETag" || a.request.Header.Get("Authorization") == "") {
			t.Errorf("%s: there is no %s", title, name)
		}
	}
}

// checkOthers sends what examples should not: a body that is too large, and too many log-ins.
func (d *described) checkOthers(t *testing.T, url string) {
	t.Helper()
	login := httpRequest{title: "a log-in", method: "POST", target: url + "/api/session", headers: []string{"Content-Type: application/json"}}
	f := &httpFile{}
	login.body = `{"email": "` + strings.Repeat("a", 2<<20) + `"}`
	d.check(t, "too large a body", f.send(t, login))
	login.body = `{"email": "nobody@example.com", "password": "no password"}`
	for range 20 {
		answer := f.send(t, login)
		d.check(t, "a log-in", answer)
		if answer.StatusCode == http.StatusTooManyRequests {
			break
		}
	}
}

// checkHurried asks for much where a request has no time, until it is refused for that.
func (d *described) checkHurried(t *testing.T, url string) {
	t.Helper()
	for range 100 {
		r := httpRequest{method: "GET", target: url + "/api/posts?first=100&search=a&total=true"}
		if answer := (&httpFile{}).send(t, r); answer.StatusCode != http.StatusOK {
			d.check(t, "a hurried request", answer)
			return
		}
	}
}

// checkAllCalled checks that all of the description has been seen but for what is a fault of ours.
func (d *described) checkAllCalled(t *testing.T) {
	t.Helper()
	for _, o := range d.operations {
		if id := fmt.Sprint(o.object["operationId"]); !d.seen[id] {
			t.Errorf("no request has %s succeed", id)
		}
	}
	for name := range d.whole["components"].(map[string]any)["responses"].(map[string]any) {
		if !d.seen[name] && name != "Internal" {
			t.Errorf("no request is refused as %s", name)
		}
	}
}
