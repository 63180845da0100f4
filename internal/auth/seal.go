package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// Seal hides a text, which may hold tokens, from whoever reads the database. Open
// has to be told the same proof, which is not kept.
func (s *Service) Seal(text, proof []byte) ([]byte, error) {
	sealed, err := sealing(s.keys[0])
	if err != nil {
		return nil, err
	}
	return sealed.Seal(nil, nil, text, proof), nil
}

// Open is the text that Seal has hidden; false if it was told another proof, or by
// a key that is no longer one of ours.
func (s *Service) Open(sealed, proof []byte) ([]byte, bool) {
	for _, key := range s.keys {
		by, err := sealing(key)
		if err != nil {
			continue
		}
		if text, err := by.Open(nil, nil, sealed, proof); err == nil {
			return text, true
		}
	}
	return nil, false
}

// sealing is AES-GCM by a key made of one that signs, for nothing else.
func sealing(signing []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, signing, nil, "stoa: sealed", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
