package sqldb

import (
	"errors"
	"testing"
)

// among takes the one place and has guests of the costs wait for it, 0 for what is
// no dear query.
func among(p *places, costs ...int) (waiters []*waiter) {
	p.most = 1
	p.vacant()
	for _, cost := range costs {
		var g *guest
		if cost > 0 {
			g = &guest{cost: cost}
		}
		waiters = append(waiters, p.await(g))
	}
	return waiters
}

// served gives the place back until nobody waits, and returns who has got it, in
// their order.
func served(p *places, waiters []*waiter) (order []int) {
	var last *guest
	for range waiters {
		p.release(last)
		for i, w := range waiters {
			select {
			case err := <-w.told:
				if err == nil {
					last = w.guest
					order = append(order, i)
				}
			default:
			}
		}
	}
	return order
}

func checkOrder(t *testing.T, got []int, want ...int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestTheCheapestHasThePlaceFirst(t *testing.T) {
	var p places
	waiters := among(&p, 900, 0, 60, 900, 0, 3000, 60)
	checkOrder(t, served(&p, waiters), 1, 4, 2, 6, 0, 3, 5)
	if out, dear := p.used(); out != 1 || dear != 1 {
		t.Errorf("%d places are taken, %d of them by dear queries", out, dear)
	}
	p.release(waiters[5].guest)
	if out, dear := p.used(); out != 0 || dear != 0 || p.await(nil) != nil {
		t.Error("somebody has to wait although there is a place")
	}
}

func TestWhoLeavesGetsNoPlace(t *testing.T) {
	var p places
	waiters := among(&p, 0, 0, 0)
	if !p.leave(waiters[1]) || p.leave(waiters[1]) {
		t.Error("the wait ends twice, or not at all")
	}
	checkOrder(t, served(&p, waiters), 0, 2)
	if p.leave(waiters[2]) {
		t.Error("one who has a place still waits")
	}
}

// The dearest go first, whoever has begun and whoever is no dear query stays.
func TestTheDearestAreRefusedFirst(t *testing.T) {
	for _, test := range []struct {
		points int64
		stay   []int
	}{
		{0, []int{1, 0, 2, 3, 4}}, {1, []int{1, 0, 2, 4}}, {3000, []int{1, 0, 2, 4}}, {3001, []int{1, 0, 4}}, {1_000_000, []int{1, 4}},
	} {
		var p places
		waiters := among(&p, 60, 0, 900, 3000, 4000)
		waiters[4].guest.served.Store(true)
		n := p.refuse(test.points)
		if n != len(waiters)-len(test.stay) {
			t.Errorf("%d points: %d were refused", test.points, n)
		}
		for _, w := range waiters {
			if w.guest != nil && w.guest.refused.Load() && !errors.Is(<-w.told, errShed) {
				t.Error("it was not told so")
			}
		}
		checkOrder(t, served(&p, waiters), test.stay...)
	}
}
