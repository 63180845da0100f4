package dbtest

import (
	"os"
	"testing"
)

// Need is for a test that lacks what it needs: it skips the test for the
// reason, or fails it where STOA_TEST_ALL=1 says that nothing may be skipped.
func Need(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("STOA_TEST_ALL") == "1" {
		t.Fatalf("%s (and STOA_TEST_ALL=1 lets no test be skipped)", reason)
	}
	t.Skip(reason)
}
