// Stoa serves a catalogue and its community by GraphQL, from SQLite or PostgreSQL.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"stoa/graph"
	"stoa/internal/config"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// commandLine is all that can be typed behind "stoa".
type commandLine struct {
	config.Config

	Serve   serveCommand   `cmd:"" default:"1" help:"Serve GraphQL over HTTP (what Stoa does without a command)."`
	Migrate migrateCommand `cmd:"" help:"Change the tables of the database."`
	Seed    seedCommand    `cmd:"" help:"Fill a database with made-up data: the same for the same numbers, whatever the database."`
	Health  healthCommand  `cmd:"" help:"Ask the running instance whether it is ready: exit status 0 if it is, else 1."`
	Told    configCommand  `cmd:"" name:"config" help:"Print the settings in effect and where each is from, secrets hidden."`
	Schema  schemaCommand  `cmd:"" help:"Print the GraphQL schema."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	var line commandLine
	parser := kong.Must(&line, line.Option(), kong.Name("stoa"),
		kong.Description("A GraphQL server for a catalogue and its community, on SQLite or PostgreSQL."))
	parsed, err := parser.Parse(os.Args[1:])
	if err != nil {
		os.Exit(report(usage{fmt.Errorf("%w; stoa --help tells more", err)}, line.DatabaseURL))
	}
	parsed.BindTo(untilSignal(), (*context.Context)(nil))
	err = parsed.Run(&program{settings: &line.Config, log: newLog(&line.Config), out: os.Stdout})
	os.Exit(report(err, line.DatabaseURL))
}

// untilSignal returns a context that ends at the first SIGINT or SIGTERM. Once it has ended, a second
// signal ends the process at once.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { // as long as the process lives
		<-signals
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}

// A program is what every command has at hand.
type program struct {
	settings *config.Config
	log      *slog.Logger // to standard error
	out      io.Writer    // standard output
}

// open opens the database and, if there are any, its replicas; nothing when a
// setting is wrong.
func (p *program) open(ctx context.Context, replicas ...string) (*sqldb.DB, error) {
	s := p.settings
	if err := s.Check(); err != nil {
		return nil, usage{err}
	}
	pool := s.Pool()
	db, err := sqldb.Open(ctx, sqldb.Options{
		URL:            s.DatabaseURL.URL(),
		Listen:         s.DatabaseListenURL.URL(),
		Replicas:       replicas,
		MaxLag:         s.ReplicaMaxLag,
		Distributed:    s.DatabaseDistributed,
		MaxConns:       pool.MaxConns,
		MinIdle:        pool.MinIdle,
		AcquireTimeout: pool.AcquireTimeout,
		ConnLifetime:   pool.ConnLifetime,
		ConnIdle:       pool.ConnIdle,
		MaxCost:        s.MaxDBCost,
		Sheds:          s.Sheds(),
		Log:            p.log,
	})
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be opened: %w", s.DatabaseURL, err)
	}
	return db, nil
}

// A usage error is a wrong setting or command.
type usage struct{ error }

// report prints what went wrong, without secrets, and returns the exit status.
func report(err error, database config.Database) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	fmt.Fprintln(os.Stderr, "stoa: "+database.Hide(err.Error()))
	if errors.As(err, new(usage)) {
		return 2
	}
	return 1
}

func newLog(s *config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "text" || s.LogFormat == "" && onTerminal() {
		return slog.New(web.LogHandler(slog.NewTextHandler(os.Stderr, options)))
	}
	return slog.New(web.LogHandler(slog.NewJSONHandler(os.Stderr, options)))
}

// onTerminal tells whether a person reads what goes to standard error.
func onTerminal() bool { return term.IsTerminal(int(os.Stderr.Fd())) }

type schemaCommand struct{}

func (schemaCommand) Run(p *program) error {
	_, err := io.WriteString(p.out, graph.SDL())
	return err
}
