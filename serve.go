package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"stoa/internal/auth"
	"stoa/internal/documents"
	"stoa/internal/limit"
	"stoa/internal/observe"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
	"stoa/internal/store"
	"stoa/internal/web"
)

// grace is the time that requests under way have when Stoa stops.
const grace = 10 * time.Second

type serveCommand struct{}

// Run serves until ctx ends, then lets the requests under way finish.
func (serveCommand) Run(ctx context.Context, p *program) (err error) {
	s := p.settings
	if err := s.CheckToServe(); err != nil {
		return usage{err}
	}
	docs, err := p.documents()
	if err != nil {
		return err
	}
	defer boundMemory()()
	// The address comes first: a port that is taken should leave no new database behind.
	listener, err := net.Listen("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return fmt.Errorf("cannot listen: %w (HOST and PORT say where)", err)
	}
	defer listener.Close()
	apart, err := p.listenApart()
	if err != nil {
		return err
	}
	db, err := p.open(ctx, p.settings.DatabaseReplicaURLs.URLs()...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	logins, err := p.logins(db)
	if err != nil {
		return err
	}
	if s.Migrate {
		if err := db.Migrate(ctx, p.fill(db, logins)); err != nil {
			return fmt.Errorf("the database %s cannot be brought up to date: %w", s.DatabaseURL, err)
		}
	}
	if s.AdminEmail != "" {
		accounts := store.Accounts{DB: db, Auth: logins}
		if err := accounts.EnsureAdmin(ctx, s.AdminEmail, auth.Password(s.AdminPassword)); err != nil {
			return fmt.Errorf("the admin's account cannot be made: %w", err)
		}
	}
	return p.serve(ctx, listener, apart, db, logins, docs)
}

// logins is the service that keeps them, with a key from the settings or, beside
// a database file, one of its own.
func (p *program) logins(db *sqldb.DB) (*auth.Service, error) {
	s := p.settings
	keys := s.Keys()
	if len(keys) == 0 {
		key, err := auth.KeyFile(s.DatabaseURL.Path() + ".key")
		if err != nil {
			return nil, fmt.Errorf("the key that signs tokens cannot be kept: %w", err)
		}
		keys = [][]byte{key}
	}
	return auth.New(db, auth.Options{Keys: keys, TokenTTL: s.TokenTTL, RefreshTTL: s.RefreshTTL})
}

// fill is what a new database is filled with, nil for nothing.
func (p *program) fill(db *sqldb.DB, logins *auth.Service) func(context.Context) error {
	if !p.settings.WantsDemo() {
		return nil
	}
	return func(ctx context.Context) error {
		p.log.Info("filling the new database with the demo data", "database", p.settings.DatabaseURL)
		if err := seed.Demo(ctx, db, time.Now()); err != nil || p.settings.AdminEmail != "" {
			return err
		}
		return p.demoAdmin(ctx, store.Accounts{DB: db, Auth: logins})
	}
}

// demoAdmin makes an admin of the demo, with a password that only the one who
// started it is told: on standard output, never in the log.
func (p *program) demoAdmin(ctx context.Context, accounts store.Accounts) error {
	const email = "admin@stoa.example"
	password := auth.RandomPassword()
	if err := accounts.EnsureAdmin(ctx, email, password); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.out, "\n  The demo's admin logs in as %s with the password %s\n", email, string(password))
	return err
}

// site is what is served, and how; stopping is closed when it is about to end.
func (p *program) site(ctx context.Context, db *sqldb.DB, logins *auth.Service, stopping <-chan struct{}) (o web.Options, err error) {
	s := p.settings
	tracer, err := observe.NewTracer(ctx, s.OTLPEndpoint, p.log)
	if err != nil {
		return o, fmt.Errorf("traces cannot be sent: %w", err)
	}
	metrics := observe.NewMetrics(release())
	metrics.Pools(db.Pools)
	var budget limit.Budget
	if points := s.Points(); points > 0 {
		budget = p.budget(db, points)
	}
	return web.Options{
		DB: db, Auth: logins, Log: p.log, Stopping: stopping,
		Metrics: metrics, Tracer: tracer, Apart: s.AdminAddr != "",
		GraphiQL: s.Page(), Introspection: s.Introspection, StoredOnly: s.PersistedOnly, REST: s.REST,
		RequestTimeout: s.RequestTimeout, SlowQuery: s.SlowQuery,
		Budget: budget, Tries: limit.NewLogins(p.budget(db, s.AuthRateLimit)), Proxies: s.TrustedProxies,
		MaxCost: s.MaxCost, MaxDepth: s.MaxDepth, MaxSubscriptions: s.MaxSubscriptions, Origins: s.Origins(), DebugHeaders: s.Debugs(),
	}, nil
}

func (p *program) serve(ctx context.Context, listener, apart net.Listener, db *sqldb.DB, logins *auth.Service, docs []documents.Document) error {
	stopping := make(chan struct{})
	o, err := p.site(ctx, db, logins, stopping)
	if err != nil {
		return err
	}
	defer p.flush(ctx, o.Tracer)
	site := web.New(o)
	if err := site.Store(docs); err != nil {
		return err
	}
	server := patienceFor(o.RequestTimeout).server(site, p.log)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(server, listener) }()
	defer p.serveApart(apart, web.Operators(o))()
	p.announce(listener.Addr())

	select {
	case err := <-ended:
		site.Close()
		return err
	case <-ctx.Done():
	}
	p.log.Info("stopping")
	close(stopping)
	var closing sync.WaitGroup
	closing.Go(site.Close) // while the requests under way finish
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		p.log.Warn("requests were cut off", "after", grace)
		server.Close()
	}
	<-ended
	closing.Wait()
	return nil
}

// flush sends the traces that are left, unless nobody takes them.
func (p *program) flush(ctx context.Context, t *observe.Tracer) {
	const long = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long)
	defer cancel()
	if err := t.Close(ctx); err != nil {
		p.log.Warn("traces are lost", "error", err)
	}
}

// budget is one of so many points a minute, counted where the settings say.
func (p *program) budget(db *sqldb.DB, perMinute int) limit.Budget {
	if p.settings.SharesBudgets() {
		return limit.NewShared(db, perMinute, time.Now, p.log)
	}
	return limit.NewBuckets(perMinute, time.Now)
}

// announce tells where Stoa is to be found.
func (p *program) announce(address net.Addr) {
	host, port, _ := net.SplitHostPort(address.String())
	if ip := net.ParseIP(host); ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	url := "http://" + net.JoinHostPort(host, port)
	if onTerminal() {
		fmt.Fprintf(os.Stderr, "\n  Stoa is open at %s  (Ctrl-C closes it)\n\n", url)
		return
	}
	p.log.Info("listening", "url", url, "database", p.settings.DatabaseURL)
}
