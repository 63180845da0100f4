package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A table has a head and rows, all of the same length. An empty cell is a dash.
type table struct {
	title string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// markdown writes it so that it is a pleasure to read as text too.
func (t *table) markdown() string {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)), 3)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", t.title)
	for n, row := range t.rows {
		for i, cell := range row {
			if cell == "" {
				cell = "–"
			}
			if i == 0 {
				fmt.Fprintf(&b, "| %-*s ", widths[i], cell)
			} else {
				fmt.Fprintf(&b, "| %*s ", widths[i], cell)
			}
		}
		b.WriteString("|\n")
		if n == 0 {
			fmt.Fprintf(&b, "| %s ", strings.Repeat("-", widths[0]))
			for _, width := range widths[1:] {
				fmt.Fprintf(&b, "| %s: ", strings.Repeat("-", width-1))
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

// report is what was measured on a database, as Markdown.
func report(r *result) string {
	var tables []*table
	if r.measured() {
		if slices.Contains(r.servers, "floor") {
			tables = append(tables, r.ratioTable())
		}
		tables = append(tables, r.cpuTable("The same in µs: of the server + of the database:"))
	}
	tables = append(tables, r.timeTable("one connection", func(t turn) time.Duration { return t.alone }),
		r.timeTable(fmt.Sprintf("%d connections", connections), func(t turn) time.Duration { return t.p50 }),
		r.memoryTable())
	return r.workloadList() + "\n" + markdown(tables)
}

// growth is how much more a request took on the larger databases than on the first.
func growth(all []*result) string {
	var tables []*table
	for _, larger := range all[1:] {
		if larger.measured() {
			title := fmt.Sprintf("µs with %s products: of the server + of the database:", thousands(larger.products))
			tables = append(tables, larger.growthTable(all[0]), larger.cpuTable(title))
		}
	}
	return markdown(tables)
}

func markdown(tables []*table) string {
	texts := make([]string, len(tables))
	for i, t := range tables {
		texts[i] = t.markdown()
	}
	return strings.Join(texts, "\n")
}

func (r *result) workloadList() string {
	var b strings.Builder
	for _, w := range r.chosen {
		fmt.Fprintf(&b, "- **%s**: %s\n", strings.ToUpper(w.name), w.title)
	}
	return b.String()
}

// tableOf has a row for each workload that has a cell, and a column for each server.
func (r *result) tableOf(title string, cell func(workload, string, []turn) string) *table {
	t := &table{title: title}
	t.add(append([]string{"workload"}, r.servers...)...)
	for _, w := range r.chosen {
		row := make([]string, 1+len(r.servers))
		for i, name := range r.servers {
			if turns := r.of(w, name); len(turns) > 0 {
				row[1+i] = cell(w, name, turns)
			}
		}
		if strings.Join(row, "") != "" {
			row[0] = strings.ToUpper(w.name)
			t.add(row...)
		}
	}
	return t
}

func (r *result) ratioTable() *table {
	const title = "CPU time of a request, of the server and the database together, as a multiple of the floor's:"
	return r.tableOf(title, func(w workload, _ string, turns []turn) string {
		found := ratios(turns, r.of(w, "floor"))
		if len(found) == 0 {
			return ""
		}
		return fmt.Sprintf("%.2f", middle(found))
	})
}

func (r *result) cpuTable(title string) *table {
	return r.tableOf(title, func(_ workload, _ string, turns []turn) string {
		return fmt.Sprintf("%d + %d", median(turns, func(t turn) int64 { return t.cpu.Microseconds() }),
			median(turns, func(t turn) int64 { return t.databaseCPU.Microseconds() }))
	})
}

func (r *result) timeTable(load string, what func(turn) time.Duration) *table {
	title := "The median time to an answer in ms, " + load + ":"
	return r.tableOf(title, func(_ workload, _ string, turns []turn) string {
		return fmt.Sprintf("%.2f", float64(median(turns, what))/float64(time.Millisecond))
	})
}

func (r *result) memoryTable() *table {
	t := &table{title: "The most memory that a server kept after a turn, in MiB:"}
	t.add(append([]string{"memory"}, r.servers...)...)
	row := []string{"resident"}
	for _, name := range r.servers {
		var most int64
		for _, w := range r.chosen {
			for _, turn := range r.of(w, name) {
				most = max(most, turn.memory)
			}
		}
		row = append(row, fmt.Sprint(most>>20))
	}
	t.add(row...)
	return t
}

func (r *result) growthTable(small *result) *table {
	title := fmt.Sprintf("How many times the CPU time of %s products a request takes with %s:", thousands(small.products), thousands(r.products))
	return r.tableOf(title, func(w workload, name string, turns []turn) string {
		before := median(small.of(w, name), turn.whole)
		if before == 0 {
			return ""
		}
		return fmt.Sprintf("%.2f", float64(median(turns, turn.whole))/float64(before))
	})
}

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
