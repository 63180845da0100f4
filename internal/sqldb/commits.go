package sqldb

import "sync"

// commits are those who are told of the commits of this process.
type commits struct {
	mu    sync.Mutex
	wakes map[*func()]bool
}

// tell has wake called after each commit until stop is.
func (c *commits) tell(wake func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wakes == nil {
		c.wakes = map[*func()]bool{}
	}
	c.wakes[&wake] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.wakes, &wake)
	}
}

// done is called after a commit.
func (c *commits) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for wake := range c.wakes {
		(*wake)()
	}
}
