package store

import (
	"net/mail"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// checks gathers the faults of one input, which stands at the path.
type checks struct {
	path   string
	faults fault.List
}

func (c *checks) refuse(field string, reason fault.Reason, message string) *fault.Error {
	e := fault.Input(c.path+"."+field, reason, "%s", message)
	c.faults.Add(e)
	return e
}

// rule is what a value of the kind must be: it returns the value as it is kept,
// and adds to the checks what is wrong with it.
type rule[V, W any] func(c *checks, field string, v V) W

// set writes a value that is given, and refuses null.
func set[V, W any](c *checks, field string, given graphql.Omittable[*V], into *W, keep rule[V, W]) {
	v, ok := given.ValueOK()
	switch {
	case !ok:
	case v == nil:
		c.refuse(field, fault.Required, "It cannot be null; leave it out to keep it.")
	default:
		*into = keep(c, field, *v)
	}
}

// setOrClear writes a value that is given, or takes it away where it is null.
func setOrClear[V, W any](c *checks, field string, given graphql.Omittable[*V], into **W, keep rule[V, W]) {
	if v, ok := given.ValueOK(); ok {
		*into = optional(c, field, v, keep)
	}
}

// optional is the value as it is kept, nil where there is none.
func optional[V, W any](c *checks, field string, v *V, keep rule[V, W]) *W {
	if v == nil {
		return nil
	}
	kept := keep(c, field, *v)
	return &kept
}

// line is a text of one line, trimmed, of 1 to most code points.
func line(most int) rule[string, string] {
	return func(c *checks, field, v string) string {
		v = strings.TrimSpace(v)
		switch {
		case v == "":
			c.refuse(field, fault.Blank, "It is blank.")
		case strings.ContainsFunc(v, unicode.IsControl):
			c.refuse(field, fault.Malformed, "It holds control characters.")
		default:
			c.atMost(field, most, utf8.RuneCountInString(v))
		}
		return v
	}
}

// text is a text of any lines, of at most most code points.
func text(most int) rule[string, string] {
	return func(c *checks, field, v string) string {
		if strings.ContainsFunc(v, unprintable) {
			c.refuse(field, fault.Malformed, "It holds control characters.")
		} else {
			c.atMost(field, most, utf8.RuneCountInString(v))
		}
		return v
	}
}

// fullText is a text that is not blank.
func fullText(most int) rule[string, string] {
	return func(c *checks, field, v string) string {
		if strings.TrimSpace(v) == "" {
			c.refuse(field, fault.Blank, "It is blank.")
			return v
		}
		return text(most)(c, field, v)
	}
}

func unprintable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

func (c *checks) atMost(field string, most, length int) {
	if length > most {
		c.refuse(field, fault.TooLong, "It is longer than "+strconv.Itoa(most)+".").Bounded(strconv.Itoa(most))
	}
}

func (c *checks) atLeast(field string, least, length int) {
	if length < least {
		c.refuse(field, fault.TooShort, "It is shorter than "+strconv.Itoa(least)+".").Bounded(strconv.Itoa(least))
	}
}

// word is a text of least to most of ASCII letters, digits and the others.
func word(least, most int, others string) rule[string, string] {
	return func(c *checks, field, v string) string {
		length := utf8.RuneCountInString(v)
		switch {
		case length < least:
			c.atLeast(field, least, length)
		case length > most:
			c.atMost(field, most, length)
		case strings.ContainsFunc(v, func(r rune) bool { return !alphanumeric(r) && !strings.ContainsRune(others, r) }):
			c.refuse(field, fault.Malformed, "It may hold letters, digits and "+strings.Join(strings.Split(others, ""), " ")+" only.")
		}
		return v
	}
}

func alphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// address is an e-mail's address, trimmed and in lower case.
func address(c *checks, field, v string) string {
	v = normalAddress(v)
	if length := utf8.RuneCountInString(v); length > 254 {
		c.atMost(field, 254, length)
		return v
	}
	parsed, err := mail.ParseAddress(v)
	if err != nil || parsed.Address != v || strings.ContainsFunc(v, unicode.IsControl) {
		c.refuse(field, fault.Malformed, "It is no e-mail address.")
	}
	return v
}

func normalAddress(v string) string { return strings.ToLower(strings.TrimSpace(v)) }

func password(c *checks, field string, p auth.Password) auth.Password {
	c.atLeast(field, auth.MinPassword, len(p))
	c.atMost(field, auth.MaxPassword, len(p))
	if strings.ContainsFunc(string(p), unicode.IsControl) {
		c.refuse(field, fault.Malformed, "It holds control characters.")
	}
	return p
}

// maxPrice is the dearest a product may be: 99999999.99.
const maxPrice scalar.Cents = 99_999_999_99

func price(c *checks, field string, d scalar.Decimal) scalar.Cents {
	cents, wrong := checkPrice(field, d)
	if wrong != nil {
		c.refuse(field, wrong.Reason, wrong.Message).Bounded(wrong.Limit)
	}
	return cents
}

// checkPrice returns the price that a client wrote at the field, or what is
// wrong with it.
func checkPrice(field string, d scalar.Decimal) (scalar.Cents, *fault.Error) {
	cents, exact := d.Cents()
	switch {
	case d.Negative():
		return 0, fault.Input(field, fault.TooSmall, "A price is not negative.").Bounded("0")
	case d.Places() > 2:
		return 0, fault.Input(field, fault.TooPrecise, "A price has at most two decimals.").Bounded("2")
	case !exact || cents > maxPrice:
		return 0, fault.Input(field, fault.TooLarge, "A price is at most %s.", maxPrice).Bounded(maxPrice.String())
	}
	return cents, nil
}

// priceTerm is the price at the field of a filter.
func priceTerm(w *sqldb.Where, field string, d *scalar.Decimal) *scalar.Cents {
	if d == nil {
		return nil
	}
	cents, wrong := checkPrice(field, *d)
	if wrong != nil {
		w.Refuse(wrong)
	}
	return &cents
}

// between is a whole number in bounds, which are part of them.
func between(least, most int) rule[int, int] {
	return func(c *checks, field string, n int) int {
		switch {
		case n < least:
			c.refuse(field, fault.TooSmall, "It is less than "+strconv.Itoa(least)+".").Bounded(strconv.Itoa(least))
		case n > most:
			c.refuse(field, fault.TooLarge, "It is more than "+strconv.Itoa(most)+".").Bounded(strconv.Itoa(most))
		}
		return n
	}
}

// key is the key of an id of the table's kind.
func key[T any](of *sqldb.Table[T]) rule[relay.ID, int64] {
	return func(c *checks, field string, id relay.ID) int64 {
		key, wrong := of.Key(field, id)
		if wrong != nil {
			c.refuse(field, wrong.Reason, wrong.Message)
		}
		return key
	}
}

// valueOrNil is what v points to.
func valueOrNil[V any](v *V) any {
	if v == nil {
		return nil
	}
	return *v
}

// notFound is the fault of a reference to what is not there.
func notFound(field string) *fault.Error {
	return fault.New(fault.NotFound, "There is no such thing.").About(field, fault.Missing)
}
