package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// newService is a service whose keys are made of the letters.
func newService(t *testing.T, db *sqldb.DB, letters ...string) *auth.Service {
	t.Helper()
	o := auth.Options{TokenTTL: time.Hour, RefreshTTL: time.Hour, Cost: bcrypt.MinCost}
	for _, letter := range letters {
		o.Keys = append(o.Keys, []byte(strings.Repeat(letter, auth.MinKey)))
	}
	service, err := auth.New(db, o)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

func TestMatches(t *testing.T) {
	service := newService(t, nil, "k")
	longest := auth.Password(strings.Repeat("x", auth.MaxPassword))
	for _, c := range []struct {
		kept, given auth.Password
		want        bool
	}{
		{"password", "password", true},
		{"password", "Password", false},
		{"password", "password ", false},
		{"password", "", false},
		{"password", "password\x00password", false},
		{longest, longest, true},
		{longest, longest + "x", false},
		{longest, longest[1:], false},
	} {
		hash, err := service.Hash(t.Context(), c.kept)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := service.Matches(t.Context(), hash, c.given); got != c.want || err != nil {
			t.Errorf("%d bytes kept, %d given: %v, %v", len(c.kept), len(c.given), got, err)
		}
	}
	for _, nobodys := range []auth.Hash{"", "nonsense", "$2a$"} {
		for _, p := range []auth.Password{"nobody", "password", ""} {
			if got, err := service.Matches(t.Context(), nobodys, p); got || err != nil {
				t.Errorf("%d bytes match nobody's hash: %v, %v", len(p), got, err)
			}
		}
	}
}

// TestMatchesWorksForNobody: without a hash it compares too, as what that
// allocates shows.
func TestMatchesWorksForNobody(t *testing.T) {
	service := newService(t, nil, "k")
	hash, err := service.Hash(t.Context(), "password")
	if err != nil {
		t.Fatal(err)
	}
	compare := testing.AllocsPerRun(10, func() { _ = bcrypt.CompareHashAndPassword([]byte(hash), []byte("Password")) })
	for _, h := range []auth.Hash{hash, "", "nonsense"} {
		matches := testing.AllocsPerRun(10, func() { _, _ = service.Matches(t.Context(), h, "Password") })
		if matches < compare/2 { // what else runs may allocate too
			t.Errorf("with a hash of %d bytes %v allocations, a comparison makes %v", len(h), matches, compare)
		}
	}
}

// TestLogInHashesForNobodyToo: whether or not there is such a user, a log-in
// waits for its turn to hash.
func TestLogInHashesForNobodyToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		service := newService(t, db, "k")
		accounts := &store.Accounts{DB: db, Auth: service}
		if err := accounts.EnsureAdmin(t.Context(), "root@example.com", "password"); err != nil {
			t.Fatal(err)
		}
		logIn := func(ctx context.Context, email string) fault.Code {
			_, err := accounts.LogIn(ctx, store.LogInInput{Email: email, Password: "Password"})
			return fault.Of(err)[0].Code
		}
		emails := []string{"root@example.com", "nobody@example.com", "", "\x00"}
		giveBack := service.TakeTurns()
		for _, email := range emails {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			if code := logIn(ctx, email); code != fault.Timeout {
				t.Errorf("%q: %s without a turn", email, code)
			}
			cancel()
		}
		giveBack()
		for _, email := range emails {
			if code := logIn(t.Context(), email); code != fault.Unauthenticated {
				t.Errorf("%q: %s", email, code)
			}
		}
	})
}

// TestWaitingEndsWithTheContext, and hashes nothing.
func TestWaitingEndsWithTheContext(t *testing.T) {
	service := newService(t, nil, "k")
	defer service.TakeTurns()()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if hash, err := service.Hash(ctx, "password"); hash != "" || fault.Of(err)[0].Code != fault.Timeout {
		t.Errorf("%d bytes, %v", len(hash), err)
	}
	if ok, err := service.Matches(ctx, "", "password"); ok || fault.Of(err)[0].Code != fault.Timeout {
		t.Errorf("%v, %v", ok, err)
	}
}

// TestSecretsPrintAsNothing, whichever way they get into a text or a log line.
func TestSecretsPrintAsNothing(t *testing.T) {
	var b strings.Builder
	log := slog.New(slog.NewTextHandler(&b, nil))
	for _, secret := range []any{auth.Password("correct horse"), auth.Hash("correct horse")} {
		fmt.Fprintf(&b, "%v %s %+v %v", secret, secret, secret, errors.New(fmt.Sprint(secret)))
		log.Info("x", "secret", secret)
	}
	auth.Password("correct horse").MarshalGQL(&b)
	if strings.Contains(b.String(), "horse") || !strings.Contains(b.String(), "hidden") {
		t.Error(b.String())
	}
}
