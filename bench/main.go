// Bench measures what a request takes from the machine: of Stoa, of the floor
// below it, and of other GraphQL servers, on the same rows.
//
//	go run ./bench -quick                    the floor and Stoa alone
//	go run ./bench -quick -workloads w2,w5   some of the workloads
//	go run ./bench -quick -pprof DIR         and profiles of Stoa
//	go run ./bench -write docs               all, written to docs/performance.md
//	go run ./bench -rows 10000,1000000       how a request grows with the table
//	go run ./bench -searches                 searches, for docs/query-plans.md
//
// PostgreSQL is started for the run, and SQLite's files are made for it, unless
// BENCH_DATABASE_URL names a server on this machine, or a folder (sqlite:FOLDER):
// the databases made there are kept for the next run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

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
	if err != nil && ctx.Err() != nil { // what failed has failed because of it
		err = errors.New("interrupted")
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
	folder, err := os.MkdirTemp("", "stoa-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if o.profiles != "" {
		if err := os.MkdirAll(o.profiles, 0o755); err != nil {
			return err
		}
	}
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
	if o.searches {
		text, err := measureSearches(ctx, o, h, folder)
		if err != nil {
			return err
		}
		return publishSearches(o, text)
	}
	all, err := measure(ctx, o, h, folder)
	if err != nil {
		return err
	}
	return publish(o, all)
}

// note tells whoever waits how far it is.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
