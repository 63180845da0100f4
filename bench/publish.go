package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// publish prints what was measured, and writes it to the documentation if asked.
func publish(o options, all []*result) error {
	text, grown := report(all[0]), growth(all)
	fmt.Println("\n" + text + "\n" + grown)
	if o.write == "" {
		return nil
	}
	where, err := conditions(o, all)
	if err != nil {
		return err
	}
	page := filepath.Join(o.write, "performance.md")
	if len(all) > 1 {
		return insert(page, o.database+" growth", where+"\n"+grown)
	}
	plot := "performance-" + o.database + ".svg"
	if err := os.WriteFile(filepath.Join(o.write, plot), []byte(all[0].plot()), 0o644); err != nil {
		return err
	}
	picture := fmt.Sprintf("![CPU time of a request as a multiple of the floor's](%s)\n", plot)
	return insert(page, o.database, where+"\n"+picture+"\n"+text)
}

func publishSearches(o options, text string) error {
	fmt.Println("\n" + text)
	if o.write == "" {
		return nil
	}
	return insert(filepath.Join(o.write, "query-plans.md"), o.database+" searches", text)
}

// insert puts the text between the two lines of the file that name the section.
func insert(path, section, text string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := "<!-- bench "+section+" -->\n", "<!-- end of bench "+section+" -->"
	before, rest, found := strings.Cut(string(page), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no lines %q and %q", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+text+"\n"+end+after), 0o644)
}
