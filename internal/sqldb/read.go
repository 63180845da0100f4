package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// tuple is a row that a statement returned.
type tuple interface {
	// Scan reads the values of its columns into what the pointers point to.
	Scan(into ...any) error
}

// read sends a statement and hands each row that it returns to scan: by the driver
// itself, since nothing is needed of what database/sql does for each statement,
// row and value. A connection may have been lost while nobody used it, and with it
// all others.
func (p *pool) read(ctx context.Context, text string, args []any, scan func(tuple) error) error {
	for lost := 0; ; lost++ {
		answered, err := p.readOnce(ctx, text, args, scan)
		if answered || lost > p.places.most || !errors.Is(err, driver.ErrBadConn) {
			return err
		}
	}
}

// readOnce tells whether the statement was answered.
func (p *pool) readOnce(ctx context.Context, text string, args []any, scan func(tuple) error) (answered bool, err error) {
	on, err := p.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = on.Close() }() // which gives it back, unless it was lost
	err = on.Raw(func(c any) error {
		rows, err := c.(*prepared).query(ctx, text, args)
		if err != nil {
			return err
		}
		answered = true
		return readEach(rows, scan)
	})
	return answered, err
}

// readEach hands each row of a result to scan.
func readEach(rows driver.Rows, scan func(tuple) error) error {
	defer rows.Close()
	row := make(values, len(rows.Columns()))
	var t tuple = row
	for {
		if err := rows.Next(row); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		if err := scan(t); err != nil {
			return err
		}
	}
}

// query is QueryContext, of arguments that are not yet as the driver has them.
func (c *prepared) query(ctx context.Context, text string, args []any) (driver.Rows, error) {
	named := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, err
		}
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	return c.QueryContext(ctx, text, named)
}
