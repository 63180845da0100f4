// Bench measures what a request takes from the machine: of Stoa, of the floor
// below it, and of other GraphQL servers, on the same rows.
//
//	go run ./bench -quick                    the floor and Stoa alone
//	go run ./bench -quick -workloads w2,w5   some of the workloads
//	go run ./bench -quick -pprof DIR         and profiles of Stoa
//	go run ./bench -write docs               all, written to docs/performance.md
//
// PostgreSQL is started for the run, unless BENCH_DATABASE_URL names a server on
// this machine; the databases made there are kept for the next run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are what can be typed behind the command.
type options struct {
	only, workloads, rows, database string
	quick                           bool
	rounds                          int
	seconds                         time.Duration
	profiles, write, stoa, against  string
}

func parse(args []string) (options, error) {
	var o options
	var seconds float64
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.only, "only", "", "the `servers` to measure, comma-separated: "+strings.Join(allServers, ", "))
	flags.StringVar(&o.workloads, "workloads", "", "the `workloads` to measure, comma-separated: w1 to w10")
	flags.StringVar(&o.rows, "rows", "10000", "the `numbers` of products, comma-separated")
	flags.StringVar(&o.database, "database", "postgres", "postgres or sqlite; on SQLite there are the floor and Stoa only")
	flags.IntVar(&o.rounds, "rounds", 3, "how often each server has its turn in each workload")
	flags.Float64Var(&seconds, "seconds", 2, "how long a turn takes")
	flags.BoolVar(&o.quick, "quick", false, "the floor and Stoa only, with turns of a second")
	flags.StringVar(&o.profiles, "pprof", "", "write profiles of Stoa to the `folder`")
	flags.StringVar(&o.write, "write", "", "write the tables and plots to the `folder` of the documentation")
	flags.StringVar(&o.stoa, "stoa", "", "the `program` to measure, instead of one that is built")
	flags.StringVar(&o.against, "against", "", "another Stoa, a `program` to compare with")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q: only flags are expected", flags.Args())
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.quick && !given["seconds"] {
		seconds = 1
	}
	if (o.quick || o.database == "sqlite") && !given["only"] {
		o.only = "floor,stoa"
	}
	o.seconds = time.Duration(seconds * float64(time.Second))
	return o, nil
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	var err error
	if len(os.Args) > 1 && os.Args[1] == floorCommand {
		err = serveFloor(ctx)
	} else {
		err = run(ctx, os.Args[1:])
	}
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	chosen, err := chosenWorkloads(o.workloads)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "stoa-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if o.stoa == "" {
		if o.stoa, err = buildStoa(ctx, folder, o.profiles != ""); err != nil {
			return err
		}
	}
	h, err := newHost(o.database, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stop()) }()
	var all []*result
	for text := range strings.SplitSeq(o.rows, ",") {
		products, err := strconv.Atoi(text)
		if err != nil || products < 1000 {
			return fmt.Errorf("-rows %s: numbers from 1000 on are expected", o.rows)
		}
		r, err := measure(ctx, o, h, folder, products, chosen)
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	return publish(o, all)
}

// note tells whoever waits how far it is.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, name, args...)
}
