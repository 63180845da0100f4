package sqldb

import (
	"slices"
	"sync"
)

// places are as many as there may be connections out of a pool. A place that is
// given back goes to one who waits: the cheapest first and, of equals, whoever
// came first. Nobody waits while there is a free one.
type places struct {
	most int // 0: any number

	mu      sync.Mutex
	out     int
	dear    int       // of these, those that guests have
	waiting []*waiter // in the order in which they get places
}

// waiter is one who waits for a place.
type waiter struct {
	guest *guest
	told  chan error // once: nil for a place
}

// vacant takes a place if there is one.
func (p *places) vacant() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken(nil)
}

func (p *places) taken(g *guest) bool {
	if p.most > 0 && p.out == p.most {
		return false
	}
	p.out++
	p.count(g, 1)
	return true
}

func (p *places) count(g *guest, n int) {
	if g != nil {
		p.dear += n
	}
}

// await takes a place if there is one; if not, it returns one who waits.
func (p *places) await(g *guest) *waiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken(g) {
		return nil
	}
	w := &waiter{g, make(chan error, 1)}
	before, _ := slices.BinarySearchFunc(p.waiting, g.price()+1, func(w *waiter, cost int) int { return w.guest.price() - cost })
	p.waiting = slices.Insert(p.waiting, before, w)
	return w
}

// spare tells whether less than half of the places are taken.
func (p *places) spare() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.most == 0 || 2*p.out < p.most
}

// release gives a place back.
func (p *places) release(g *guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count(g, -1)
	if len(p.waiting) == 0 {
		p.out--
		return
	}
	p.count(p.waiting[0].guest, 1)
	p.waiting[0].told <- nil
	p.waiting = slices.Delete(p.waiting, 0, 1)
}

// leave ends the wait; false if the waiter has been told before.
func (p *places) leave(w *waiter) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.waiting, w)
	if i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	return i >= 0
}

// refuse ends the wait of dear queries that have not begun, the dearest first and of
// equals the last to come, until they are worth so many points or there are no
// more. It tells how many they were.
func (p *places) refuse(points int64) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.waiting) - 1; i >= 0 && points > 0; i-- {
		w := p.waiting[i]
		if w.guest == nil {
			break
		}
		if w.guest.served.Load() {
			continue
		}
		if !w.guest.refused.Swap(true) { // by another of its statements
			points -= int64(w.guest.cost)
			n++
		}
		w.told <- errShed
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	return n
}

// used is how many places are taken, and how many of them by guests.
func (p *places) used() (out, dear int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out, p.dear
}
