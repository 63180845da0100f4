// Package documents says which documents are stored, and where: files of one
// operation each, and the manifests that clients' compilers write.
package documents

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// The bounds of what is read.
const (
	maxText     = 256 << 10 // bytes of a file, and of a manifest's document
	maxManifest = 32 << 20  // bytes
	maxName     = 200       // bytes of an operation's name
	maxTokens   = 64 << 10  // of a file, which may be one of many fragments
)

// Document is a stored one: one operation with all the fragments that it uses.
type Document struct {
	// ID is what the manifest calls it or, of a file, the SHA-256 of the file's
	// bytes in hexadecimal.
	ID string
	// Name is the operation's, "" where it has none.
	Name string
	Text string
	// Source is the file, for messages: that of the operation itself.
	Source string

	fragments []part
}

// part is a piece of a document's text that stands in another file.
type part struct {
	from   int // the line of the text at which it begins
	source string
	line   int // of the source
}

// Place says where in a file a place of the text is, as in "shop.graphql:3:12".
func (d *Document) Place(line, column int) string {
	in := part{from: 1, source: d.Source, line: 1}
	for _, p := range d.fragments {
		if line >= p.from {
			in = p
		}
	}
	return at(in.source, line-in.from+in.line, column)
}

// Hash is the SHA-256 of a document's text, in hexadecimal.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

var id = regexp.MustCompile(`^(sha256:[0-9a-f]{64}|(x-[A-Za-z0-9._~-]{1,100}:)?[A-Za-z0-9._~-]{1,200})$`)

// IsID tells whether the text may be a document's id, as the persisted documents
// of GraphQL over HTTP have them, and not overlong.
func IsID(text string) bool { return id.MatchString(text) }

// Read reads all documents of the folder and of those within it: of *.graphql
// files, and of manifests, which are *.json. Names that begin with a dot are
// passed over. The error names whatever is wrong, a line each.
func Read(folder fs.FS) ([]Document, error) {
	r := reader{shared: map[string]fragment{}}
	var manifests []string
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(path.Base(name), ".") && name != "."
		switch {
		case err != nil:
			return err
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case entry.IsDir() || hidden:
		case path.Ext(name) == ".graphql":
			r.add(folder, name)
		case path.Ext(name) == ".json":
			manifests = append(manifests, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	docs := r.documents()
	for _, name := range manifests {
		docs = append(docs, r.manifest(folder, name)...)
	}
	docs = r.unique(docs)
	if len(r.wrong) > 0 {
		return nil, errors.Join(r.wrong...)
	}
	return docs, nil
}

// reader gathers what is read, and what is wrong with it.
type reader struct {
	files  []*file
	shared map[string]fragment // of files that hold no operation, by name
	wrong  []error
}

func (r *reader) refuse(place, format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

// read is what stands in the file, false where it cannot be read.
func (r *reader) read(folder fs.FS, name string, most int) (string, bool) {
	text, err := readAtMost(folder, name, most)
	if pathError := new(fs.PathError); errors.As(err, &pathError) {
		err = pathError.Err
	}
	if err != nil {
		r.refuse(name, "%s", err)
	}
	return text, err == nil
}

func readAtMost(folder fs.FS, name string, most int) (string, error) {
	// What is no file, a pipe for one, may block whoever opens it.
	if info, err := fs.Stat(folder, name); err != nil {
		return "", err
	} else if !info.Mode().IsRegular() {
		return "", errors.New("this is no file")
	}
	f, err := folder.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(text) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	return string(text), err
}

// parse is the parsed text, nil where it is none.
func (r *reader) parse(source, text string) *ast.QueryDocument {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
	if err != nil {
		place, message := source, err.Error()
		if e := new(gqlerror.Error); errors.As(err, &e) && len(e.Locations) > 0 {
			place, message = at(source, e.Locations[0].Line, e.Locations[0].Column), e.Message
		}
		r.refuse(place, "%s", message)
		return nil
	}
	if len(doc.Operations) > 1 {
		second := doc.Operations[1].Position
		r.refuse(at(source, second.Line, second.Column), "a second operation; a document has one")
		return nil
	}
	for _, o := range doc.Operations {
		if len(o.Name) > maxName {
			r.refuse(at(source, o.Position.Line, o.Position.Column), "the operation's name has more than %d bytes", maxName)
			return nil
		}
	}
	return doc
}

func at(source string, line, column int) string { return fmt.Sprintf("%s:%d:%d", source, line, column) }

// unique are the documents, each once. One id has one text.
func (r *reader) unique(docs []Document) []Document {
	known := map[string]Document{}
	docs = slices.DeleteFunc(docs, func(d Document) bool {
		first, found := known[d.ID]
		if !found {
			known[d.ID] = d
		} else if first.Text != d.Text {
			r.refuse(d.Source, "the id %s has another text in %s", d.ID, first.Source)
		}
		return found
	})
	slices.SortStableFunc(docs, func(a, b Document) int { return cmp.Compare(a.Source, b.Source) })
	return docs
}

// named refuses two documents of one name and other texts: which of them would
// be meant?
func (r *reader) named(docs []Document) {
	known := map[string]Document{}
	for _, d := range docs {
		first, found := known[d.Name]
		if !found {
			known[d.Name] = d
		} else if d.Name != "" && first.Text != d.Text {
			r.refuse(d.Source, "the operation %s has another text in %s", d.Name, first.Source)
		}
	}
}
