package rest

import "embed"

// Shipped are the documents of the resource API: an operation a file, and the fragments that they
// share in files of their own. The comment above an operation says what it does.
//
//go:embed documents/*.graphql
var Shipped embed.FS
