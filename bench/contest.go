package main

import (
	"context"
	"fmt"
	"time"
)

// A contest is one server in one workload.
type contest struct {
	*bench
	workload workload
	server   *server
	requests [][]byte
}

func (b *bench) contest(w workload, s *server) *contest {
	c := &contest{bench: b, workload: w, server: s}
	for _, v := range b.cases[w.name] {
		c.requests = append(c.requests, s.request(w, v))
	}
	return c
}

// drive asks the server for some time.
func (c *contest) drive(connections int, d time.Duration) (load, error) {
	l, err := drive(c.server.address, c.requests, connections, d)
	if err != nil {
		return l, fmt.Errorf("%s: %w", c.server.name, err)
	}
	return l, nil
}

// warmUp has the server compile, prepare and open what it will need.
func (c *contest) warmUp() error {
	_, err := c.drive(connections, c.seconds/2)
	return err
}

// turn measures the server once: under the load, and then with one connection.
func (c *contest) turn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	cpu, databaseCPU := cpuOf(c.server.pid), c.database.cpu()
	many, err := c.drive(connections, c.seconds)
	if err != nil {
		return err
	}
	t := turn{load: many, memory: memoryOf(c.server.pid)}
	t.cpu = (cpuOf(c.server.pid) - cpu) / time.Duration(many.requests)
	t.databaseCPU = (c.database.cpu() - databaseCPU) / time.Duration(many.requests)
	single, err := c.drive(1, c.seconds/4)
	if err != nil {
		return err
	}
	t.alone = single.p50
	turns := c.turns[c.workload.name]
	turns[c.server.name] = append(turns[c.server.name], t)
	note("%-4s %-12s %7d products %8.0f/s %7d µs CPU + %5d µs of the database", c.workload.name, c.server.name, c.products,
		float64(t.requests)/t.took.Seconds(), t.cpu.Microseconds(), t.databaseCPU.Microseconds())
	return nil
}
