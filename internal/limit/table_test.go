package limit_test

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/limit"
	"stoa/internal/sqldb"
)

// connected is one more instance's connection to the database, and the counter
// of its statements.
func connected(t *testing.T, url string) (*sqldb.DB, *dbtest.Counter) {
	t.Helper()
	counter := new(dbtest.Counter)
	return dbtest.Connect(t, sqldb.Options{URL: url, MaxConns: 4, Wrap: counter.Wrap}), counter
}

func shared(db *sqldb.DB, perMinute int) *limit.Shared {
	return limit.NewShared(db, perMinute, time.Now, slog.New(slog.DiscardHandler)).WaitForLeases()
}

// spend asks for cost, by so many at once, until count have been refused; it
// tells how many points were granted, and how many requests there were.
func spend(t *testing.T, b limit.Budget, cost, count int) (granted, requests int64) {
	var points, asked, refused atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for refused.Load() < int64(count) {
				asked.Add(1)
				if b.Take(t.Context(), "client", cost).OK() {
					points.Add(int64(cost))
				} else {
					refused.Add(1)
				}
			}
		})
	}
	all.Wait()
	return points.Load(), asked.Load()
}

// TestTwoServers on one database share a budget within 2 %, by far fewer
// statements than requests; another client's is whole.
func TestTwoServers(t *testing.T) {
	const perMinute, block, cost = 60_000, 600, 12
	url := dbtest.URL(t, dbtest.Postgres)
	var granted, requests, statements atomic.Int64
	var both sync.WaitGroup
	begun := time.Now()
	var last limit.Budget
	for range 2 {
		db, counter := connected(t, url)
		b := shared(db, perMinute)
		last = b
		both.Go(func() {
			points, asked := spend(t, b, cost, 2000)
			granted.Add(points)
			requests.Add(asked)
			statements.Add(int64(len(counter.Statements())))
		})
	}
	both.Wait()
	refilled := time.Since(begun).Minutes() * perMinute
	if got := float64(granted.Load()); got < 0.98*perMinute || got > 1.02*(perMinute+refilled) {
		t.Errorf("granted %.0f points of %d and %.0f more", got, perMinute, refilled)
	}
	if most := (perMinute+int64(refilled))/(block-cost) + 10; statements.Load() > 2*most || requests.Load() < perMinute/cost {
		t.Errorf("%d statements for %d requests", statements.Load(), requests.Load())
	}
	if got := last.Take(t.Context(), "another", perMinute); !got.OK() {
		t.Errorf("another's exhaustion refuses a client: %+v", got)
	}
}

// TestTwoServersCountTries to log in together.
func TestTwoServersCountTries(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	one, _ := connected(t, url)
	two, _ := connected(t, url)
	both := []*limit.Logins{limit.NewLogins(shared(one, 10)), limit.NewLogins(shared(two, 10))}
	begun, granted := time.Now(), 0
	for n := range 30 {
		ctx := limit.WithAddress(t.Context(), strconv.Itoa(n))
		if both[n%2].Try(ctx, "ann@example.com") == nil {
			granted++
		}
	}
	if most := 10 + int(time.Since(begun)/(6*time.Second)); granted < 10 || granted > most {
		t.Errorf("%d tries of %d", granted, most)
	}
}

// TestTheBucketInTheDatabase refills evenly, by the database's clock, up to its
// size; what is given back counts.
func TestTheBucketInTheDatabase(t *testing.T) {
	const perMinute = 100 // few, so that the time that the test takes is none
	db := dbtest.Open(t, dbtest.Postgres)
	ahead := time.Now().Add(24 * time.Hour)
	now := func() time.Time { return ahead } // by its own clock no time passes
	b := limit.NewShared(db, perMinute, now, slog.New(slog.DiscardHandler)).WaitForLeases()
	take := func(cost, left int, ok bool) {
		t.Helper()
		got := b.Take(t.Context(), "client", cost)
		if late := got.Remaining - left; got.OK() != ok || late < 0 || late > 20 {
			t.Errorf("%+v, want %d left, %v", got, left, ok)
		}
	}
	pass := func(d time.Duration) {
		ahead = ahead.Add(time.Hour) // the lease has ended, whatever it thinks of the others
		if _, err := db.Alone(t.Context(), "UPDATE budgets SET at = at - ?::float8 * interval '1 second'", []any{d.Seconds()}); err != nil {
			t.Fatal(err)
		}
	}
	take(101, 100, false)
	take(100, 0, true)
	pass(30 * time.Second)
	take(40, 10, true)
	pass(-30 * time.Second) // a clock set back takes nothing away, and gives nothing
	take(5, 5, true)
	pass(30 * time.Second)
	take(1, 4, true)
	pass(time.Hour)
	take(60, 40, true)
	pass(0)
	take(99, 40, false)
	take(1, 39, true)
}

// TestRowsGo once their buckets are full, without anybody who takes care of it.
func TestRowsGo(t *testing.T) {
	db := dbtest.Open(t, dbtest.Postgres)
	_, err := db.Alone(t.Context(), `INSERT INTO budgets (client, points, leased, at)
		SELECT 'old ' || n, 5, 5, now() - interval '61 seconds' FROM generate_series(1, 1500) n`, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := shared(db, 600)
	for n := range 500 {
		if got := b.Take(t.Context(), strconv.Itoa(n), 1); !got.OK() {
			t.Fatalf("%+v", got)
		}
	}
	var old, fresh int
	_, err = db.Read(t.Context(), "SELECT count(*) FILTER (WHERE client LIKE 'old%'), count(*) FILTER (WHERE client NOT LIKE 'old%') FROM budgets", nil, &old, &fresh)
	if err != nil || old != 0 || fresh != 500 {
		t.Errorf("%d old and %d fresh rows, %v", old, fresh, err)
	}
}

// TestLeasesInATransaction stand whatever becomes of it, and are none of its
// statements.
func TestLeasesInATransaction(t *testing.T) {
	db := dbtest.Open(t, dbtest.Postgres)
	b := shared(db, 100)
	ctx, tally := sqldb.WithTally(t.Context())
	ctx = sqldb.Observe(ctx, func(text string, _ []any) { t.Errorf("observed %s", text) })
	err := db.Transact(ctx, func(ctx context.Context) error {
		b.Take(ctx, "client", 70)
		return sqldb.ErrAborted
	})
	if err != sqldb.ErrAborted || tally.Statements() != 0 {
		t.Errorf("%v, %d statements", err, tally.Statements())
	}
	if got := shared(db, 100).Take(t.Context(), "client", 80); got.OK() {
		t.Errorf("what was spent came back: %+v", got)
	}
}

// TestTheDatabaseAway: its loss refuses nobody.
func TestTheDatabaseAway(t *testing.T) {
	db, _ := connected(t, dbtest.URL(t, dbtest.Postgres))
	b := shared(db, 1000)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := b.Take(t.Context(), "client", 1000); !got.OK() {
		t.Errorf("%+v", got)
	}
	if got := b.Take(t.Context(), "client", 1000); got.OK() {
		t.Errorf("without the database there is no bound: %+v", got)
	}
}

// BenchmarkLease is what a client's first request pays, and then one of many.
func BenchmarkLease(b *testing.B) {
	budget := shared(dbtest.Open(b, dbtest.Postgres), 60_000)
	for n := 0; b.Loop(); n++ {
		budget.Take(b.Context(), strconv.Itoa(n), 1)
	}
}
