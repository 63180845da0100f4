package limit

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"stoa/internal/sqldb"
)

// NewShared returns buckets of so many points a minute that are kept in the
// database. Now is time.Now but in tests.
func NewShared(db *sqldb.DB, perMinute int, now func() time.Time, log *slog.Logger) *Shared {
	return newShared(&table{db: db}, perMinute, now, log)
}

// table is the bank in the database. The database's clock refills the buckets,
// so those of the instances need not agree. A bucket that nobody has taken from
// for a minute is full: its row is of no use.
type table struct {
	db    *sqldb.DB
	asked atomic.Int64
}

// granted is how much of what is there is leased.
const granted = `
	LATERAL (SELECT CASE WHEN there >= need THEN greatest(need, block) ELSE block END) wish (amount),
	LATERAL (SELECT CASE WHEN there < amount + block THEN there ELSE amount END) granted (lease)`

// leasing is one statement, so that of several at once each sees what the others
// have taken. A client without a row has a full bucket.
const leasing = `
WITH ask (client, size, back, need, block) AS (VALUES (?::text, ?::float8, ?::float8, ?::float8, ?::float8))
INSERT INTO budgets AS b (client, points, leased, at)
SELECT client, there - lease, lease, now() FROM ask,
	LATERAL (SELECT size) bucket (there),` + granted + `
ON CONFLICT (client) DO UPDATE SET (points, leased, at) = (
	SELECT there - lease, lease, greatest(b.at, now()) FROM ask,
	LATERAL (SELECT greatest(0, extract(epoch FROM now() - b.at)::float8) / 60) passed (minutes),
	LATERAL (SELECT least(size, b.points + back + size * minutes)) bucket (there),` + granted + `
)
RETURNING leased, points`

// sweeping removes some rows whose buckets are full, but those at work.
const sweeping = `
DELETE FROM budgets WHERE client IN (
	SELECT client FROM budgets WHERE at < now() - interval '1 minute' ORDER BY at LIMIT 2000 FOR UPDATE SKIP LOCKED
)`

// sweepEvery is how many leases follow each other before rows are removed: far
// fewer than are removed then, so those left over do not add up.
const sweepEvery = 500

func (t *table) lease(ctx context.Context, client string, r rate, back, need, block float64) (took, left float64, err error) {
	_, err = t.db.Alone(ctx, leasing, []any{client, float64(r), back, need, block}, &took, &left)
	if t.asked.Add(1)%sweepEvery == 0 {
		_, _ = t.db.Alone(ctx, sweeping, nil) // what it leaves is there the next time
	}
	return took, left, err
}
