package sqldb

import (
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/lib/pq"
)

// What an error of PostgreSQL means is told by its code, never by its text.

// down: the classes 08 (connection), 57P0x (shut down, crashed, starting) and
// 53300 (no connection left), or no answer at all.
func (postgres) down(err error) bool {
	var said *pq.Error
	if errors.As(err, &said) {
		code := string(said.Code)
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || code == "53300"
	}
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.As(err, &network)
}

// crossed: serialization_failure and deadlock_detected.
func (postgres) crossed(err error) bool {
	var said *pq.Error
	return errors.As(err, &said) && (said.Code == "40001" || said.Code == "40P01")
}

func (postgres) violated(err error) (violation, string) {
	var said *pq.Error
	if !errors.As(err, &said) {
		return nothing, ""
	}
	switch said.Code {
	case "23505":
		return uniqueness, said.Constraint
	case "23503":
		return reference, said.Constraint
	}
	return nothing, ""
}

// cancelled: query_canceled, of a statement_timeout too.
func (postgres) cancelled(err error) bool {
	var said *pq.Error
	return errors.As(err, &said) && said.Code == "57014"
}
