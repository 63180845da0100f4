package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// stage is a part of a Dockerfile, from FROM on.
type stage []instruction

type instruction struct{ word, rest string }

// readDockerfile returns the stages of deploy/Dockerfile.
func readDockerfile(t *testing.T) (stages []stage) {
	t.Helper()
	text := string(readFile(t, "deploy/Dockerfile"))
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case word == "" || strings.HasPrefix(word, "#"):
			continue
		case word == "FROM":
			stages = append(stages, nil)
		}
		last := &stages[len(stages)-1]
		*last = append(*last, instruction{word, rest})
	}
	return stages
}

// all are the instructions of the word.
func (s stage) all(word string) (rests []string) {
	for _, i := range s {
		if i.word == word {
			rests = append(rests, i.rest)
		}
	}
	return rests
}

// one is the only instruction of the word.
func (s stage) one(t *testing.T, word string) string {
	t.Helper()
	all := s.all(word)
	if len(all) != 1 {
		t.Fatalf("%d times %s", len(all), word)
	}
	return all[0]
}

// command is the JSON array at the end of the only instruction of the word.
func (s stage) command(t *testing.T, word string) (words []string) {
	t.Helper()
	text := s.one(t, word)
	if err := json.Unmarshal([]byte(text[strings.Index(text, "["):]), &words); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return words
}
