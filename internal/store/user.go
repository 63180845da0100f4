package store

import (
	"stoa/internal/auth"
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// User is somebody with an account. The e-mail and the role are shown to some
// only, and the password's hash to nobody.
type User struct {
	sqldb.Row[User]
	Username string
	Email    string
	Role     Role
	Password auth.Hash
}

// Fields names the user's columns.
func (u *User) Fields(f *sqldb.Fields) {
	f.Show("username", &u.Username)
	f.Show("email", &u.Email)
	f.Show("role", &u.Role)
	f.Show("password_hash", &u.Password)
}

// Derive adds the words by which the user is found.
func (u *User) Derive(add func(column string, value any)) {
	add("search", sqldb.Words(scalar.Words(u.Username)))
}

// EmailFor is the user's address as the viewer, who may be nil, sees it.
func (u *User) EmailFor(viewer *auth.Viewer) *string {
	if !viewer.MaySee(u.Key) {
		return nil
	}
	return &u.Email
}

// RoleFor is the user's role as the viewer, who may be nil, sees it.
func (u *User) RoleFor(viewer *auth.Viewer) *Role {
	if !viewer.MaySee(u.Key) {
		return nil
	}
	return &u.Role
}

// The users, and how they hang together with the rest.
var (
	Users = sqldb.NewTable[User]("users").
		Unique("users_username_key", "username", "lower(t.username) = ?", func(u *User) any { return scalar.Fold(u.Username) }).
		Unique("users_email", "email", "t.email = ?", func(u *User) any { return u.Email })
	UserPosts      = sqldb.ToMany(Users, Posts, "user_id")
	UserLikedPosts = sqldb.Through(Users, Posts, "post_likes", "user_id", "post_id")
)

// A list of users.
type (
	UserConnection = relay.Connection[User]
	UserEdge       = relay.Edge[User]
)

// Role is what a user may do.
type Role string

// The roles.
const (
	RoleUser  Role = "USER"
	RoleAdmin Role = "ADMIN"
)

// UserFilter says which users to keep; what is nil keeps all.
type UserFilter struct {
	sqldb.Combined[UserFilter]
	Username      *string
	Role          *Role
	Search        *string
	CreatedAfter  *scalar.Time
	CreatedBefore *scalar.Time
}

// Terms says what the filter keeps.
func (f *UserFilter) Terms(w *sqldb.Where) []sqldb.Term {
	return []sqldb.Term{
		sqldb.Is(w, "lower(t.username) = ?", folded(f.Username)),
		sqldb.Cmp(w, "t.role = ?", f.Role),
		w.Words("search", f.Search),
		sqldb.Cmp(w, "t.created_at >= ?", f.CreatedAfter),
		sqldb.Cmp(w, "t.created_at < ?", f.CreatedBefore),
	}
}

// folded is the text as a username is compared: letter case is ignored.
func folded(text *string) *string {
	if text == nil {
		return nil
	}
	key := scalar.Fold(*text)
	return &key
}
