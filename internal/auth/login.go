package auth

import (
	"context"
	"runtime"
	"time"

	"golang.org/x/crypto/bcrypt"

	"stoa/internal/fault"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Options tell how log-ins are kept.
type Options struct {
	// Keys are the HS256 keys: the first signs, all verify. There is at least one.
	Keys [][]byte
	// TokenTTL and RefreshTTL are the lives of the two tokens.
	TokenTTL, RefreshTTL time.Duration
	// Cost is bcrypt's, 0 for its default.
	Cost int
}

// Service keeps log-ins. It is safe for concurrent use.
type Service struct {
	db                   *sqldb.DB
	keys                 [][]byte
	tokenTTL, refreshTTL time.Duration
	cost                 int
	turns                chan struct{} // one for each that may hash at once
	nobody               []byte        // a hash of no password, of the same cost
}

// New returns the service over the database.
func New(db *sqldb.DB, o Options) (*Service, error) {
	if o.Cost == 0 {
		o.Cost = bcrypt.DefaultCost
	}
	nobody, err := bcrypt.GenerateFromPassword(random(MinKey), o.Cost)
	if err != nil {
		return nil, err
	}
	return &Service{
		db: db, keys: o.Keys, tokenTTL: o.TokenTTL, refreshTTL: o.RefreshTTL, cost: o.Cost,
		turns:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		nobody: nobody,
	}, nil
}

// Begin begins a log-in of the user, and forgets those that have run out.
func (s *Service) Begin(ctx context.Context, user int64) (Tokens, error) {
	now := sqldb.Now(ctx)
	if _, err := s.db.Exec(ctx, "DELETE FROM logins WHERE user_id = ? AND expires_at < ?", user, now); err != nil {
		return Tokens{}, err
	}
	var login int64
	_, err := s.db.Ask(ctx, "INSERT INTO logins (user_id, generation, created_at, expires_at) VALUES (?, 1, ?, ?) RETURNING id",
		[]any{user, now, s.expiry(now)}, &login)
	if err != nil {
		return Tokens{}, err
	}
	return s.issue(ctx, user, login, 1, now.Std())
}

func (s *Service) expiry(now scalar.Time) scalar.Time {
	return scalar.TimeOf(now.Std().Add(s.refreshTTL))
}

// Refresh trades a refresh token for new tokens of the same log-in, and returns
// the user. One that has been traded before ends the log-in, whatever becomes
// of the request.
func (s *Service) Refresh(ctx context.Context, token string) (Tokens, int64, error) {
	c, ok := s.read(token, forRefresh)
	if !ok {
		return Tokens{}, 0, refreshFailed()
	}
	now := sqldb.Now(ctx)
	var generation int
	found, err := s.db.Ask(ctx,
		"UPDATE logins SET generation = generation + 1, expires_at = ? WHERE id = ? AND user_id = ? AND generation = ? RETURNING generation",
		[]any{s.expiry(now), c.Login, c.user(), c.Generation}, &generation)
	if err != nil {
		return Tokens{}, 0, err
	}
	if !found {
		sqldb.AfterRollback(ctx, func(ctx context.Context) error { return s.End(ctx, c.Login) })
		return Tokens{}, 0, refreshFailed()
	}
	tokens, err := s.issue(ctx, c.user(), c.Login, generation, now.Std())
	return tokens, c.user(), err
}

// Subject names the user of a refresh token, "nobody" where it is not valid: by
// it tries are counted.
func (s *Service) Subject(token string) string {
	c, ok := s.read(token, forRefresh)
	if !ok {
		return "nobody"
	}
	return "user " + c.Subject
}

func refreshFailed() *fault.Error {
	return fault.New(fault.Unauthenticated, "This refresh token is not valid; log in again.")
}

// End ends a log-in.
func (s *Service) End(ctx context.Context, login int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM logins WHERE id = ?", login)
	return err
}

// EndAll ends all log-ins of the user.
func (s *Service) EndAll(ctx context.Context, user int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM logins WHERE user_id = ?", user)
	return err
}

// Read returns whose token it is, and of which of their log-ins: UNAUTHENTICATED
// if no key of ours signed it, or it has run out. Whether the log-in still
// stands is for the caller to ask.
func (s *Service) Read(token string) (user, login int64, err error) {
	c, ok := s.read(token, forAccess)
	if !ok {
		return 0, 0, Refused()
	}
	return c.user(), c.Login, nil
}

// Expiry is when a token that Read has taken runs out.
func (s *Service) Expiry(token string) time.Time {
	c, ok := s.read(token, forAccess)
	if !ok {
		return time.Time{} // it has
	}
	return c.ExpiresAt.Time
}

// Refused is the fault of a token that is of no use.
func Refused() *fault.Error {
	return fault.New(fault.Unauthenticated, "The token is not valid, or no longer.")
}
