package limit

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"stoa/internal/scalar"
)

// maxClients is how many clients' buckets are kept; of more, those that have
// not been heard of for longest start anew.
const maxClients = 100_000

// Buckets are budgets of points a minute, one for each client, that refill
// evenly. They are safe for concurrent use.
type Buckets struct {
	limit    int
	now      func() time.Time
	mu       sync.Mutex
	byClient *simplelru.LRU[string, *bucket]
}

type bucket struct {
	points float64
	at     time.Time
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
	Wait time.Duration
}

// OK tells whether there were enough points; if not, none were taken.
func (s Spent) OK() bool { return s.Wait == 0 }

// NewBuckets returns full buckets of limit points a minute. Now is time.Now but
// in tests.
func NewBuckets(limit int, now func() time.Time) *Buckets {
	// The only error is a size that is not positive.
	byClient, _ := simplelru.NewLRU[string, *bucket](maxClients, nil)
	return &Buckets{limit: limit, now: now, byClient: byClient}
}

// Take spends the client's points if there are enough.
func (b *Buckets) Take(client string, cost int) Spent {
	b.mu.Lock()
	defer b.mu.Unlock()
	have := b.refilled(client)
	spent := Spent{Limit: b.limit, Cost: cost}
	if missing := float64(cost) - have.points; missing > 0 {
		spent.Wait = b.lasting(missing)
	} else {
		have.points -= float64(cost)
	}
	spent.Remaining = int(have.points)
	spent.Full = b.lasting(float64(b.limit) - have.points)
	spent.ResetAt = scalar.TimeOf(have.at.Add(spent.Full))
	return spent
}

// refilled is the client's bucket as it is now.
func (b *Buckets) refilled(client string) *bucket {
	now := b.now()
	have, ok := b.byClient.Get(client)
	if !ok {
		have = &bucket{points: float64(b.limit), at: now}
		b.byClient.Add(client, have)
	}
	if passed := now.Sub(have.at); passed > 0 {
		have.points = math.Min(float64(b.limit), have.points+passed.Minutes()*float64(b.limit))
		have.at = now
	}
	return have
}

// lasting is how long it takes to refill the points.
func (b *Buckets) lasting(points float64) time.Duration {
	return time.Duration(math.Ceil(points / float64(b.limit) * float64(time.Minute)))
}
