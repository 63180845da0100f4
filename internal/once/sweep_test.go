package once_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// TestOldAnswersAreRemoved as new ones come, and those that are good are not.
func TestOldAnswersAreRemoved(t *testing.T) {
	const each = 700 // of which one in 64 removes
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		n := uint64(0)
		keep := func(age time.Duration) {
			t.Helper()
			err := db.Transact(t.Context(), func(ctx context.Context) error {
				for range each {
					n++
					_, err := db.Exec(ctx, "INSERT INTO idempotency (key, at, answer) VALUES (?, ?, ?)",
						binary.BigEndian.AppendUint64(nil, n), scalar.TimeOf(time.Now().Add(-age)), []byte("x"))
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		keep(25 * time.Hour)
		keep(23 * time.Hour)
		keep(0)
		var all, old int
		day := scalar.TimeOf(time.Now().Add(-24 * time.Hour))
		if _, err := db.Read(t.Context(), "SELECT count(*), count(CASE WHEN at < ? THEN 1 END) FROM idempotency", []any{day}, &all, &old); err != nil {
			t.Fatal(err)
		}
		if all != 2*each || old != 0 {
			t.Errorf("%d answers are kept, %d of them too old", all, old)
		}
	})
}
