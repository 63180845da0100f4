package main

import (
	"os"
	"path/filepath"
	"testing"
)

// readFile is what the file holds.
func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// read parses the file.
func read(t *testing.T, name string, parse func([]byte, any) error, into any) {
	t.Helper()
	if err := parse(readFile(t, name), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// folder is a new one that holds the texts, by their files' names.
func folder(t *testing.T, texts map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
