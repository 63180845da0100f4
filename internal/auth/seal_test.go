package auth_test

import (
	"bytes"
	"testing"

	"stoa/internal/auth"
)

// TestSealed: a sealed text opens by each of the keys that are ours, for the same
// proof, and for nobody else.
func TestSealed(t *testing.T) {
	text, proof := []byte("a token"), []byte("what was asked")
	sealed, err := newService(t, nil, "a").Seal(text, proof)
	if err != nil || bytes.Contains(sealed, text) {
		t.Fatalf("%q, %v", sealed, err)
	}
	altered := bytes.Clone(sealed)
	altered[len(altered)/2] ^= 1
	for name, c := range map[string]struct {
		by            *auth.Service
		sealed, proof []byte
		ok            bool
	}{
		"the same":            {newService(t, nil, "a"), sealed, proof, true},
		"a key that has come": {newService(t, nil, "b", "a"), sealed, proof, true},
		"a key that has gone": {newService(t, nil, "b"), sealed, proof, false},
		"another proof":       {newService(t, nil, "a"), sealed, []byte("what else"), false},
		"no proof":            {newService(t, nil, "a"), sealed, nil, false},
		"altered":             {newService(t, nil, "a"), altered, proof, false},
		"cut":                 {newService(t, nil, "a"), sealed[:8], proof, false},
		"empty":               {newService(t, nil, "a"), nil, proof, false},
	} {
		if got, ok := c.by.Open(c.sealed, c.proof); ok != c.ok || ok && !bytes.Equal(got, text) {
			t.Errorf("%s: got %q, %t", name, got, ok)
		}
	}
}
