package store

import (
	"stoa/internal/fault"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// maxPrice is the dearest a product may be: 99999999.99.
const maxPrice scalar.Cents = 99_999_999_99

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

// price is the price at the field of a filter.
func price(w *sqldb.Where, field string, d *scalar.Decimal) *scalar.Cents {
	if d == nil {
		return nil
	}
	cents, wrong := checkPrice(field, *d)
	if wrong != nil {
		w.Refuse(wrong)
	}
	return &cents
}
