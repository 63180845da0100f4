// Overload measures what becomes of cheap queries when three times as much is asked
// as Stoa can answer, one query in ten being dear: with shedding and without.
//
//	go run ./bench/overload
//
// PostgreSQL is started for the run. Requests are sent by a schedule, however long
// answers take, and a latency counts from the time at which the request was due.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"stoa/internal/dbtest/pgserver"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	products := flag.Int("rows", 60_000, "the `number` of products")
	seconds := flag.Float64("seconds", 10, "how long each load lasts")
	times := flag.Float64("times", 3, "the load, in capacities")
	rounds := flag.Int("rounds", 3, "how often all is measured")
	flag.Parse()
	m := &measurement{products: *products, lasts: time.Duration(*seconds * float64(time.Second)), times: *times, rounds: *rounds}
	if err := m.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "overload:", err)
		os.Exit(1)
	}
}

// A measurement is the same for an instance that sheds and for one that does not.
type measurement struct {
	products, rounds int
	lasts            time.Duration
	times            float64
	capacity         float64 // queries a second
}

// settle is how long a load lasts before it is measured: the pool has to be crowded
// for two seconds, and what waits by then has to be answered.
const settle = 6 * time.Second

func (m *measurement) run(ctx context.Context) (err error) {
	folder, err := os.MkdirTemp("", "stoa-overload-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	postgres, err := pgserver.Start("jit = off", "max_connections = 100", "shared_buffers = 256MB")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	shop, err := newShop(ctx, folder, postgres.URL, m.products)
	if err != nil {
		return err
	}
	fmt.Println("| | capacity | p50 alone | p99 alone | p50 | p99 | p99 ÷ p99 alone | cheap refused | dear answered |")
	fmt.Println("| --- | --: | --: | --: | --: | --: | --: | --: | --: |")
	for range m.rounds {
		if err := m.round(ctx, shop); err != nil {
			return err
		}
	}
	return nil
}

// round measures how much is answered by an instance that refuses nothing, and asks
// one that sheds and one that does not for more than that.
func (m *measurement) round(ctx context.Context, shop *shop) error {
	for i, sheds := range []bool{false, true} {
		server, err := shop.serve(ctx, fmt.Sprintf("SHEDDING=%t", sheds))
		if err != nil {
			return err
		}
		defer server.stop()
		cheap, err := server.cheapQueries(100)
		if err != nil {
			return err
		}
		if i == 0 {
			if m.capacity, err = capacityOf(server, cheap, m.lasts); err != nil {
				return err
			}
		}
		alone := drive(server, cheap, share{rate: m.capacity / 5}, time.Second, m.lasts)
		over := drive(server, cheap, share{rate: m.capacity * m.times, dear: 10}, settle, m.lasts)
		m.report(sheds, alone, over)
	}
	return nil
}

func (m *measurement) report(sheds bool, alone, over *outcome) {
	before, after := alone.cheap.quantile(0.99), over.cheap.quantile(0.99)
	fmt.Printf("| shedding %t | %.0f/s | %v | %v | %v | %v | %.1f | %d of %d | %d of %d |\n", sheds, m.capacity,
		alone.cheap.quantile(0.5), before, over.cheap.quantile(0.5), after, float64(after)/float64(before),
		over.cheap.refused, over.cheap.asked(), len(over.dear.took), over.dear.asked())
}
