package main

import (
	"fmt"
	"os"
	"strings"

	"stoa/internal/documents"
	"stoa/internal/web"
)

// documents are the stored ones, which lie in a folder and not beside it. A wrong
// one should leave no new database behind either.
func (p *program) documents() ([]documents.Document, error) {
	name := p.settings.PersistedDocuments
	if name == "" {
		return nil, nil
	}
	folder, err := os.OpenRoot(name)
	if err != nil {
		return nil, usage{fmt.Errorf("the persisted documents cannot be read: %w", err)}
	}
	defer folder.Close()
	docs, err := documents.Read(folder.FS())
	if err == nil {
		s := p.settings
		err = web.New(web.Options{Introspection: s.Introspection, MaxCost: s.MaxCost, MaxDepth: s.MaxDepth, REST: s.REST}).Store(docs)
	}
	if err != nil {
		return nil, usage{fmt.Errorf("wrong persisted documents:\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))}
	}
	return docs, nil
}
