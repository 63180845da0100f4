package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"stoa/internal/auth"
	"stoa/internal/limit"
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
	boundMemory()
	// The address comes first: a port that is taken should leave no new database behind.
	listener, err := net.Listen("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return fmt.Errorf("cannot listen: %w (HOST and PORT say where)", err)
	}
	defer listener.Close()
	db, err := p.open(ctx)
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
	return p.serve(ctx, listener, db, logins)
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
		if err := seed.Demo(ctx, db); err != nil || p.settings.AdminEmail != "" {
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

func (p *program) serve(ctx context.Context, listener net.Listener, db *sqldb.DB, logins *auth.Service) error {
	stopping := make(chan struct{})
	server := p.server(db, logins, stopping)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	p.announce(listener.Addr())

	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	p.log.Info("stopping")
	close(stopping)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		p.log.Warn("requests were cut off", "after", grace)
		server.Close()
	}
	<-ended
	return nil
}

// server is what answers; stopping is closed when it is about to stop.
func (p *program) server(db *sqldb.DB, logins *auth.Service, stopping <-chan struct{}) *http.Server {
	s := p.settings
	var budget limit.Budget
	if points := s.Points(); points > 0 {
		budget = p.budget(db, points)
	}
	return patienceFor(s.RequestTimeout).server(web.New(web.Options{
		DB: db, Auth: logins, Log: p.log, Stopping: stopping,
		GraphiQL: s.GraphiQL, Introspection: s.Introspection,
		RequestTimeout: s.RequestTimeout, SlowQuery: s.SlowQuery,
		Budget: budget, Tries: limit.NewLogins(p.budget(db, s.AuthRateLimit)), Proxies: s.TrustedProxies,
		MaxCost: s.MaxCost, MaxDepth: s.MaxDepth, Origins: s.Origins(), DebugHeaders: s.Debugs(),
	}), p.log)
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
