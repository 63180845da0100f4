package main

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// options are what can be typed behind the command.
type options struct {
	only     []string // servers
	chosen   []workload
	sizes    []int  // products in each database
	database string // "postgres" or "sqlite"
	rounds   int
	seconds  time.Duration // of a turn
	searches bool          // these alone, of which there is a table of their own

	profiles, write string // folders, "" for none
	stoa, against   string // programs
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "the `servers` to measure, comma-separated: "+strings.Join(allServers, ", ")+"; the first two on SQLite and for several numbers of rows")
	chosen := flags.String("workloads", "", "the `workloads` to measure, comma-separated: w1 to w10")
	sizes := flags.String("rows", "10000", "the `numbers` of products, comma-separated: a database for each; of several it is told how a request grows")
	quick := flags.Bool("quick", false, "the floor and Stoa only, with turns of a second")
	seconds := flags.Float64("seconds", 2, "how long a turn takes, with -quick 1")
	flags.StringVar(&o.database, "database", "postgres", "postgres or sqlite")
	flags.BoolVar(&o.searches, "searches", false, "measure Stoa's searches instead")
	flags.IntVar(&o.rounds, "rounds", 3, "how often each server has its turn in each workload")
	flags.StringVar(&o.profiles, "pprof", "", "write profiles of Stoa to the `folder`")
	flags.StringVar(&o.write, "write", "", "write the tables and a plot to the `folder` of the documentation")
	flags.StringVar(&o.stoa, "stoa", "", "the `program` to measure, instead of one that is built")
	flags.StringVar(&o.against, "against", "", "another Stoa, a `program` to compare with")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	o.seconds = time.Duration(*seconds * float64(time.Second))
	if *quick && !given["seconds"] {
		o.seconds = time.Second
	}
	if flags.NArg() > 0 || o.rounds < 1 || o.database != "postgres" && o.database != "sqlite" {
		return o, fmt.Errorf("wrong flags: %q; -help tells more", args)
	}
	var err error
	if o.chosen, err = chosenWorkloads(*chosen); err != nil {
		return o, err
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		products, err := strconv.Atoi(text)
		if err != nil || products < 1000 {
			return o, fmt.Errorf("-rows %s: numbers from 1000 on are expected", *sizes)
		}
		o.sizes = append(o.sizes, products)
	}
	o.only = allServers
	if *only != "" {
		o.only = strings.Split(*only, ",")
	} else if *quick || o.database == "sqlite" || len(o.sizes) > 1 {
		o.only = allServers[:2]
	}
	return o, nil
}
