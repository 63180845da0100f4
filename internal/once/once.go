// Package once has a request that is sent again take effect no more than once.
package once

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Statements is how many a request sends at most beside its own.
const Statements = 2

const (
	// good is how long an answer is given again.
	good = 24 * time.Hour
	// maxAnswer is how many bytes it has at most.
	maxAnswer = 1 << 20
)

// Request is what tells one that is sent again from another.
type Request struct {
	// Client is who asks, and Key what it calls the request.
	Client, Key string
	// Content is all that the answer depends on.
	Content []byte
}

// name is by which the request's answer is found.
func (r Request) name() []byte {
	digest := sha256.Sum256([]byte(r.Client + "\n" + r.Key))
	return digest[:]
}

// Answers keeps those to the requests that have taken effect. It is safe for
// concurrent use.
type Answers struct {
	db    *sqldb.DB
	auth  *auth.Service
	try   func(ctx context.Context, account string) error
	turns turns
}

// New returns the answers in the database. Try counts a try to guess a secret of
// the account, and refuses one too many.
func New(db *sqldb.DB, logins *auth.Service, try func(ctx context.Context, account string) error) *Answers {
	return &Answers{db: db, auth: logins, try: try, turns: turns{taken: map[string]chan struct{}{}}}
}

// Transact runs fn in a transaction, as sqldb.DB.Transact does, and keeps its
// answer with what it has written. If the request has taken effect before, within
// a day, nothing is run and the first answer is returned: CONFLICT if it was to
// another content. While an equal request is under way it waits.
func (a *Answers) Transact(ctx context.Context, r Request, fn func(context.Context) (answer []byte, err error)) (first []byte, err error) {
	name := r.name()
	done, err := a.turns.take(ctx, string(name))
	if err != nil {
		return nil, err
	}
	defer done()
	err = a.db.Transact(ctx, func(ctx context.Context) error {
		sealed, err := a.begin(ctx, name)
		if err != nil {
			return err
		}
		if sealed != nil {
			first, err = a.open(ctx, sealed, r)
			return err
		}
		answer, err := fn(ctx)
		if err != nil {
			return err
		}
		return a.keep(ctx, name, answer, r)
	})
	return first, err
}

// beginning finds the answer of the name, if there is a good one, and else makes a
// place for it. Until the transaction has ended whoever comes with the same name
// waits here.
const beginning = `
INSERT INTO idempotency (key, at) VALUES (?, ?)
ON CONFLICT (key) DO UPDATE SET
	answer = CASE WHEN idempotency.at < ? THEN NULL ELSE idempotency.answer END,
	at = CASE WHEN idempotency.at < ? THEN excluded.at ELSE idempotency.at END
RETURNING answer`

func (a *Answers) begin(ctx context.Context, name []byte) (sealed []byte, err error) {
	now := sqldb.Now(ctx)
	old := now - scalar.Time(good.Microseconds())
	_, err = a.db.Ask(ctx, beginning, []any{name, now, old, old}, &sealed)
	return sealed, err
}

// open is the answer, if it was to the same content. Whoever is not logged in may
// not go on guessing what that was, since it may be a password.
func (a *Answers) open(ctx context.Context, sealed []byte, r Request) ([]byte, error) {
	answer, ok := a.auth.Open(sealed, r.Content)
	if ok {
		return answer, nil
	}
	if auth.From(ctx) == nil {
		if err := a.try(ctx, hex.EncodeToString(r.name())); err != nil {
			return nil, err
		}
	}
	return nil, fault.New(fault.Conflict, "Another request has been sent with this Idempotency-Key.").Because(fault.Reused)
}

func (a *Answers) keep(ctx context.Context, name, answer []byte, r Request) error {
	if len(answer) > maxAnswer {
		return fault.New(fault.BadRequest, "The answer to a request with an Idempotency-Key has at most %d bytes; select less.", maxAnswer)
	}
	sealed, err := a.auth.Seal(answer, r.Content)
	if err != nil {
		return err
	}
	_, err = a.db.Exec(ctx, "UPDATE idempotency SET answer = ? WHERE key = ?", sealed, name)
	return err
}
