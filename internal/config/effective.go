package config

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
)

// A Setting is one as it is in effect.
type Setting struct {
	Name   string // of the variable
	Value  string // as it prints; in brackets where it is described or hidden
	Source string // default, environment, flag, or file and its path
}

// Effective are all settings, in the order in which --help lists them. No value holds a secret.
func (c *Config) Effective() []Setting {
	all, derived := make([]Setting, len(c.settings)), c.derived()
	for i, s := range c.settings {
		all[i] = Setting{s.name(), s.print(derived), cmp.Or(s.source, "default")}
	}
	return all
}

// print is the value that is derived or, where none is, the setting's own.
func (s *setting) print(derived map[string]any) string {
	value, known := derived[s.name()]
	if !known {
		value = s.flag.Target.Interface()
	}
	text := fmt.Sprint(value)
	if reflect.TypeOf(value).Kind() == reflect.Slice {
		text = strings.ReplaceAll(strings.Trim(text, "[]"), " ", ",")
	}
	_, careful := value.(fmt.Stringer)
	switch {
	case !known && s.flag.Default == "" && reflect.ValueOf(value).IsZero():
		return "(" + s.flag.Tag.Get("shown") + ")"
	case text == "":
		return "(none)"
	case s.secret() && !careful:
		return "(hidden)"
	}
	return text
}

// derived are the values of those that depend on other settings while nothing is given for them.
func (c *Config) derived() map[string]any {
	p := c.Pool()
	return map[string]any{
		"DB_MAX_CONNS":       p.MaxConns,
		"DB_MIN_IDLE":        p.MinIdle,
		"DB_ACQUIRE_TIMEOUT": p.AcquireTimeout,
		"DB_CONN_LIFETIME":   p.ConnLifetime,
		"DB_CONN_IDLE":       p.ConnIdle,
		"DEMO":               c.WantsDemo(),
		"SHEDDING":           c.Sheds(),
		"CORS_ORIGINS":       strings.Join(c.Origins(), ","),
		"DEBUG_HEADERS":      c.Debugs(),
		"RATE_LIMIT":         c.Points(),
		"GRAPHIQL":           c.Page(),
	}
}
