package documents

import (
	"io/fs"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// file is one of *.graphql.
type file struct {
	source    string
	text      string
	operation *ast.OperationDefinition // nil where it holds fragments alone
	fragments map[string]fragment
}

// fragment is one as its file has it.
type fragment struct {
	*ast.FragmentDefinition
	source string
	text   string // up to the next definition
}

// add reads a file.
func (r *reader) add(folder fs.FS, name string) {
	text, ok := r.read(folder, name, maxText)
	if !ok {
		return
	}
	doc := r.parse(name, text)
	if doc == nil {
		return
	}
	f := &file{source: name, text: text, fragments: map[string]fragment{}}
	into := f.fragments
	if len(doc.Operations) == 0 {
		into = r.shared
	} else {
		f.operation = doc.Operations[0]
		r.files = append(r.files, f)
	}
	runes := []rune(text) // in which positions are counted
	for i, d := range doc.Fragments {
		if first, found := into[d.Name]; found {
			r.refuse(at(name, d.Position.Line, d.Position.Column), "the fragment %s is in %s too", d.Name, first.source)
			continue
		}
		end := len(runes)
		if i+1 < len(doc.Fragments) {
			end = doc.Fragments[i+1].Position.Start
		}
		into[d.Name] = fragment{d, name, string(runes[d.Position.Start:end])}
	}
}

// documents are those of the files.
func (r *reader) documents() []Document {
	var docs []Document
	for _, f := range r.files {
		docs = append(docs, r.document(f))
	}
	r.named(docs)
	return docs
}

// document is the file's, with the shared fragments that it uses. Lines and
// columns stay as they are in the files.
func (r *reader) document(f *file) Document {
	d := Document{ID: Hash(f.text), Name: f.operation.Name, Source: f.source}
	var text strings.Builder
	text.WriteString(f.text)
	for _, used := range r.uses(f) {
		text.WriteString("\n\n") // of which a text that ends with \r may take one
		d.fragments = append(d.fragments, part{linesOf(text.String()), used.source, used.Position.Line})
		text.WriteString(strings.Repeat(" ", used.Position.Column-1) + used.text)
	}
	d.Text = text.String()
	return d
}

// linesOf is how many lines the text has, as GraphQL counts them.
func linesOf(text string) int {
	return 1 + strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n")
}

// uses are the shared fragments that the file's operation uses, each once. The
// file's own go before those of their names.
func (r *reader) uses(f *file) []fragment {
	u := &user{reader: r, file: f, state: map[string]int{}}
	u.visit(f.source, f.operation.SelectionSet)
	return u.shared
}

// user walks through what an operation uses.
type user struct {
	*reader
	file   *file
	state  map[string]int // of each fragment: under, done
	shared []fragment
}

const (
	under = 1 + iota
	done
)

func (u *user) visit(source string, set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			u.visit(source, s.SelectionSet)
		case *ast.InlineFragment:
			u.visit(source, s.SelectionSet)
		case *ast.FragmentSpread:
			u.spread(source, s)
		}
	}
}

func (u *user) spread(source string, s *ast.FragmentSpread) {
	used, own := u.file.fragments[s.Name]
	if !own {
		used = u.reader.shared[s.Name]
	}
	switch {
	case used.FragmentDefinition == nil:
		u.refuse(at(source, s.Position.Line, s.Position.Column), "there is no fragment %s, neither here nor in a file of fragments", s.Name)
	case u.state[s.Name] == under:
		u.refuse(at(source, s.Position.Line, s.Position.Column), "the fragment %s is spread within itself", s.Name)
	case u.state[s.Name] == 0:
		u.state[s.Name] = under
		if !own {
			u.shared = append(u.shared, used)
		}
		u.visit(used.source, used.SelectionSet)
		u.state[s.Name] = done
	}
}
