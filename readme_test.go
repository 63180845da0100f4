package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"testing"
)

var block = regexp.MustCompile("(?s)```graphql\n(.*?)```.*?```json\n(.*?)```")

// The README's query has the README's answer.
func TestReadme(t *testing.T) {
	found := block.FindSubmatch(readFile(t, "README.md"))
	if found == nil {
		t.Fatal("README.md has no query with its answer")
	}
	var got, want any
	answer := serve(t).ask(t, string(found[1]))
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(found[2], &want); err != nil {
		t.Fatalf("the answer in README.md: %v", err)
	}
	if !reflect.DeepEqual(got, want) {
		var pretty bytes.Buffer
		_ = json.Indent(&pretty, answer, "", "  ")
		t.Errorf("README.md's query answers\n%s", pretty.String())
	}
}
