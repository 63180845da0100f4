package rest

import (
	"embed"
	"io/fs"

	"stoa/internal/documents"
)

//go:embed documents/*.graphql
var files embed.FS

// Documents are those of the resource API, which Stoa ships: an operation a file, and the fragments
// that they share in files of their own. The comment above an operation says what it does.
func Documents() ([]documents.Document, error) {
	folder, err := fs.Sub(files, "documents")
	if err != nil {
		return nil, err
	}
	return documents.Read(folder)
}
