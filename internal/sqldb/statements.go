package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxStatements bounds what is kept prepared on a connection.
const maxStatements = 400

// preparing connects so that a query is prepared when a connection meets it
// first. Its ? stand for arguments.
type preparing struct {
	driver.Connector
	rebind func(text string) string // writes ? as the driver has it
	keeps  bool                     // or queries are sent as they are
}

// Connect is driver.Connector's.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := inner.(conn)
	if !ok {
		return nil, join(fmt.Errorf("%T lacks a part of conn", inner), inner.Close())
	}
	c := &prepared{conn: whole, preparing: p}
	// The only error is a size that is not positive.
	c.byText, _ = simplelru.NewLRU(maxStatements, func(_ string, s driver.Stmt) { _ = s.Close() })
	return c, nil
}

// conn is all that database/sql may ask of the connections of both drivers,
// NamedValueChecker aside, which one of them lacks.
type conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// prepared is a connection and the statements prepared on it, by their texts:
// the least recently used of them is closed first.
type prepared struct {
	conn
	preparing
	byText *simplelru.LRU[string, driver.Stmt]
}

// QueryContext is driver.QueryerContext's.
func (c *prepared) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if !c.keeps {
		return c.conn.QueryContext(ctx, c.rebind(text), args)
	}
	s, ok := c.byText.Get(text)
	if !ok {
		var err error
		if s, err = c.PrepareContext(ctx, c.rebind(text)); err != nil {
			return nil, err
		}
		c.byText.Add(text, s)
	}
	query, ok := s.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return query.QueryContext(ctx, args)
}

// Close is driver.Conn's.
func (c *prepared) Close() error {
	c.byText.Purge() // without which SQLite would keep the file open
	return c.conn.Close()
}

// CheckNamedValue is driver.NamedValueChecker's.
func (c *prepared) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}
