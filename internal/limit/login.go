package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"stoa/internal/fault"
)

// Logins bounds how often one may try to log in, sign up or refresh: by address
// and by whom one says to be.
type Logins struct{ budget Budget }

// NewLogins returns a bound of as many tries as the budget has points, for each.
func NewLogins(b Budget) *Logins { return &Logins{b} }

// Try counts a try from the context's address and for the account, and is
// RATE_LIMITED when either has had too many.
func (l *Logins) Try(ctx context.Context, account string) error {
	// Anything may be said to be an account: any text, of any length.
	known := sha256.Sum256([]byte(account))
	for _, key := range []string{"log-in from " + AddressFrom(ctx), "log-in to " + hex.EncodeToString(known[:])} {
		if spent := l.budget.Take(ctx, key, 1); !spent.OK() {
			return fault.New(fault.RateLimited, "Too many tries to log in; wait a moment.").After(spent.Wait)
		}
	}
	return nil
}
