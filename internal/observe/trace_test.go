package observe

import "testing"

// What is not traced costs nothing.
func TestUntracedPartsDoNotAllocate(t *testing.T) {
	ctx := t.Context()
	text := "SELECT 1"
	n := testing.AllocsPerRun(100, func() {
		statement, ended := Statement(ctx, text)
		ended(nil)
		if statement != ctx {
			t.Error("another context")
		}
		_, ended = Batch(ctx, len(text))
		ended(nil)
	})
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestBatchesAreCounted(t *testing.T) {
	ctx, count := WithBatches(t.Context())
	for range 3 {
		_, ended := Batch(ctx, 7)
		ended(nil)
	}
	if got := count.Load(); got != 3 {
		t.Errorf("got %d", got)
	}
}
