package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// conditions says what was measured, on what, and how far the rounds lie apart.
func conditions(o options, all []*result) (string, error) {
	first := all[0]
	versions, err := peerVersions(first.servers)
	if err != nil {
		return "", err
	}
	var rows []string
	for _, r := range all {
		rows = append(rows, fmt.Sprintf("%s products and %s posts", thousands(r.products), thousands(postsFor(r.products))))
	}
	text := fmt.Sprintf("%s %s, %d connections that are kept, "+
		"%d rounds of %v for each server, in turns, after a warm-up; the figures are the medians of the rounds.",
		measuredOn(append([]string{first.database}, versions...)), strings.Join(rows, ", then "), connections, o.rounds, o.seconds)
	if spread := first.spread(); len(spread) > 0 {
		text += fmt.Sprintf(" From one round to another a multiple of the floor differs by %.0f %% (in the middle case; %.0f %% at most).",
			100*middle(spread), 100*slices.Max(spread))
	}
	return text + "\n", nil
}

// measuredOn says when, on which machine, and with which programs beside Go.
func measuredOn(used []string) string {
	return fmt.Sprintf("Measured on %s by `go run ./bench`, on %s: %s, %s.", time.Now().UTC().Format("2 January 2006"), machine(),
		strings.Join(used, ", "), strings.Replace(runtime.Version(), "go", "Go ", 1))
}

// spread is, for each server and workload, how far the ratios of the rounds lie
// apart, as a part of their median.
func (r *result) spread() []float64 {
	var all []float64
	for _, w := range r.chosen {
		floor := r.of(w, "floor")
		for _, name := range r.servers {
			if found := ratios(r.of(w, name), floor); name != "floor" && len(found) > 0 {
				all = append(all, (found[len(found)-1]-found[0])/found[len(found)/2])
			}
		}
	}
	return all
}

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.*)$`)

// machine names the processors.
func machine() string {
	model := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if found := modelName.FindSubmatch(text); found != nil {
			model = string(found[1])
		}
	}
	return fmt.Sprintf("%d processors (%s, %s)", runtime.NumCPU(), model, runtime.GOOS)
}

// peerVersions are those of the packages that the measured peers are made of.
func peerVersions(servers []string) ([]string, error) {
	var versions []string
	for _, name := range servers {
		if !slices.Contains(peers, name) {
			continue
		}
		if len(versions) == 0 {
			versions = append(versions, "Node.js:node")
		}
		versions = append(versions, map[string]string{
			"postgraphile": "PostGraphile:postgraphile", "mercurius": "Mercurius:mercurius", "apollo": "Apollo Server:@apollo/server",
		}[name])
	}
	if len(versions) == 0 {
		return nil, nil
	}
	folder, err := peersFolder()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return nil, err
	}
	var pinned struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &pinned); err != nil {
		return nil, err
	}
	for i, v := range versions {
		name, module, _ := strings.Cut(v, ":")
		versions[i] = name + " " + pinned.Dependencies[module]
	}
	return versions, nil
}
