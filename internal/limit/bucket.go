package limit

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"stoa/internal/scalar"
)

// maxClients is how many clients a budget remembers; of more, those that have
// not been heard of for longest start anew.
const maxClients = 100_000

// Budget is what each client may spend: points a minute, from a bucket that
// refills evenly. It is safe for concurrent use.
type Budget interface {
	// Take spends the client's points if there are enough.
	Take(ctx context.Context, client string, cost int) Spent
	// Clients is how many are remembered here.
	Clients() int
}

// Spent is what became of a client's wish to spend.
type Spent struct {
	Limit     int
	Cost      int
	Remaining int
	// Full is how long it takes until the bucket is full again, and ResetAt when
	// that will be.
	Full    time.Duration
	ResetAt scalar.Time
	// Wait is how long it takes until there are enough points, 0 if there were.
	// For what costs more than a full bucket there never are.
	Wait time.Duration
}

// OK tells whether there were enough points; if not, none were taken.
func (s Spent) OK() bool { return s.Wait == 0 }

// rate is points a minute, and the size of a bucket.
type rate int

// lasting is how long it takes to refill the points, of which a bucket holds no
// more than its size.
func (r rate) lasting(points float64) time.Duration {
	return time.Duration(math.Ceil(min(points/float64(r), 1) * float64(time.Minute)))
}

// spent tells of a wish that leaves so many points, and was granted unless it has
// to wait.
func (r rate) spent(cost int, left float64, now time.Time, wait time.Duration) Spent {
	full := r.lasting(float64(r) - left)
	return Spent{
		Limit: int(r), Cost: cost, Remaining: int(left), Wait: wait,
		Full: full, ResetAt: scalar.TimeOf(now.Add(full)),
	}
}

// bucket is what a client has, as of an instant.
type bucket struct {
	points float64
	at     time.Time
}

// refill adds the points of the time that has passed, until there are as many
// as most.
func (b *bucket) refill(r rate, most float64, now time.Time) {
	if passed := now.Sub(b.at); passed > 0 {
		b.points = min(most, b.points+passed.Minutes()*float64(r))
		b.at = now
	}
}

// Buckets are a Budget of this process alone.
type Buckets struct {
	rate     rate
	now      func() time.Time
	mu       sync.Mutex
	byClient *simplelru.LRU[string, *bucket]
}

// NewBuckets returns full buckets of so many points a minute. Now is time.Now
// but in tests.
func NewBuckets(perMinute int, now func() time.Time) *Buckets {
	return &Buckets{rate: rate(perMinute), now: now, byClient: newClients[*bucket]()}
}

func newClients[T any]() *simplelru.LRU[string, T] {
	// The only error is a size that is not positive.
	clients, _ := simplelru.NewLRU[string, T](maxClients, nil)
	return clients
}

// Take spends the client's points if there are enough.
func (b *Buckets) Take(_ context.Context, client string, cost int) Spent {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	have := b.of(client, now)
	if missing := float64(cost) - have.points; missing > 0 {
		return b.rate.spent(cost, have.points, now, b.rate.lasting(missing))
	}
	have.points -= float64(cost)
	return b.rate.spent(cost, have.points, now, 0)
}

// Clients is how many are remembered.
func (b *Buckets) Clients() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.byClient.Len()
}

// of is the client's bucket as it is now.
func (b *Buckets) of(client string, now time.Time) *bucket {
	have, ok := b.byClient.Get(client)
	if !ok {
		have = &bucket{points: float64(b.rate), at: now}
		b.byClient.Add(client, have)
	}
	have.refill(b.rate, float64(b.rate), now)
	return have
}
