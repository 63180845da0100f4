package auth

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// MinKey is how many bytes a key has at least.
const MinKey = 32

// KeyFile returns the key in the file, which is made, for its owner's eyes
// alone, when it is not there.
func KeyFile(path string) ([]byte, error) {
	made := base64.RawURLEncoding.EncodeToString(random(MinKey))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return readKey(path)
	}
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString(made + "\n")
	return []byte(made), errors.Join(err, file.Close())
}

func readKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	key := strings.TrimSpace(string(text))
	if err == nil && len(key) < MinKey {
		err = errors.New(path + " holds no key of at least 32 bytes")
	}
	return []byte(key), err
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// RandomPassword returns a password that nobody can guess.
func RandomPassword() Password {
	return Password(base64.RawURLEncoding.EncodeToString(random(12)))
}
