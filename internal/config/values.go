package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

var durationType = reflect.TypeFor[time.Duration]()

// assign sets target to the value that text stands for, or says what is wrong with it; without text
// it leaves target as it is. What tag answers for "choices", "min" and "max" bounds the value.
func assign(target reflect.Value, text string, tag func(string) string) error {
	if text == "" {
		return nil
	}
	if choices := tag("choices"); choices != "" {
		if text = strings.ToLower(text); !slices.Contains(strings.Split(choices, ","), text) {
			return fmt.Errorf("must be one of %s", strings.ReplaceAll(choices, ",", ", "))
		}
	}
	if u, ok := target.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch {
	case target.Kind() == reflect.Pointer:
		value := reflect.New(target.Type().Elem())
		if err := assign(value.Elem(), text, tag); err != nil {
			return err
		}
		target.Set(value)
	case target.Kind() == reflect.String:
		target.SetString(text)
	case target.Kind() == reflect.Bool:
		value, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			return errors.New("must be true or false")
		}
		target.SetBool(value)
	case target.Type() == durationType:
		return assignNumber(target, text, tag, parseDuration)
	case target.CanInt():
		return assignNumber(target, text, tag, parseInt)
	default:
		return fmt.Errorf("settings of type %s are not supported", target.Type())
	}
	return nil
}

func assignNumber[N int | time.Duration](target reflect.Value, text string, tag func(string) string, parse func(string) (N, error)) error {
	value, err := parse(text)
	if err != nil {
		return err
	}
	if limit := tag("min"); limit != "" {
		if least, err := parse(limit); err != nil || value < least {
			return fmt.Errorf("must be at least %s", limit)
		}
	}
	if limit := tag("max"); limit != "" {
		if most, err := parse(limit); err != nil || value > most {
			return fmt.Errorf("must be at most %s", limit)
		}
	}
	target.SetInt(int64(value))
	return nil
}

func parseInt(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number, or too large", text)
	}
	return n, nil
}

// parseDuration reads Go's form, and days in front of it: 500ms, 1h30m, 30d, 1d12h.
func parseDuration(text string) (time.Duration, error) {
	whole := text
	var days time.Duration
	if number, rest, found := strings.Cut(text, "d"); found {
		const most = 100_000 // the type ends at about 106,751 days
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > most {
			return 0, badDuration(whole)
		}
		days, text = time.Duration(n)*24*time.Hour, rest
		if text == "" {
			return days, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || (days > 0 && d < 0) {
		return 0, badDuration(whole)
	}
	return days + d, nil
}

func badDuration(text string) error {
	return fmt.Errorf("%q is not a duration, as in 500ms, 1h30m or 30d", text)
}
