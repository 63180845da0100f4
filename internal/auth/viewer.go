// Package auth says who asks, and what they may. It alone sees passwords and
// tokens.
package auth

import (
	"context"

	"stoa/internal/fault"
)

// Viewer is the user who asks.
type Viewer struct {
	Key   int64 // the user's
	Admin bool
	Login int64 // the log-in by which they ask
	// Stale is that this was read from a replica, for want of the primary: the
	// log-in may have ended meanwhile.
	Stale bool
}

type viewerKey struct{}

// With returns a context in which the viewer asks.
func With(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// From returns the viewer of the context, nil where nobody is logged in.
func From(ctx context.Context) *Viewer {
	v, _ := ctx.Value(viewerKey{}).(*Viewer)
	return v
}

// Is tells whether the viewer, who may be nil, is the user with the key.
func (v *Viewer) Is(user int64) bool { return v != nil && v.Key == user }

// MaySee tells whether the viewer, who may be nil, is shown what is private to
// the user with the key.
func (v *Viewer) MaySee(user int64) bool { return v != nil && (v.Admin || v.Key == user) }

// LoggedIn is UNAUTHENTICATED unless somebody is logged in.
func LoggedIn(ctx context.Context) error {
	if From(ctx) == nil {
		return fault.New(fault.Unauthenticated, "Log in first.")
	}
	return nil
}

// Admin is UNAUTHENTICATED unless somebody is logged in, and FORBIDDEN unless
// they are an admin.
func Admin(ctx context.Context) error {
	if err := LoggedIn(ctx); err != nil {
		return err
	}
	if !From(ctx).Admin {
		return fault.New(fault.Forbidden, "Only admins may do this.")
	}
	return nil
}

// Owner is FORBIDDEN unless the viewer is an admin or the user with the key.
func Owner(ctx context.Context, user int64) error {
	if !From(ctx).MaySee(user) {
		return fault.New(fault.Forbidden, "Only its owner, or an admin, may do this.")
	}
	return nil
}
