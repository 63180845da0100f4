package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// connections are held by the load, each asking anew when it has been answered.
const connections = 32

// A bench is the servers on one database.
type bench struct {
	options
	folder   string
	products int
	database *database
	rows     *rows
	cases    map[string][]values // by the workload's name
	token    string              // of the user that creates posts
	servers  []*server
}

// measure fills a database and measures the servers on it.
func measure(ctx context.Context, o options, h *host, folder string, products int, chosen []workload) (r *result, err error) {
	b := &bench{options: o, folder: folder, products: products, cases: map[string][]values{}}
	if b.database, err = h.database(ctx, o.stoa, products); err != nil {
		return nil, err
	}
	if b.rows, err = readRows(ctx, b.database.driver, b.database.source); err != nil {
		return nil, err
	}
	for _, w := range workloads {
		b.cases[w.name] = b.rows.casesOf(w)
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	if err := b.start(ctx); err != nil {
		return nil, err
	}
	r = &result{products: products, database: b.database.version, chosen: chosen, turns: map[string]map[string][]turn{}}
	for _, s := range b.servers {
		r.servers = append(r.servers, s.name)
	}
	for _, w := range chosen {
		if r.turns[w.name], err = b.measureOne(ctx, w); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// measureOne gives every server its turns. Each round begins with another server.
func (b *bench) measureOne(ctx context.Context, w workload) (map[string][]turn, error) {
	able := slices.DeleteFunc(slices.Clone(b.servers), func(s *server) bool { return !s.can(w) })
	if err := compare(able, w, b.cases[w.name]); err != nil {
		return nil, err
	}
	requests := map[string][][]byte{}
	for _, s := range able {
		for _, v := range b.cases[w.name] {
			requests[s.name] = append(requests[s.name], s.request(w, v))
		}
		if _, err := drive(s.address, requests[s.name], connections, b.seconds/2); err != nil { // to warm up
			return nil, fmt.Errorf("%s, %s: %w", w.name, s.name, err)
		}
	}
	turns := map[string][]turn{}
	for round := range b.rounds {
		for i := range able {
			s := able[(i+round)%len(able)]
			t, err := b.turn(s, requests[s.name])
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", w.name, s.name, err)
			}
			turns[s.name] = append(turns[s.name], t)
			note("%-4s %-12s %8.0f/s %7d µs CPU + %5d µs of the database", w.name, s.name,
				float64(t.requests)/t.took.Seconds(), t.cpu.Microseconds(), t.databaseCPU.Microseconds())
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	if err := b.afterwards(ctx, w, able, requests); err != nil {
		return nil, err
	}
	return turns, nil
}

func (b *bench) turn(s *server, requests [][]byte) (turn, error) {
	cpu, databaseCPU := cpuOf(s.pid), b.database.cpu()
	many, err := drive(s.address, requests, connections, b.seconds)
	if err != nil {
		return turn{}, err
	}
	t := turn{load: many, memory: memoryOf(s.pid)}
	t.cpu = (cpuOf(s.pid) - cpu) / time.Duration(many.requests)
	t.databaseCPU = (b.database.cpu() - databaseCPU) / time.Duration(many.requests)
	single, err := drive(s.address, requests, 1, b.seconds/4)
	t.alone = single.p50
	return t, err
}

// afterwards takes the profiles, and away what was written: later workloads are
// to find the rows as they were.
func (b *bench) afterwards(ctx context.Context, w workload, able []*server, requests map[string][][]byte) error {
	if b.profiles != "" {
		for _, s := range able {
			if s.profiled {
				if err := b.profile(ctx, s, w, requests[s.name]); err != nil {
					return err
				}
			}
		}
	}
	if !w.logged {
		return nil
	}
	return errors.Join(
		b.database.do(ctx, "DELETE FROM posts WHERE user_id = (SELECT id FROM users WHERE username = '"+poster+"')"),
		b.database.settle(ctx))
}

// namedProducts are the rows that the cases of w1 name.
func (b *bench) namedProducts() []named {
	asked := map[int64]bool{}
	for _, v := range b.cases["w1"] {
		asked[v.id] = true
	}
	return slices.DeleteFunc(slices.Clone(b.rows.products), func(n named) bool { return !asked[n.id] })
}

// places are those that the cases of w4 begin after.
func (b *bench) places() []place {
	var all []place
	for _, v := range b.cases["w4"] {
		if !slices.Contains(all, v.place) {
			all = append(all, v.place)
		}
	}
	return all
}
