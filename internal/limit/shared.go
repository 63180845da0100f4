package limit

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// A lease is a hundredth of the bucket, two at the most where they are the
	// last, or what a request needs: no more than that hundredth or two is out of
	// the reach of other instances.
	leases = 100
	// leaseLife is how long a lease is spent from before what is left of it goes
	// back for another, and the bucket is looked at again.
	leaseLife = 10 * time.Second
	// patience is how long a lease is waited for, and rest how long none is asked
	// for after one that failed.
	patience = time.Second
	rest     = 2 * time.Second
)

// Shared is a Budget of all instances on one database. A client's points are
// taken from the bucket there in leases, from which requests are paid here: most
// need no statement. While the database is away each instance counts by itself.
type Shared struct {
	rate  rate
	block float64 // of points: the size of a lease
	now   func() time.Time
	log   *slog.Logger
	bank  bank

	patience time.Duration // with the bank

	mu       sync.Mutex
	byClient *simplelru.LRU[string, *lease]
	own      *Buckets
	resting  atomic.Int64 // until this instant, in Unix nanoseconds
}

// bank keeps the buckets that instances share.
type bank interface {
	// lease gives back points and takes others: as many as are needed or a
	// block, whichever is more; a block where there are not as many as are
	// needed; all where less than a block would be left. It tells how many it
	// took, and how many are left in the bucket: a block or more, or none.
	lease(ctx context.Context, client string, r rate, back, need, block float64) (took, left float64, err error)
}

// lease is what an instance holds of a client's points, and what it knows of the
// others. Locked while the bank is asked, so that requests of one client which
// come together ask once.
type lease struct {
	sync.Mutex
	held   float64
	others bucket
	ends   time.Time
}

func newShared(b bank, perMinute int, now func() time.Time, log *slog.Logger) *Shared {
	return &Shared{
		rate: rate(perMinute), block: float64(max(1, perMinute/leases)), now: now, log: log, bank: b,
		patience: patience, byClient: newClients[*lease](), own: NewBuckets(perMinute, now),
	}
}

// Take spends the client's points if there are enough.
func (s *Shared) Take(ctx context.Context, client string, cost int) Spent {
	l := s.of(client)
	l.Lock()
	defer l.Unlock()
	need, now := float64(cost), s.now()
	l.others.refill(s.rate, float64(s.rate)-l.held, now)
	if !now.Before(l.ends) || need > l.held && l.held+l.others.points >= max(need, s.block) {
		if !s.renew(ctx, l, client, need, now) {
			return s.own.Take(ctx, client, cost)
		}
	}
	have := l.held + l.others.points
	if need > l.held {
		// What has come back since there was nothing left is not worth a
		// statement until it is a block, and counts as there from then on.
		return s.rate.spent(cost, min(have, need-1), now, s.rate.lasting(max(need, s.block)-have))
	}
	l.held -= need
	return s.rate.spent(cost, have-need, now, 0)
}

// Clients is how many are remembered here.
func (s *Shared) Clients() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byClient.Len()
}

// of is the client's lease.
func (s *Shared) of(client string) *lease {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.byClient.Get(client)
	if !ok {
		l = new(lease)
		s.byClient.Add(client, l)
	}
	return l
}

// renew trades what is left of the lease for another; false if the bank does not
// answer.
func (s *Shared) renew(ctx context.Context, l *lease, client string, need float64, now time.Time) bool {
	if now.UnixNano() < s.resting.Load() {
		return false
	}
	// Others wait for it, so it does not end with the request.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
	defer cancel()
	took, left, err := s.bank.lease(ctx, client, s.rate, l.held, need, s.block)
	if err != nil {
		s.resting.Store(s.now().Add(rest).UnixNano())
		s.log.WarnContext(ctx, "budgets are not shared while the database does not answer", "error", err)
		return false
	}
	l.held, l.others, l.ends = took, bucket{left, now}, now.Add(leaseLife)
	return true
}
