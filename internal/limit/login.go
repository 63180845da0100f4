package limit

import (
	"context"
	"time"

	"stoa/internal/fault"
)

// Logins bounds how often one may try to log in, sign up or refresh: by address
// and by whom one says to be.
type Logins struct{ buckets *Buckets }

// NewLogins returns a bound of so many tries a minute for each.
func NewLogins(perMinute int, now func() time.Time) *Logins {
	return &Logins{NewBuckets(perMinute, now)}
}

// Try counts a try from the context's address and for the account, and is
// RATE_LIMITED when either has had too many.
func (l *Logins) Try(ctx context.Context, account string) error {
	for _, key := range []string{"address " + AddressFrom(ctx), "account " + account} {
		if spent := l.buckets.Take(key, 1); !spent.OK() {
			return fault.New(fault.RateLimited, "Too many tries to log in; wait a moment.").After(spent.Wait)
		}
	}
	return nil
}
