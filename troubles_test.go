package main

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"
)

// What happens to the database of a load: each begins, and returns what ends it.

func nothing() error { return nil }

func (l *load) terminateBackends(t *testing.T) (end func() error) {
	t.Helper()
	for range 3 {
		if _, err := l.other.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stoa'"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // in which some come back
	}
	return nothing
}

func (l *load) restart(t *testing.T) (end func() error) {
	t.Helper()
	if err := l.postgres.Restart(); err != nil {
		t.Fatal(err)
	}
	return nothing
}

func (l *load) halt(t *testing.T) (end func() error) {
	t.Helper()
	if err := l.postgres.Halt(); err != nil {
		t.Fatal(err)
	}
	return l.postgres.Resume
}

func (l *load) freeze(t *testing.T) (end func() error) {
	t.Helper()
	if err := l.postgres.Freeze(); err != nil {
		t.Fatal(err)
	}
	return l.postgres.Thaw
}

func (l *load) lockProducts(t *testing.T) (end func() error) {
	t.Helper()
	tx, err := l.other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("LOCK TABLE products IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(errors.Join(err, tx.Rollback()))
	}
	return tx.Rollback
}

// useUpConnections takes all that the server has, those of Stoa too.
func (l *load) useUpConnections(t *testing.T) (end func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var taken []*sql.Conn
	for len(l.told(away)) < often && ctx.Err() == nil {
		conn, err := l.other.Conn(ctx)
		if err == nil {
			taken = append(taken, conn)
			_, err = conn.ExecContext(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stoa'")
			if err != nil {
				t.Error(err)
			}
		}
	}
	return func() (err error) {
		for _, conn := range taken {
			err = errors.Join(err, conn.Close())
		}
		l.other.SetMaxIdleConns(0) // ends those that nobody uses
		return err
	}
}
