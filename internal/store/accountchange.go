package store

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// UpdateUserInput is what to change of a user.
type UpdateUserInput struct {
	Username graphql.Omittable[*string]
	Email    graphql.Omittable[*string]
	Password graphql.Omittable[*auth.Password]
	Role     graphql.Omittable[*Role]
}

// keeping returns what writes the input, and the hash of its password, into the
// user.
func (in UpdateUserInput) keeping(hash auth.Hash) func(*User) error {
	return func(u *User) error {
		c := checks{path: "input"}
		set(&c, "username", in.Username, &u.Username, username)
		set(&c, "email", in.Email, &u.Email, address)
		set(&c, "password", in.Password, &u.Password, func(c *checks, field string, p auth.Password) auth.Hash {
			password(c, field, p)
			return hash
		})
		set(&c, "role", in.Role, &u.Role, func(_ *checks, _ string, r Role) Role { return r })
		return c.faults.Err()
	}
}

// Update changes the viewer or, for an admin, anybody. A new password ends all
// log-ins of the user.
func (a *Accounts) Update(ctx context.Context, id relay.ID, in UpdateUserInput, ifVersion *int) (*User, error) {
	viewer := auth.From(ctx)
	if in.Role.IsSet() && !viewer.Admin {
		return nil, fault.New(fault.Forbidden, "Only admins may change a role.")
	}
	key, wrong := Users.Key("id", id)
	if err := fault.Both(in.keeping("")(new(User)), wrong); err != nil {
		return nil, err
	}
	hash, renewed, err := a.newHash(ctx, in, viewer.MaySee(key))
	if err != nil {
		return nil, err
	}
	user, admins, err := lockUser(ctx, a.DB, key, in.demotes(), Users.Locked)
	if user == nil || err != nil {
		return nil, err
	}
	if in.demotes() && lastAdmin(user, admins) {
		return nil, adminNeeded("input.role")
	}
	err = Users.Amend(ctx, a.DB, user, sqldb.Edit[User]{Apply: in.keeping(hash), Allow: ownAccount, IfVersion: ifVersion})
	if err == nil && renewed {
		err = a.Auth.EndAll(ctx, user.Key)
	}
	return user, err
}

// newHash is that of a new password, if one is given by somebody who may.
func (a *Accounts) newHash(ctx context.Context, in UpdateUserInput, allowed bool) (hash auth.Hash, renewed bool, err error) {
	p, given := in.Password.ValueOK()
	if !given || !allowed {
		return "", false, nil
	}
	hash, err = a.Auth.Hash(ctx, *p)
	return hash, true, err
}

func (in UpdateUserInput) demotes() bool {
	role, given := in.Role.ValueOK()
	return given && role != nil && *role != RoleAdmin
}

// Delete removes the viewer or, for an admin, anybody, with their posts and
// likes.
func (a *Accounts) Delete(ctx context.Context, id relay.ID, ifVersion *int) (bool, error) {
	key, wrong := Users.Key("id", id)
	if wrong != nil {
		return false, wrong
	}
	user, admins, err := lockUser(ctx, a.DB, key, true, Users.LockedToRemove)
	if user == nil || err != nil {
		return false, err
	}
	err = Users.Remove(ctx, a.DB, user, sqldb.Edit[User]{Allow: ownAccount, IfVersion: ifVersion, Apply: func(u *User) error {
		if lastAdmin(u, admins) {
			return adminNeeded("id")
		}
		return a.takeLikesBack(ctx, u)
	}})
	return err == nil, err
}

// takeLikesBack lowers the counts of the posts that the user likes. They are
// locked in the order of their keys.
func (a *Accounts) takeLikesBack(ctx context.Context, u *User) error {
	liked, err := Posts.Locked(ctx, a.DB, sqldb.Term{
		SQL:  "t.user_id <> ? AND t.id IN (SELECT post_id FROM post_likes WHERE user_id = ?)",
		Args: []any{u.Key, u.Key},
	})
	if err != nil {
		return err
	}
	before := make([]*Post, len(liked))
	for i, post := range liked {
		as := *post
		before[i] = &as
		post.Likes--
	}
	return Posts.Save(ctx, a.DB, before, liked)
}

// locking locks the users of whom a condition holds.
type locking func(ctx context.Context, db *sqldb.DB, condition sqldb.Term) ([]*User, error)

// lockUser locks the user with the key, nil if there is none, and where asked
// all admins with them: in one order, whoever asks.
func lockUser(ctx context.Context, db *sqldb.DB, key int64, withAdmins bool, lock locking) (user *User, admins int, err error) {
	condition := "t.id = ?"
	if withAdmins {
		condition = "(t.id = ? OR t.role = 'ADMIN')"
	}
	locked, err := lock(ctx, db, sqldb.Term{SQL: condition, Args: []any{key}})
	for _, u := range locked {
		if u.Key == key {
			user = u
			Users.Together([]*User{u})
		}
		if u.Role == RoleAdmin {
			admins++
		}
	}
	return user, admins, err
}

func ownAccount(ctx context.Context, u *User) error { return auth.Owner(ctx, u.Key) }

func lastAdmin(u *User, admins int) bool { return u.Role == RoleAdmin && admins == 1 }

func adminNeeded(field string) *fault.Error {
	return fault.New(fault.Conflict, "The last admin has to stay one.").About(field, fault.InUse)
}
