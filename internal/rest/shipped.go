package rest

import (
	"embed"
	"io/fs"

	"stoa/internal/documents"
)

// Shipped are the documents of the resource API: an operation a file, and the fragments that they
// share in files of their own. The comment above an operation says what it does.
//
//go:embed documents/*.graphql
var Shipped embed.FS

// Documents are the shipped ones.
func Documents() ([]documents.Document, error) {
	folder, err := fs.Sub(Shipped, "documents")
	if err != nil {
		return nil, err
	}
	return documents.Read(folder)
}
