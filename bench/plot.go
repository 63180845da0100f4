package main

import (
	"fmt"
	"html"
	"strings"
)

// The plot is one group of bars for each workload, one bar for each server.
const (
	plotWidth = 860
	plotLeft  = 60 // where the bars begin
	barHeight = 13
	groupGap  = 14
)

// colours are the servers' own, told apart by those who see few colours too.
var colours = map[string]string{
	"floor": "#9aa0a6", "stoa": "#0072b2", "against": "#56b4e9", "postgraphile": "#e69f00", "mercurius": "#009e73", "apollo": "#cc79a7",
}

// plot is an SVG of the CPU time as a multiple of the floor's.
func (r *result) plot() string {
	var bars strings.Builder
	longest := r.longest()
	y := 50
	for _, w := range r.chosen {
		top := y
		for _, name := range r.servers {
			found := ratios(r.of(w, name), r.of(w, "floor"))
			if len(found) == 0 {
				continue
			}
			ratio := middle(found)
			width := ratio / longest * (plotWidth - plotLeft - 60)
			fmt.Fprintf(&bars, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d">%.1f</text>`+"\n",
				plotLeft, y, width, barHeight-2, colours[name], plotLeft+width+5, y+barHeight-3, ratio)
			y += barHeight
		}
		if y > top {
			fmt.Fprintf(&bars, `<text x="%d" y="%d" text-anchor="end" font-weight="bold">%s</text>`+"\n",
				plotLeft-8, (top+y)/2+3, strings.ToUpper(w.name))
			y += groupGap
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="11">
<title>CPU time of a request, server and database together, as a multiple of the floor's</title>
<rect width="100%%" height="100%%" fill="#fff"/>
%s%s</svg>
`, plotWidth, y, r.legend(), bars.String())
}

func (r *result) legend() string {
	var b strings.Builder
	x := plotLeft
	for _, name := range r.servers {
		fmt.Fprintf(&b, `<rect x="%d" y="16" width="12" height="12" fill="%s"/><text x="%d" y="26">%s</text>`+"\n",
			x, colours[name], x+17, html.EscapeString(name))
		x += 45 + 7*len(name)
	}
	return b.String()
}

// longest is the largest ratio there is.
func (r *result) longest() float64 {
	most := 1.0
	for _, w := range r.chosen {
		for _, name := range r.servers {
			if found := ratios(r.of(w, name), r.of(w, "floor")); len(found) > 0 {
				most = max(most, middle(found))
			}
		}
	}
	return most
}
