package auth

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Tokens are a log-in's proofs: a short-lived one that is sent with requests,
// and one that is traded for the next two.
type Tokens struct {
	Token        string
	ExpiresAt    scalar.Time
	RefreshToken string
}

// The two uses of a token, which is not taken for the other.
const (
	forAccess  = "access"
	forRefresh = "refresh"
)

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	Use   string `json:"use"`
	Login int64  `json:"lid"`
	// Generation counts the trades of a log-in's refresh tokens.
	Generation int `json:"gen,omitempty"`
}

// user is the key of the user whom the token names.
func (c *claims) user() int64 {
	key, _ := strconv.ParseInt(c.Subject, 10, 64) // 0 is nobody
	return key
}

// issue returns the tokens of a log-in's generation.
func (s *Service) issue(ctx context.Context, user, login int64, generation int, now time.Time) (Tokens, error) {
	expires := now.Add(s.tokenTTL).Truncate(time.Second)
	key := s.keys[0]
	if sqldb.Rehearses(ctx) {
		key = random(MinKey) // so that they are good for nothing
	}
	access, err := claims{Use: forAccess, Login: login}.signed(key, user, now, expires)
	if err != nil {
		return Tokens{}, err
	}
	refresh, err := claims{Use: forRefresh, Login: login, Generation: generation}.signed(key, user, now, now.Add(s.refreshTTL))
	return Tokens{Token: access, ExpiresAt: scalar.TimeOf(expires), RefreshToken: refresh}, err
}

func (c claims) signed(key []byte, user int64, now, expires time.Time) (string, error) {
	c.ID = rand.Text() // no two tokens are alike
	c.Subject = strconv.FormatInt(user, 10)
	c.IssuedAt = jwt.NewNumericDate(now)
	c.ExpiresAt = jwt.NewNumericDate(expires)
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(key)
}

// read returns what a token for the use says; false if no key of ours signed
// it, by HS256, or it has expired.
func (s *Service) read(token, use string) (*claims, bool) {
	for _, key := range s.keys {
		var c claims
		_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return key, nil },
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired())
		if err == nil && c.Use == use {
			return &c, true
		}
	}
	return nil, false
}
