package main

import (
	"cmp"
	"slices"
	"time"
)

// A turn is what one server took for one workload, once.
type turn struct {
	load
	cpu, databaseCPU time.Duration // for one request
	alone            time.Duration // the median answer to one connection alone
	memory           int64         // bytes, when it was over
}

func (t turn) whole() time.Duration { return t.cpu + t.databaseCPU }

// A result is all that was measured on one database.
type result struct {
	products int
	database string // and its version
	servers  []string
	chosen   []workload
	turns    map[string]map[string][]turn // by workload and server, one for each round
}

// of are the turns of a server in a workload, none if it cannot do it.
func (r *result) of(w workload, server string) []turn { return r.turns[w.name][server] }

// median of what the turns have.
func median[N cmp.Ordered](turns []turn, what func(turn) N) N {
	all := make([]N, len(turns))
	for i, t := range turns {
		all[i] = what(t)
	}
	return middle(all)
}

func middle[N cmp.Ordered](all []N) N {
	slices.Sort(all)
	return all[len(all)/2]
}

// ratios are one server's CPU time to the other's, round by round: what disturbs
// the machine disturbs a round as a whole. They are sorted; there are none where
// CPU times are not known.
func ratios(turns, floor []turn) []float64 {
	var all []float64
	for i := range min(len(turns), len(floor)) {
		if least := floor[i].whole(); least > 0 {
			all = append(all, float64(turns[i].whole())/float64(least))
		}
	}
	slices.Sort(all)
	return all
}

// measured says whether CPU times are known: on Linux, where the database runs on
// this machine too.
func (r *result) measured() bool {
	for _, servers := range r.turns {
		for _, turns := range servers {
			for _, t := range turns {
				if t.cpu > 0 {
					return true
				}
			}
		}
	}
	return false
}
