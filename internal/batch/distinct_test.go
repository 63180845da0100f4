package batch

import (
	"slices"
	"testing"
)

// Few keys and many are told apart alike.
func TestDistinct(t *testing.T) {
	for _, n := range []int64{0, 1, few, few + 1, 10 * few} {
		var rows, want []int64
		for i := range n {
			rows = append(rows, i%7, 0, i)
		}
		for i, k := range rows {
			if k != 0 && slices.Index(rows, k) == i {
				want = append(want, k)
			}
		}
		if got := distinct(rows, func(k int64) int64 { return k }); !slices.Equal(got, want) {
			t.Errorf("of %d rows: got %v, want %v", len(rows), got, want)
		}
	}
}
