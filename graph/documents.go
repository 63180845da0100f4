package graph

import (
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph/writer"
	"stoa/internal/sqldb"
)

// The bounds of what is kept of documents.
const (
	maxDocumentBytes = 32 << 20
	maxDocuments     = 10_000
	// A parsed document takes some forty times the bytes of its text (measured
	// on the examples and on generated documents).
	parsedBytes = 40
	// A hash, in hexadecimal, and its place in a map.
	hashBytes = 128
	// So many bytes a place takes at which a field is selected.
	placeBytes = 200
)

// document is a valid document and what is known of its operations.
type document struct {
	*ast.QueryDocument
	text   string
	facts  map[*ast.OperationDefinition]*facts
	stored *Stored // nil for one that a client sent
	hash   string  // by which clients may ask for it, "" if they may not
	bytes  int
	places int // that are counted among the bytes
}

// facts are what is known of an operation.
type facts struct {
	shows  sqldb.Shows
	root   *writer.Place // nil where variables decide on what is selected
	cost   int
	priced bool                            // the cost is the same whatever the variables are
	answer atomic.Pointer[json.RawMessage] // the same for ever; nil until there is one
}

// kept are the valid documents that clients sent, by their texts, the least
// recently used of them forgotten first. It is bounded by the bytes that they
// take.
type kept struct {
	mu     sync.Mutex
	byText *simplelru.LRU[string, *document]
	byHash map[string]*document
	bytes  int
}

func newKept() *kept {
	d := &kept{byHash: map[string]*document{}}
	// The only error is a size that is not positive.
	d.byText, _ = simplelru.NewLRU(maxDocuments, func(_ string, doc *document) {
		d.bytes -= doc.bytes
		delete(d.byHash, doc.hash)
	})
	return d
}

func (d *kept) get(text string) (*document, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byText.Get(text)
}

// hashed is the document that was learnt with the hash.
func (d *kept) hashed(hash string) (*document, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if doc := d.byHash[hash]; doc != nil {
		return d.byText.Get(doc.text) // which is now the one used last
	}
	return nil, false
}

// learn has the document found by its hash, as long as it is kept.
func (d *kept) learn(doc *document, hash string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if here, _ := d.byText.Peek(doc.text); here == doc && doc.hash == "" {
		doc.hash, d.byHash[hash] = hash, doc
		d.weigh(doc, hashBytes)
	}
}

// add keeps the document, unless there is one of its text already.
func (d *kept) add(doc *document) *document {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first, ok := d.byText.Get(doc.text); ok {
		return first
	}
	d.byText.Add(doc.text, doc)
	d.weigh(doc, (1+parsedBytes)*len(doc.text))
	return doc
}

// keep keeps the answer to the operation as long as its document.
func (d *kept) keep(doc *document, operation *facts, answer json.RawMessage) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if here, _ := d.byText.Peek(doc.text); here != doc || operation.answer.Load() != nil {
		return // a stored one's answers would count among no bytes
	}
	operation.answer.Store(&answer)
	d.weigh(doc, len(answer))
}

// grown counts what has been found out of the document's operations meanwhile.
func (d *kept) grown(doc *document) {
	places := 0
	for _, operation := range doc.facts {
		if operation.root != nil {
			places += operation.root.Found()
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if places <= doc.places {
		return
	}
	if here, _ := d.byText.Peek(doc.text); here == doc {
		d.weigh(doc, (places-doc.places)*placeBytes)
	}
	doc.places = places
}

// weigh counts what the document takes more, and makes room for it.
func (d *kept) weigh(doc *document, bytes int) {
	doc.bytes += bytes
	d.bytes += bytes
	for d.bytes > maxDocumentBytes {
		d.byText.RemoveOldest()
	}
}

// lasting tells whether the answer to an operation is always the same: it asks
// about the schema alone, and nothing in it depends on a variable.
func lasting(o *ast.OperationDefinition) bool {
	if o.Operation != ast.Query || len(o.VariableDefinitions) > 0 {
		return false
	}
	for f := range fields(o.SelectionSet) {
		if !strings.HasPrefix(f.Name, "__") && !strings.HasPrefix(f.ObjectDefinition.Name, "__") {
			return false
		}
	}
	return true
}

// shows tells of each kind which fields the operation selects, wherever and under
// whatever name and condition.
func shows(schema *ast.Schema, o *ast.OperationDefinition) sqldb.Shows {
	type field struct{ kind, name string }
	selected := map[field]bool{}
	for f := range fields(o.SelectionSet) {
		for _, kind := range schema.GetPossibleTypes(f.ObjectDefinition) {
			selected[field{kind.Name, f.Name}] = true
		}
	}
	return func(kind, name string) bool { return selected[field{kind, name}] }
}
