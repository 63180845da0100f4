package main

import (
	"strings"
	"testing"
	"time"
)

func TestReport(t *testing.T) {
	took := func(server, database time.Duration) turn {
		return turn{cpu: server * time.Microsecond, databaseCPU: database * time.Microsecond, memory: 5 << 20}
	}
	of := func(products int, stoa ...turn) *result {
		return &result{products: products, servers: []string{"floor", "stoa"}, chosen: workloads[:1],
			turns: map[string]map[string][]turn{"w1": {"floor": {took(60, 40), took(100, 100), took(50, 50)}, "stoa": stoa}}}
	}
	small, large := of(10_000, took(100, 50), took(100, 200), took(300, 100)), of(1_000_000, took(450, 150), took(500, 100), took(1, 1))
	text := report(small) + growth([]*result{small, large})
	for _, want := range []string{
		"| W1       |  1.00 | 1.50 |",        // the middle of 150/100, 300/200 and 400/100
		"| W1       | 60 + 50 | 100 + 100 |", // each the middle of its own
		"of 10,000 products a request takes with 1,000,000:",
		"| W1       |  1.00 | 2.00 |", // 600 to 300
		"| W1       | 60 + 50 | 450 + 100 |",
		"| resident |     5 |    5 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	if plot := small.plot(); strings.Count(plot, "<rect") != 5 || !strings.Contains(plot, ">1.5</text>") {
		t.Error(plot)
	}
	unknown := of(10_000, turn{}, turn{}, turn{})
	unknown.turns["w1"]["floor"] = unknown.turns["w1"]["stoa"]
	if text := report(unknown) + growth([]*result{unknown, unknown}); strings.Contains(text, "CPU") || strings.Contains(text, "NaN") {
		t.Errorf("without CPU times:\n%s", text)
	}
}
