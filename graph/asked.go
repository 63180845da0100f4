package graph

import (
	"cmp"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/documents"
	"stoa/internal/fault"
)

// asked is the document that the request is about.
func (a *API) asked(r Request) (*document, gqlerror.List) {
	if r.Stored != nil {
		return r.Stored.document, nil
	}
	id := cmp.Or(r.DocumentID, r.Hash)
	text := r.Query != "" || id == ""
	switch {
	case text && a.StoredOnly:
		return nil, refused(fault.DocumentRequired, "Send the id of a stored document; no other is answered.")
	case text && r.Hash != "":
		return a.learnt(r)
	case text:
		return a.document(r.Query)
	}
	if s := a.stored.find(id); s != nil {
		return s.document, nil
	}
	if r.DocumentID != "" || a.StoredOnly {
		return nil, refused(fault.DocumentNotFound, "No document is stored as %s.", clip(id))
	}
	if doc, ok := a.documents.hashed(id); ok {
		return doc, nil
	}
	return nil, refused(fault.QueryNotFound, "PersistedQueryNotFound")
}

// learnt is the document of a request that tells its hash, by which it can be
// asked for from now on.
func (a *API) learnt(r Request) (*document, gqlerror.List) {
	if documents.Hash(r.Query) != r.Hash {
		return nil, refused(fault.BadRequest, "The query has another SHA-256 than the request says.")
	}
	doc, wrong := a.document(r.Query)
	if wrong == nil {
		a.documents.learn(doc, r.Hash)
	}
	return doc, wrong
}

// refused refuses a request for its document.
func refused(code fault.Code, format string, args ...any) gqlerror.List {
	return gqlerror.List{refusal(nil, fault.New(code, format, args...))}
}
