package store

import (
	"context"
	"strconv"
	"strings"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
)

// CheckAdmin tells what is wrong with the address and the password of an admin
// who may have to be made: faults about admin.email and admin.password.
func CheckAdmin(email string, p auth.Password) fault.List {
	c := checks{path: "admin"}
	address(&c, "email", email)
	password(&c, "password", p)
	return c.faults
}

// EnsureAdmin makes an admin with the address and the password, or an admin of
// the user who has the address already. Where several instances of Stoa do so at
// once, one makes the account and the others find it.
func (a *Accounts) EnsureAdmin(ctx context.Context, email string, p auth.Password) error {
	for tries := 1; ; tries++ {
		err := a.ensureAdmin(ctx, email, p)
		// Taken: by another, since it was looked for.
		if err == nil || tries == 5 || fault.Of(err)[0].Reason != fault.Taken {
			return err
		}
	}
}

func (a *Accounts) ensureAdmin(ctx context.Context, email string, p auth.Password) error {
	return a.DB.Transact(ctx, func(ctx context.Context) error {
		users, err := Users.Locked(ctx, a.DB, sqldb.Term{SQL: "t.email = ?", Args: []any{normalAddress(email)}})
		if err != nil {
			return err
		}
		if len(users) == 0 {
			return a.makeAdmin(ctx, email, p)
		}
		before := *users[0]
		users[0].Role = RoleAdmin
		return Users.Save(ctx, a.DB, []*User{&before}, users)
	})
}

// makeAdmin makes an admin whose name is the beginning of the address, with a
// number where that is taken.
func (a *Accounts) makeAdmin(ctx context.Context, email string, p auth.Password) error {
	name, err := a.freeName(ctx, email)
	if err != nil {
		return err
	}
	_, err = a.Create(ctx, CreateUserInput{Username: name, Email: email, Password: p, Role: RoleAdmin})
	return err
}

func (a *Accounts) freeName(ctx context.Context, email string) (string, error) {
	local, _, _ := strings.Cut(normalAddress(email), "@")
	name := strings.Map(func(r rune) rune {
		if alphanumeric(r) || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, local)
	name = name[:min(len(name), 20)]
	if len(name) < 3 {
		name = "admin"
	}
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try += strconv.Itoa(n)
		}
		var one int
		taken, err := a.DB.Read(ctx, "SELECT 1 FROM users WHERE lower(username) = ?", []any{try}, &one)
		if err != nil || !taken {
			return try, err
		}
	}
}
