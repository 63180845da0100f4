package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// publish prints the tables.
func publish(o options, all []*result) error {
	for _, r := range all {
		fmt.Fprintln(os.Stdout, r.table())
	}
	return nil
}

// of is the median of what a workload's turns of a server have.
func of[N cmp.Ordered](turns []turn, what func(turn) N) N {
	all := make([]N, len(turns))
	for i, t := range turns {
		all[i] = what(t)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func whole(t turn) time.Duration { return t.cpu + t.databaseCPU }

// table is the CPU time of a request, of the server and the database together, in
// µs and as a multiple of the floor's.
func (r *result) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d products, %s\n\n", r.products, r.version)
	for _, w := range r.chosen {
		fmt.Fprintf(&b, "%s: %s\n", strings.ToUpper(w.name), w.title)
		for _, name := range r.servers {
			turns := r.turns[w.name][name]
			if len(turns) == 0 {
				continue
			}
			fmt.Fprintf(&b, "  %-12s %7d µs = %6d + %6d", name, of(turns, whole).Microseconds(),
				of(turns, func(t turn) int64 { return t.cpu.Microseconds() }),
				of(turns, func(t turn) int64 { return t.databaseCPU.Microseconds() }))
			fmt.Fprintf(&b, "  p50 %6.2f ms, alone %5.2f ms, %3d MiB",
				of(turns, func(t turn) float64 { return float64(t.p50) / 1e6 }),
				of(turns, func(t turn) float64 { return float64(t.alone) / 1e6 }),
				of(turns, func(t turn) int64 { return t.memory >> 20 }))
			if floor := r.turns[w.name]["floor"]; len(floor) > 0 && name != "floor" {
				fmt.Fprintf(&b, "  %5.2f × floor", ratio(turns, floor))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// ratio is the median over the rounds of one server's CPU time to the other's.
func ratio(turns, floor []turn) float64 {
	all := make([]float64, min(len(turns), len(floor)))
	for i := range all {
		all[i] = float64(whole(turns[i])) / float64(whole(floor[i]))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
