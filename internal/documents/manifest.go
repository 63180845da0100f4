package documents

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// apolloFormat is what Apollo's manifests call themselves.
const apolloFormat = "apollo-persisted-query-manifest"

// apollo is a manifest as Apollo's generator writes it. The name and the type of
// an operation stand in its body too.
type apollo struct {
	Format     string
	Version    int
	Operations []struct{ ID, Body string }
}

// entry is a document of a manifest.
type entry struct{ id, text string }

// manifest reads a manifest, of whichever kind.
func (r *reader) manifest(folder fs.FS, name string) []Document {
	text, ok := r.read(folder, name, maxManifest)
	if !ok {
		return nil
	}
	entries, err := entriesOf([]byte(text))
	if err != nil {
		r.refuse(name+placeOf(text, err), "%s", err)
		return nil
	}
	var docs []Document
	for _, e := range entries {
		if d, ok := r.entry(name, e); ok {
			docs = append(docs, d)
		}
	}
	r.named(docs)
	return docs
}

// entry is the document of an entry, false where it is none.
func (r *reader) entry(manifest string, e entry) (Document, bool) {
	source := fmt.Sprintf("%s, id %q", manifest, clip(e.id))
	switch {
	case !IsID(e.id):
		r.refuse(source, "an id is up to 200 letters, digits, and any of . _ ~ -")
		return Document{}, false
	case len(e.text) > maxText:
		r.refuse(source, "the document has more than %d bytes", maxText)
		return Document{}, false
	}
	doc := r.parse(source, e.text)
	if doc == nil {
		return Document{}, false
	}
	if len(doc.Operations) == 0 {
		r.refuse(source, "the document has no operation")
		return Document{}, false
	}
	return Document{ID: e.id, Name: doc.Operations[0].Name, Text: e.text, Source: source}, true
}

// clip keeps short what a message repeats.
func clip(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

var errNoManifest = errors.New("this is no manifest: neither Relay's, an object of texts, nor Apollo's, of the format " + apolloFormat + ", version 1")

// entriesOf reads a manifest.
func entriesOf(text []byte) ([]entry, error) {
	var m apollo
	err := json.Unmarshal(text, &m)
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		return nil, err
	}
	if m.Format == "" {
		return relay(text)
	}
	if err != nil || m.Format != apolloFormat || m.Version != 1 {
		return nil, errNoManifest
	}
	var entries []entry
	for _, o := range m.Operations {
		entries = append(entries, entry{o.ID, o.Body})
	}
	return entries, nil
}

// relay reads the manifest that Relay's compiler writes, from which nothing may
// be lost by an id that is there twice.
func relay(text []byte) ([]entry, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errNoManifest
	}
	var entries []entry
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := d.Token()
		if err != nil {
			return nil, err
		}
		id, _ := key.(string)
		body, ok := value.(string)
		if !ok {
			return nil, errNoManifest
		}
		entries = append(entries, entry{id, body})
	}
	return entries, nil
}

// placeOf is where a text is no JSON, "" where it is.
func placeOf(text string, err error) string {
	syntax := new(json.SyntaxError)
	if !errors.As(err, &syntax) || int(syntax.Offset) > len(text) {
		return ""
	}
	before := text[:max(0, syntax.Offset-1)]
	return fmt.Sprintf(":%d:%d", 1+strings.Count(before, "\n"), len(before)-strings.LastIndexByte(before, '\n'))
}
