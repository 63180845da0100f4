package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// connections are held by the load, each asking anew when it has been answered.
const connections = 32

// A bench is a database, and the servers that answer from it.
type bench struct {
	options
	folder    string
	products  int
	database  *database
	rows      *rows
	cases     map[string][]values // by the workload's name
	token     string              // of the user that creates posts
	servers   []*server
	processes []*process
	turns     map[string]map[string][]turn // by workload and server, one for each round
}

// measure fills a database of each size and measures the servers on them. All
// have their turns in each round, so that what disturbs the machine disturbs all.
func measure(ctx context.Context, o options, h *host, folder string) (all []*result, err error) {
	var benches []*bench
	defer func() {
		for _, b := range benches {
			b.stop()
		}
	}()
	for _, products := range o.sizes {
		b, err := newBench(ctx, o, h, folder, products)
		if err != nil {
			return nil, err
		}
		benches = append(benches, b)
		all = append(all, &result{products, b.database.version, b.names(), o.chosen, b.turns})
	}
	for _, w := range o.chosen {
		if err := take(ctx, benches, w, o.rounds); err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return all, nil
}

// newBench has a database with so many products, and servers that answer from it until stop.
func newBench(ctx context.Context, o options, h *host, folder string, products int) (*bench, error) {
	b := &bench{options: o, folder: filepath.Join(folder, fmt.Sprint(products)), products: products, turns: map[string]map[string][]turn{}}
	if err := b.prepare(ctx, h); err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

// prepare fills the database and starts the servers.
func (b *bench) prepare(ctx context.Context, h *host) (err error) {
	if err := os.Mkdir(b.folder, 0o700); err != nil {
		return err
	}
	if b.database, err = h.database(ctx, b.stoa, b.products); err != nil {
		return err
	}
	if b.rows, err = readRows(ctx, b.database.driver, b.database.source); err != nil {
		return err
	}
	b.cases = map[string][]values{}
	for _, w := range workloads {
		b.cases[w.name] = b.rows.casesOf(w)
	}
	return b.start(ctx)
}

// take gives every server its turns in a workload.
func take(ctx context.Context, benches []*bench, w workload, rounds int) error {
	var all []*contest
	for _, b := range benches {
		able := slices.DeleteFunc(slices.Clone(b.servers), func(s *server) bool { return !b.can(s, w) })
		if err := compare(able, w, b.cases[w.name]); err != nil {
			return err
		}
		b.turns[w.name] = map[string][]turn{}
		for _, s := range able {
			all = append(all, b.contest(w, s))
		}
	}
	for _, c := range all {
		if err := c.warmUp(); err != nil {
			return err
		}
	}
	for round := range rounds {
		for i := range all { // each round begins with another one
			if err := all[(i+round)%len(all)].turn(ctx); err != nil {
				return err
			}
		}
	}
	for _, c := range all {
		if err := c.profile(ctx); err != nil {
			return err
		}
	}
	for _, b := range benches {
		if w.logged {
			if err := b.database.undo(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) names() []string {
	var names []string
	for _, s := range b.servers {
		names = append(names, s.name)
	}
	return names
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
