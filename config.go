package main

import (
	"fmt"
	"text/tabwriter"
)

type configCommand struct{}

// Run prints every setting as serving would have it, and where it is from, unless serving would refuse
// to start for what is wrong with a setting or a stored document.
func (configCommand) Run(p *program) error {
	if err := p.settings.CheckToServe(); err != nil {
		return usage{err}
	}
	if _, err := p.documents(); err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, s := range p.settings.Effective() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Name, s.Value, s.Source)
	}
	return table.Flush()
}
