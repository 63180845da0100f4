package observe

import "testing"

// What is not traced costs nothing.
func TestUntracedRequestsDoNotAllocate(t *testing.T) {
	var none *Tracer
	ctx := t.Context()
	text := "SELECT 1"
	n := testing.AllocsPerRun(100, func() {
		request, done := none.Begin(ctx, nil, text)
		done(Request{})
		if request != ctx {
			t.Error("another context")
		}
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
	if count.Count() != 3 || count.Keys() != 21 {
		t.Errorf("got %d of %d keys", count.Count(), count.Keys())
	}
}
