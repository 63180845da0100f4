// Package scalar says what a value is: decimals, instants and words, exact and
// the same on every database.
package scalar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number: digits × 10^exponent, negative or not.
// The zero value is 0. It is compared and converted, never calculated with.
type Decimal struct {
	negative bool
	digits   string // without zeros at either end; "" is 0
	exponent int
}

// maxExponent bounds what ParseDecimal keeps of an exponent: beyond it a number
// is too large, or too precise, for every rule alike.
const maxExponent = 1 << 20

// ParseDecimal reads a number as JSON writes one (RFC 8259, section 6): no plus
// sign, no leading zero, no bare point.
func ParseDecimal(s string) (Decimal, error) {
	number := s
	negative := strings.HasPrefix(number, "-")
	number = strings.TrimPrefix(number, "-")
	mantissa, exponent := number, 0
	if at := strings.IndexAny(number, "eE"); at >= 0 {
		mantissa = number[:at]
		e, ok := parseExponent(number[at+1:])
		if !ok {
			return Decimal{}, notDecimal(s)
		}
		exponent = e
	}
	whole, decimals, point := strings.Cut(mantissa, ".")
	if !allDigits(whole) || len(whole) > 1 && whole[0] == '0' || point && !allDigits(decimals) {
		return Decimal{}, notDecimal(s)
	}
	return normal(negative, whole+decimals, exponent-len(decimals)), nil
}

func notDecimal(s string) error { return fmt.Errorf("%q is not a decimal number", clipText(s)) }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func parseExponent(s string) (int, bool) {
	digits := strings.TrimLeft(s, "+-")
	if !allDigits(digits) || len(s)-len(digits) > 1 {
		return 0, false
	}
	e, err := strconv.Atoi(digits)
	if err != nil || e > maxExponent {
		e = maxExponent
	}
	if s[0] == '-' {
		e = -e
	}
	return e, true
}

// normal strips zeros at both ends, so that equal numbers are equal values.
func normal(negative bool, digits string, exponent int) Decimal {
	digits = strings.TrimLeft(digits, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return Decimal{}
	}
	return Decimal{negative, trimmed, exponent + len(digits) - len(trimmed)}
}

// Whole returns n.
func Whole(n int64) Decimal {
	text := strconv.FormatInt(n, 10)
	return normal(n < 0, strings.TrimPrefix(text, "-"), 0)
}

// Negative tells whether the number is below zero.
func (d Decimal) Negative() bool { return d.negative }

// Places is how many decimals the number needs.
func (d Decimal) Places() int { return max(0, -d.exponent) }

// Cents returns the number in hundredths; false when it needs more than two
// decimals, or more than 16 digits before the point.
func (d Decimal) Cents() (Cents, bool) {
	shift := d.exponent + 2
	if d.digits == "" {
		return 0, true
	}
	if shift < 0 || len(d.digits)+shift > 18 {
		return 0, false
	}
	n, err := strconv.ParseInt(d.digits+strings.Repeat("0", shift), 10, 64)
	if d.negative {
		n = -n
	}
	return Cents(n), err == nil
}

// String is the shortest form without an exponent; beyond 40 digits it has one.
func (d Decimal) String() string {
	sign := ""
	if d.negative {
		sign = "-"
	}
	point := len(d.digits) + d.exponent
	switch {
	case d.digits == "":
		return "0"
	case d.exponent > 40 || point < -40:
		return sign + d.digits + "e" + strconv.Itoa(d.exponent)
	case d.exponent >= 0:
		return sign + d.digits + strings.Repeat("0", d.exponent)
	case point > 0:
		return sign + d.digits[:point] + "." + d.digits[point:]
	default:
		return sign + "0." + strings.Repeat("0", -point) + d.digits
	}
}

// AppendGQL appends the Decimal as JSON: a string.
func (d Decimal) AppendGQL(b []byte) []byte {
	return append(append(append(b, '"'), d.String()...), '"')
}

// MarshalGQL writes the Decimal as a string.
func (d Decimal) MarshalGQL(w io.Writer) { _, _ = w.Write(d.AppendGQL(nil)) }

// UnmarshalGQL reads a Decimal from a string or an exact number. A float64 is
// refused: its digits are not those that were sent.
func (d *Decimal) UnmarshalGQL(v any) (err error) {
	switch v := v.(type) {
	case string:
		*d, err = ParseDecimal(v)
	case json.Number:
		*d, err = ParseDecimal(v.String())
	case int:
		*d = Whole(int64(v))
	case int64:
		*d = Whole(v)
	default:
		err = fmt.Errorf("a Decimal is a string or a number")
	}
	return err
}

// Cents is an amount with two decimals, counted in hundredths.
type Cents int64

// Append appends the amount with its two decimals, as in 199.90.
func (c Cents) Append(b []byte) []byte {
	n := uint64(c)
	if c < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendUint(b, n/100, 10)
	return append(b, '.', byte('0'+n/10%10), byte('0'+n%10))
}

// String is the amount with its two decimals.
func (c Cents) String() string { return string(c.Append(nil)) }

// AppendGQL appends the Decimal as JSON: a string with two decimals.
func (c Cents) AppendGQL(b []byte) []byte { return append(c.Append(append(b, '"')), '"') }

// MarshalGQL writes the Decimal as a string with two decimals.
func (c Cents) MarshalGQL(w io.Writer) { _, _ = w.Write(c.AppendGQL(nil)) }

// UnmarshalGQL reads a Decimal that has at most two decimals.
func (c *Cents) UnmarshalGQL(v any) error {
	var d Decimal
	if err := d.UnmarshalGQL(v); err != nil {
		return err
	}
	cents, ok := d.Cents()
	if !ok {
		return fmt.Errorf("%s is not an amount with two decimals", clipText(d.String()))
	}
	*c = cents
	return nil
}

// Scan takes what either database holds: a numeric's text, or hundredths.
func (c *Cents) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*c = Cents(v)
		return nil
	case []byte:
		if cents, ok := parseCents(v); ok {
			*c = cents
			return nil
		}
		return c.UnmarshalGQL(string(v))
	case string:
		return c.UnmarshalGQL(v)
	}
	return fmt.Errorf("scalar: Cents cannot be read from %T", v)
}

// parseCents reads an amount as PostgreSQL writes it, with two decimals.
func parseCents(text []byte) (amount Cents, ok bool) {
	digits, negative := bytes.CutPrefix(text, []byte("-"))
	point := len(digits) - len(".00")
	if point < 1 || point > 16 || digits[point] != '.' {
		return 0, false
	}
	for i, d := range digits {
		switch {
		case i == point:
		case !isDigit(d):
			return 0, false
		default:
			amount = 10*amount + Cents(d-'0')
		}
	}
	if negative {
		amount = -amount
	}
	return amount, true
}
