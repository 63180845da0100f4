package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// httpFile is a file of requests as VS Code's REST Client reads them, as far as ours need it: the
// variables at its head, and requests of which later ones take values from the answers to others.
type httpFile struct {
	variables map[string]string
	answers   map[string]httpAnswer
	requests  []httpRequest
}

// httpRequest is one of them; its texts hold variables.
type httpRequest struct {
	title, name, method, target, body string
	headers                           []string
	status                            int // 0 for any that is good
}

// httpAnswer is what came.
type httpAnswer struct {
	*http.Response
	request *http.Request
	sent    string
	body    string
}

var variableLine = regexp.MustCompile(`^@(\w+) *= *(.*)$`)

func readHTTPFile(t *testing.T, name string) *httpFile {
	t.Helper()
	blocks := strings.Split("\n"+string(readFile(t, name)), "\n### ")
	f := &httpFile{variables: map[string]string{}, answers: map[string]httpAnswer{}}
	for line := range strings.Lines(blocks[0]) {
		if found := variableLine.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			f.variables[found[1]] = found[2]
		}
	}
	for _, block := range blocks[1:] {
		f.requests = append(f.requests, readHTTPRequest(t, block))
	}
	return f
}

func readHTTPRequest(t *testing.T, block string) (r httpRequest) {
	t.Helper()
	head, body, _ := strings.Cut(block, "\n\n")
	r.body = strings.TrimSpace(body)
	for i, line := range strings.Split(strings.TrimSpace(head), "\n") {
		comment, isComment := strings.CutPrefix(line, "# ")
		switch {
		case i == 0:
			r.title = line
		case strings.HasPrefix(comment, "@name "):
			r.name = strings.TrimPrefix(comment, "@name ")
		case strings.HasPrefix(comment, "The status is "):
			r.status, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(comment, "The status is "), "."))
		case isComment:
		case r.method == "":
			r.method, r.target, _ = strings.Cut(line, " ")
		default:
			r.headers = append(r.headers, line)
		}
	}
	if r.method == "" || r.target == "" {
		t.Fatalf("no request: %s", block)
	}
	return r
}

// send sends the request, its variables filled in from those of the file and from earlier answers.
func (f *httpFile) send(t *testing.T, r httpRequest) httpAnswer {
	t.Helper()
	body := f.fill(t, r.body)
	request, err := http.NewRequestWithContext(t.Context(), r.method, f.fill(t, r.target), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range r.headers {
		name, value, _ := strings.Cut(f.fill(t, line), ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	got, err := received(response, err)
	if err != nil {
		t.Fatal(err)
	}
	answer := httpAnswer{response, request, body, got.text}
	if r.name != "" {
		f.answers[r.name] = answer
	}
	return answer
}

var (
	variableUse = regexp.MustCompile(`\{\{([^{}]+)\}\}`)
	headerUse   = regexp.MustCompile(`^(\w+)\.response\.headers\.([\w-]+)$`)
	answerUse   = regexp.MustCompile(`^(\w+)\.response\.body\.\$((?:\.\w+|\[\d+\])+)$`)
	step        = regexp.MustCompile(`\w+`)
)

func (f *httpFile) fill(t *testing.T, text string) string {
	t.Helper()
	return variableUse.ReplaceAllStringFunc(text, func(use string) string {
		use = strings.Trim(use, "{}")
		if found := answerUse.FindStringSubmatch(use); found != nil {
			return valueAt(t, f.answers[found[1]].body, step.FindAllString(found[2], -1))
		}
		if found := headerUse.FindStringSubmatch(use); found != nil {
			return f.answers[found[1]].Header.Get(found[2])
		}
		value, known := f.variables[use]
		if !known {
			t.Fatalf("there is no {{%s}}", use)
		}
		return f.fill(t, value)
	})
}

// valueAt is the text at a place in a JSON value.
func valueAt(t *testing.T, text string, place []string) string {
	t.Helper()
	var value any
	if err := json.NewDecoder(bytes.NewReader([]byte(text))).Decode(&value); err != nil {
		t.Fatal(err)
	}
	for _, name := range place {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				t.Fatalf("%s has no %v", text, place)
			}
			value = v[i]
		}
	}
	found, ok := value.(string)
	if !ok {
		t.Fatalf("%s has no text at %v", text, place)
	}
	return found
}
