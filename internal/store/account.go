package store

import (
	"context"
	"errors"
	"strings"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/observe"
	"stoa/internal/sqldb"
)

// Accounts makes, changes and ends users and their log-ins.
type Accounts struct {
	DB   *sqldb.DB
	Auth *auth.Service
	// Tries, unless nil, bounds how often one may try to log in; Metrics, unless
	// nil, count it.
	Tries   Tries
	Metrics *observe.Metrics
}

// Tries counts a try to log in to an account, and refuses one too many.
type Tries interface {
	Try(ctx context.Context, account string) error
}

// Try counts a try to log in to the account, and is RATE_LIMITED if it is one too
// many.
func (a *Accounts) Try(ctx context.Context, account string) error {
	if a.Tries == nil {
		return nil
	}
	return a.Tries.Try(ctx, account)
}

type viewerKey struct{}

// Authenticate returns a context in which the token's user asks, as they are
// now, and reads what their log-in has just written: UNAUTHENTICATED if the token
// is bad or has run out, or its log-in has ended, which the primary has to say. One
// statement.
func (a *Accounts) Authenticate(ctx context.Context, token string) (context.Context, error) {
	key, login, err := a.Auth.Read(token)
	if err != nil {
		return nil, err
	}
	user, wrote, stale, err := a.known(ctx, key, login)
	if errors.Is(err, sqldb.ErrElsewhere) {
		user, wrote, stale, err = a.known(ctx, key, login)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case user == nil && stale:
		return nil, sqldb.Away() // which alone knows of a log-in that has just begun
	case user == nil:
		return nil, auth.Refused()
	}
	ctx = context.WithValue(sqldb.After(ctx, wrote), viewerKey{}, user)
	return auth.With(ctx, &auth.Viewer{Key: key, Admin: user.Role == RoleAdmin, Login: login, Stale: stale}), nil
}

// known is the user of a log-in, nil where it has ended, and what that has
// written; stale where the primary could not be asked.
func (a *Accounts) known(ctx context.Context, key, login int64) (user *User, wrote sqldb.Position, stale bool, err error) {
	condition := sqldb.Term{
		SQL:  "t.id = ? AND EXISTS (SELECT 1 FROM logins l WHERE l.id = ? AND l.user_id = t.id)",
		Args: []any{key, login},
	}
	ctx, stale = a.DB.Foremost(ctx)
	if stale || !a.DB.Replicated() {
		user, err = Users.Find(ctx, a.DB, condition)
	} else {
		user, err = Users.FindBeside(ctx, a.DB, auth.Wrote(login), &wrote, condition)
	}
	return user, wrote, stale, err
}

// Standing are the viewers of those of the log-ins that have not ended, by the
// log-in, as they are now. One statement.
func (a *Accounts) Standing(ctx context.Context, logins []int64) (map[int64]*auth.Viewer, error) {
	standing := make(map[int64]*auth.Viewer, len(logins))
	var v auth.Viewer
	var role Role
	among := a.DB.AmongKeys("l.id", logins)
	return standing, a.DB.ReadAll(ctx, "SELECT l.id, u.id, u.role FROM logins l JOIN users u ON u.id = l.user_id WHERE "+among.SQL, among.Args,
		func() { standing[v.Login] = &auth.Viewer{Key: v.Key, Admin: role == RoleAdmin, Login: v.Login} }, &v.Login, &v.Key, &role)
}

// Viewer is the user who asks, nil where nobody is logged in.
func Viewer(ctx context.Context) *User {
	user, _ := ctx.Value(viewerKey{}).(*User)
	return user
}

// The rules of a user, beside the address and the password.
var username = func(c *checks, field, v string) string { return word(3, 30, "_-")(c, field, strings.TrimSpace(v)) }

// CreateUserInput is a new user.
type CreateUserInput struct {
	Username string
	Email    string
	Password auth.Password
	Role     Role
}

// SignUpInput is a new user of their own making.
type SignUpInput struct {
	Username string
	Email    string
	Password auth.Password
}

// LogInInput is who a user says to be, and the proof of it.
type LogInInput struct {
	Email    string
	Password auth.Password
}

// AuthPayload is a log-in and its user.
type AuthPayload struct {
	auth.Tokens
	User *User
}

// Viewer is the user as the one who asks.
func (p *AuthPayload) Viewer() *auth.Viewer {
	return &auth.Viewer{Key: p.User.Key, Admin: p.User.Role == RoleAdmin}
}

// Create makes a user.
func (a *Accounts) Create(ctx context.Context, in CreateUserInput) (*User, error) {
	draft := new(User)
	if err := in.apply(draft); err != nil {
		return nil, err
	}
	hash, err := a.Auth.Hash(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	return Users.Create(ctx, a.DB, func(u *User) error {
		u.Password = hash
		return in.apply(u)
	})
}

func (in CreateUserInput) apply(u *User) error {
	c := checks{path: "input"}
	u.Username = username(&c, "username", in.Username)
	u.Email = address(&c, "email", in.Email)
	password(&c, "password", in.Password)
	u.Role = in.Role
	return c.faults.Err()
}

// SignUp makes a user and logs them in.
func (a *Accounts) SignUp(ctx context.Context, in SignUpInput) (p *AuthPayload, err error) {
	defer a.Metrics.LogIn(observe.SignUp, &err)
	if err := a.Try(ctx, normalAddress(in.Email)); err != nil {
		return nil, err
	}
	user, err := a.Create(ctx, CreateUserInput{in.Username, in.Email, in.Password, RoleUser})
	if err != nil {
		return nil, err
	}
	return a.begin(ctx, user)
}

// LogIn begins a log-in. It says the same, and takes the same time, whether the
// address or the password is wrong.
func (a *Accounts) LogIn(ctx context.Context, in LogInInput) (p *AuthPayload, err error) {
	defer a.Metrics.LogIn(observe.LogIn, &err)
	email := normalAddress(in.Email)
	if err := a.Try(ctx, email); err != nil {
		return nil, err
	}
	if strings.ContainsRune(email, 0) {
		email = "" // which nobody has; PostgreSQL takes no NUL
	}
	user, err := Users.Find(ctx, a.DB, sqldb.Term{SQL: "t.email = ?", Args: []any{email}})
	if err != nil {
		return nil, err
	}
	known := user
	if user == nil {
		known = new(User) // whose hash nothing matches
	}
	matches, err := a.Auth.Matches(ctx, known.Password, in.Password)
	if err != nil {
		return nil, err
	}
	if user == nil || !matches {
		return nil, fault.New(fault.Unauthenticated, "The e-mail or the password is wrong.")
	}
	return a.begin(ctx, user)
}

func (a *Accounts) begin(ctx context.Context, user *User) (*AuthPayload, error) {
	tokens, err := a.Auth.Begin(ctx, user.Key)
	return &AuthPayload{Tokens: tokens, User: user}, err
}

// Refresh trades a refresh token for the next two.
func (a *Accounts) Refresh(ctx context.Context, token string) (p *AuthPayload, err error) {
	defer a.Metrics.LogIn(observe.Refresh, &err)
	if err := a.Try(ctx, a.Auth.Subject(token)); err != nil {
		return nil, err
	}
	tokens, key, err := a.Auth.Refresh(ctx, token)
	if err != nil {
		return nil, err
	}
	user, err := Users.Find(ctx, a.DB, sqldb.Term{SQL: "t.id = ?", Args: []any{key}})
	return &AuthPayload{Tokens: tokens, User: user}, err
}

// LogOut ends the viewer's log-in, or all of theirs.
func (a *Accounts) LogOut(ctx context.Context, everywhere bool) (bool, error) {
	viewer := auth.From(ctx)
	if everywhere {
		return true, a.Auth.EndAll(ctx, viewer.Key)
	}
	return true, a.Auth.End(ctx, viewer.Login)
}
