package store

import (
	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// User is somebody with an account. The e-mail and the role are shown to some
// only, and the password's hash to nobody.
type User struct {
	sqldb.Row[User]
	Username string
}

// Fields names the columns of a user that anyone may see.
func (u *User) Fields(f *sqldb.Fields) {
	f.Add("username", &u.Username)
}

// The users, and how they hang together with the rest.
var (
	Users          = sqldb.NewTable[User]("users")
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
		sqldb.Cmp(w, "lower(t.username) = ?", folded(f.Username)),
		roleTerm(w, f.Role),
		w.Words("search", f.Search),
		sqldb.Cmp(w, "t.created_at >= ?", f.CreatedAfter),
		sqldb.Cmp(w, "t.created_at < ?", f.CreatedBefore),
	}
}

// roleTerm is for admins, of whom nobody can be one without logging in.
func roleTerm(w *sqldb.Where, role *Role) sqldb.Term {
	if role == nil {
		return sqldb.Term{}
	}
	w.Refuse(&fault.Error{
		Code: fault.Unauthenticated, Field: "role",
		Message: "Only admins may filter users by their role.",
	})
	return sqldb.Cmp(w, "t.role = ?", role)
}

// folded is the text as a username is compared: letter case is ignored.
func folded(text *string) *string {
	if text == nil {
		return nil
	}
	key := scalar.Fold(*text)
	return &key
}
