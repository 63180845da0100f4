package graph

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// The bounds of what is kept of documents.
const (
	maxDocumentBytes = 32 << 20
	maxDocuments     = 10_000
	// A parsed document takes some forty times the bytes of its text (measured
	// on the examples and on generated documents).
	parsedBytes = 40
)

// documents are the valid documents by their texts, the least recently used of
// them forgotten first. It is bounded by the bytes that they take.
type documents struct {
	mu     sync.Mutex
	byText *simplelru.LRU[string, *ast.QueryDocument]
	bytes  int
}

func newDocuments() *documents {
	d := &documents{}
	// The only error is a size that is not positive.
	d.byText, _ = simplelru.NewLRU(maxDocuments, func(text string, _ *ast.QueryDocument) { d.bytes -= weight(text) })
	return d
}

func weight(text string) int { return (1 + parsedBytes) * len(text) }

func (d *documents) get(text string) (*ast.QueryDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byText.Get(text)
}

func (d *documents) add(text string, doc *ast.QueryDocument) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byText.Contains(text) {
		return
	}
	d.byText.Add(text, doc)
	d.bytes += weight(text)
	for d.bytes > maxDocumentBytes {
		d.byText.RemoveOldest()
	}
}
