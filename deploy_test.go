package main

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"stoa/internal/dbtest"
)

// served are the metrics that Stoa serves, on a PostgreSQL with a replica that is
// away: their lines, by the names that can be asked for, and the names as they are
// declared.
func served(t *testing.T) (lines map[string][]string, declared []string) {
	t.Helper()
	s := serve(t, "DATABASE_URL="+dbtest.URL(t, dbtest.Postgres), "JWT_SECRET="+strings.Repeat("secret", 6),
		"DATABASE_REPLICA_URLS=postgres://127.0.0.1:1/shop")
	s.ask(t, "query Shelves { categories { totalCount } }")
	status, text := get(t, s.url+"/metrics")
	if status != 200 {
		t.Fatalf("/metrics: %d %s", status, text)
	}
	lines = map[string][]string{}
	for line := range strings.Lines(text) {
		if name, found := strings.CutPrefix(line, "# TYPE "); found {
			declared = append(declared, strings.Fields(name)[0])
		} else if !strings.HasPrefix(line, "#") {
			name := regexp.MustCompile(`^\w+`).FindString(line)
			lines[name] = append(lines[name], line)
		}
	}
	return lines, declared
}

// dashboard is what Grafana shows, as far as it is asked of Prometheus.
type dashboard struct {
	Panels []struct {
		Title   string
		Targets []struct{ Expr string }
	}
}

// rules are what Prometheus watches.
type rules struct {
	Groups []struct {
		Rules []struct{ Alert, Expr string }
	}
}

var (
	asked    = regexp.MustCompile(`\b((?:stoa|go|process)_\w+)(?:\{([^}]*)\})?`)
	matcher  = regexp.MustCompile(`(\w+)(=~|=)"([^"]*)"`)
	grouping = regexp.MustCompile(`(?:by|ignoring) \(([^)]*)\)`)
)

// What the dashboard and the alarms ask for is there, with the labels and values
// that they name.
func TestDashboardAndAlarms(t *testing.T) {
	var shown dashboard
	var watched rules
	read(t, "deploy/grafana.json", json.Unmarshal, &shown)
	read(t, "deploy/alerts.yml", yaml.Unmarshal, &watched)
	expressions := map[string]string{}
	for _, panel := range shown.Panels {
		for _, target := range panel.Targets {
			expressions[panel.Title+": "+target.Expr] = target.Expr
		}
	}
	for _, group := range watched.Groups {
		for _, rule := range group.Rules {
			expressions[rule.Alert] = rule.Expr
		}
	}
	if len(expressions) < 30 {
		t.Errorf("only %d expressions were read", len(expressions))
	}
	lines, _ := served(t)
	known := labels(lines)
	for where, expression := range expressions {
		for _, selector := range asked.FindAllStringSubmatch(expression, -1) {
			if !slices.ContainsFunc(lines[selector[1]], func(line string) bool { return keeps(line, selector[2]) }) {
				t.Errorf("%s: nothing is served for %s", where, selector[0])
			}
		}
		for _, by := range grouping.FindAllStringSubmatch(expression, -1) {
			for label := range strings.SplitSeq(by[1], ", ") {
				if !known[label] {
					t.Errorf("%s: there is no label %s", where, label)
				}
			}
		}
	}
}

// keeps tells whether the line has what the matchers ask for. The instance, and
// the job, are Prometheus' own.
func keeps(line, matchers string) bool {
	for _, m := range matcher.FindAllStringSubmatch(matchers, -1) {
		if m[1] == "instance" || m[1] == "job" {
			continue
		}
		value := regexp.QuoteMeta(m[3])
		if m[2] == "=~" {
			value = m[3]
		}
		if !regexp.MustCompile(m[1] + `="(` + value + `)"`).MatchString(line) {
			return false
		}
	}
	return true
}

func labels(lines map[string][]string) map[string]bool {
	known := map[string]bool{"instance": true, "job": true}
	for _, all := range lines {
		for _, line := range all {
			for _, m := range matcher.FindAllStringSubmatch(line, -1) {
				known[m[1]] = true
			}
		}
	}
	return known
}

// The page for operators has each metric and each alarm, and no others.
func TestOperatingPage(t *testing.T) {
	page := readFile(t, "docs/operating.md")
	_, declared := served(t)
	same(t, "metrics", declared, regexp.MustCompile("(?m)^\\| `(stoa_\\w+)`"), page, "stoa_")
	var watched rules
	read(t, "deploy/alerts.yml", yaml.Unmarshal, &watched)
	var alarms []string
	for _, rule := range watched.Groups[0].Rules {
		alarms = append(alarms, rule.Alert)
	}
	same(t, "alarms", alarms, regexp.MustCompile(`(?m)^### (Stoa\w+)`), page, "Stoa")
}

// same compares what there is with what the page tells, as far as it begins so.
func same(t *testing.T, what string, there []string, told *regexp.Regexp, page []byte, prefix string) {
	t.Helper()
	want, got := map[string]bool{}, map[string]bool{}
	for _, name := range there {
		if strings.HasPrefix(name, prefix) {
			want[name] = true
		}
	}
	for _, m := range told.FindAllSubmatch(page, -1) {
		got[string(m[1])] = true
	}
	if !maps.Equal(want, got) {
		t.Errorf("%s: the page has %q, there are %q", what, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}
