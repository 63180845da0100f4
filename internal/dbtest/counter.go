package dbtest

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Counter records the statements that reach a driver, from any number of
// connectors. What opens, ends and sets up (BEGIN, COMMIT, ROLLBACK,
// savepoints, SET, PRAGMA, preparing) is none; a COPY is one, however many rows
// it takes. The zero value is ready for use.
type Counter struct {
	mu         sync.Mutex
	statements []string
	hold       func(statement string)
}

// Hold has each statement held back until the function returns, once the driver
// has answered it; nil holds none.
func (c *Counter) Hold(hold func(statement string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hold = hold
}

// Reset forgets all statements.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = nil
}

// Statements are the texts of the statements since the last Reset, in the order
// in which the driver answered them.
func (c *Counter) Statements() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.statements)
}

// Wrap is for sqldb.Options.
func (c *Counter) Wrap(inner driver.Connector) driver.Connector {
	return countedConnector{inner, c}
}

// count records a statement unless the driver left it to be prepared first.
func (c *Counter) count(text string, err error) {
	text = strings.TrimSpace(text)
	first, _, _ := strings.Cut(text, " ")
	switch strings.ToUpper(strings.TrimRight(first, ";")) {
	case "", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "PRAGMA":
		return
	}
	if errors.Is(err, driver.ErrSkip) {
		return
	}
	c.mu.Lock()
	c.statements = append(c.statements, text)
	hold := c.hold
	c.mu.Unlock()
	if hold != nil {
		hold(text)
	}
}

type countedConnector struct {
	driver.Connector
	counter *Counter
}

func (c countedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := inner.(conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("dbtest: %T lacks a part of conn", inner), inner.Close())
	}
	return countedConn{whole, c.counter}, nil
}

// conn is all that database/sql may ask of the connections of both drivers,
// NamedValueChecker aside, which one of them lacks.
type conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type countedConn struct {
	conn
	counter *Counter
}

func (c countedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.conn.ExecContext(ctx, text, args)
	c.counter.count(text, err)
	return result, err
}

func (c countedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.conn.QueryContext(ctx, text, args)
	c.counter.count(text, err)
	return rows, err
}

func (c countedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	inner, err := c.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	whole, ok := inner.(stmt)
	if !ok { // COPY: each Exec brings a row
		c.counter.count(text, nil)
		return inner, nil
	}
	return countedStmt{whole, text, c.counter}, nil
}

func (c countedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// stmt is all that database/sql may ask of the statements of both drivers.
type stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type countedStmt struct {
	stmt
	text    string
	counter *Counter
}

func (s countedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.stmt.ExecContext(ctx, args)
	s.counter.count(s.text, err)
	return result, err
}

func (s countedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.stmt.QueryContext(ctx, args)
	s.counter.count(s.text, err)
	return rows, err
}
