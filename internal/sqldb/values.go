package sqldb

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
)

// values are those of a row's columns, as a driver has them.
type values []driver.Value

// Scan is tuple's.
func (v values) Scan(into ...any) error {
	if len(into) != len(v) {
		return fmt.Errorf("%d columns for %d values", len(v), len(into))
	}
	for i, ptr := range into {
		if err := assign(ptr, v[i]); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

// assign has ptr point to the value.
func assign(ptr any, value driver.Value) error {
	switch v := value.(type) {
	case int64:
		switch ptr := ptr.(type) {
		case *int64:
			*ptr = v
			return nil
		case *int:
			*ptr = int(v)
			return nil
		}
	case string:
		if ptr, ok := ptr.(*string); ok {
			*ptr = v
			return nil
		}
	}
	if ptr, ok := ptr.(sql.Scanner); ok {
		return ptr.Scan(value)
	}
	return convert(reflect.ValueOf(ptr).Elem(), value)
}

// convert sets what has no assignment of its own: a kind of text or number that has a
// name, what numbers are written in, and pointers, which are nil for NULL.
func convert(into reflect.Value, value driver.Value) error {
	kind := into.Kind()
	switch v := value.(type) {
	case nil:
		if kind == reflect.Pointer || kind == reflect.Slice {
			into.SetZero()
			return nil
		}
		return fmt.Errorf("NULL where %s is expected", into.Type())
	case string:
		return convertText(into, v)
	case []byte:
		return convertText(into, string(v))
	}
	from := reflect.ValueOf(value)
	switch {
	case kind == reflect.Pointer:
		return point(into, value)
	case from.CanInt() && kind == reflect.Bool: // SQLite has no other
		into.SetBool(from.Int() != 0)
	case from.CanInt() && (into.CanInt() || into.CanFloat()), from.Kind() == kind && from.CanConvert(into.Type()):
		into.Set(from.Convert(into.Type()))
	default:
		return fmt.Errorf("%T where %s is expected", value, into.Type())
	}
	return nil
}

// point has a pointer point to a new value.
func point(into reflect.Value, value driver.Value) error {
	to := reflect.New(into.Type().Elem())
	into.Set(to)
	return assign(to.Interface(), value)
}

func convertText(into reflect.Value, text string) (err error) {
	switch {
	case into.Kind() == reflect.Pointer:
		return point(into, text)
	case into.Kind() == reflect.String:
		into.SetString(text)
	case into.Kind() == reflect.Slice:
		into.SetBytes([]byte(text))
	case into.CanInt():
		n, wrong := strconv.ParseInt(text, 10, 64)
		into.SetInt(n)
		err = wrong
	case into.CanFloat():
		n, wrong := strconv.ParseFloat(text, 64)
		into.SetFloat(n)
		err = wrong
	default:
		err = fmt.Errorf("text where %s is expected", into.Type())
	}
	return err
}
