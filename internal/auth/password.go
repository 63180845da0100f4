package auth

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"stoa/internal/fault"
)

// The lengths of a password, in bytes: bcrypt takes no more than 72.
const (
	MinPassword = 8
	MaxPassword = 72
)

// Password is what a user proves to be themselves by. It prints as nothing.
type Password string

// String hides the password.
func (Password) String() string { return "(hidden)" }

// LogValue hides the password.
func (Password) LogValue() slog.Value { return slog.StringValue("(hidden)") }

// UnmarshalGQL reads the password from a String.
func (p *Password) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return errors.New("a password is a text")
	}
	*p = Password(text)
	return nil
}

// MarshalGQL writes nothing: no password is ever shown.
func (Password) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, "null") }

// Hash is what is kept of a password. It prints as nothing.
type Hash string

// String hides the hash.
func (Hash) String() string { return "(hidden)" }

// LogValue hides the hash.
func (Hash) LogValue() slog.Value { return slog.StringValue("(hidden)") }

// Hash returns what to keep of a password, of 72 bytes at most.
func (s *Service) Hash(ctx context.Context, p Password) (Hash, error) {
	if err := s.takeTurn(ctx); err != nil {
		return "", err
	}
	defer s.endTurn()
	hash, err := bcrypt.GenerateFromPassword([]byte(p), s.cost)
	return Hash(hash), err
}

// Matches tells whether the hash is the password's. Without a hash it takes as
// long, and is false.
func (s *Service) Matches(ctx context.Context, h Hash, p Password) (bool, error) {
	if err := s.takeTurn(ctx); err != nil {
		return false, err
	}
	defer s.endTurn()
	known := []byte(h)
	if _, err := bcrypt.Cost(known); err != nil {
		known = s.nobody
	}
	err := bcrypt.CompareHashAndPassword(known, []byte(p))
	return err == nil && len(h) > 0 && string(known) == string(h) && p.whole(), nil
}

// whole tells whether bcrypt sees all of the password: of a longer one it takes
// the first 72 bytes, and one with NUL in it may be another said twice.
func (p Password) whole() bool {
	return len(p) <= MaxPassword && !strings.ContainsRune(string(p), 0)
}

// takeTurn waits until few enough hash at once that others are served too.
func (s *Service) takeTurn(ctx context.Context) error {
	select {
	case s.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return fault.New(fault.Timeout, "The request took too long.")
		}
		return fault.New(fault.Timeout, "The request was given up.")
	}
}

func (s *Service) endTurn() { <-s.turns }
