package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// TestAdminsAtOnce: instances that start together on one new database agree on
// its first admin, also where their admins would have the same name.
func TestAdminsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		logins, err := auth.New(db, auth.Options{
			Keys: [][]byte{make([]byte, auth.MinKey)}, TokenTTL: time.Hour, RefreshTTL: time.Hour, Cost: bcrypt.MinCost,
		})
		if err != nil {
			t.Fatal(err)
		}
		const rounds = 10
		for n := range rounds {
			start, ended := make(chan struct{}), make(chan error)
			emails := []string{fmt.Sprintf("root%d@example.com", n), fmt.Sprintf("root%d@example.com", n), fmt.Sprintf("root%d@example.org", n)}
			for _, email := range emails {
				go func() {
					accounts := store.Accounts{DB: db, Auth: logins}
					<-start
					ended <- accounts.EnsureAdmin(t.Context(), email, "correct horse")
				}()
			}
			close(start)
			if err := errors.Join(<-ended, <-ended, <-ended); err != nil {
				t.Error(err)
			}
		}
		var admins int
		if _, err := db.Read(t.Context(), "SELECT count(*) FROM users WHERE role = ?", []any{store.RoleAdmin}, &admins); err != nil {
			t.Fatal(err)
		}
		if admins != 2*rounds {
			t.Errorf("there are %d admins, want %d", admins, 2*rounds)
		}
	})
}
