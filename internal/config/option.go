package config

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// Option makes kong read c, which is embedded in the command line's struct. A flag goes before the
// environment, and an empty value counts as none. A wrong value does not end the parsing: Check
// tells of all of them together.
func (c *Config) Option() kong.Option {
	c.faults = map[string]string{}
	return kong.OptionFunc(func(k *kong.Kong) error {
		for _, option := range []kong.Option{
			kong.Vars{"max_conns": strconv.Itoa(min(4*runtime.NumCPU(), 30))},
			kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 120}),
			kong.ValueFormatter(describe),
			kong.PostBuild(c.gather),
		} {
			if err := option.Apply(k); err != nil {
				return err
			}
		}
		return nil
	})
}

// gather puts a setting between kong and each field.
func (c *Config) gather(k *kong.Kong) error {
	for _, flag := range k.Model.Flags {
		if len(flag.Envs) > 0 {
			flag.Mapper = &setting{faults: c.faults}
		}
	}
	return nil
}

// A setting is the kong.Mapper of one field. It keeps what is wrong with a value, by the variable's
// name, and does not return it.
type setting struct {
	faults map[string]string
	given  bool // by a flag
}

// Decode is called for each flag, with a target beside the field, and then for the environment or
// the default, with the field: that one counts when there was no flag. Its only error is that of a
// flag without the value that it needs.
func (s *setting) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	text := "true" // of a boolean flag that stands alone
	if !s.IsBoolFromValue(target) || ctx.Scan.Peek().Type == kong.FlagValueToken {
		token, err := ctx.Scan.PopValue("value")
		if err != nil {
			return err
		}
		text = fmt.Sprint(token.Value)
	}
	if target.Addr().Pointer() != ctx.Value.Target.Addr().Pointer() {
		s.given = true
	} else if s.given {
		return nil
	}
	if text == "" {
		text = ctx.Value.Default
	}
	tag := ctx.Value.Tag
	delete(s.faults, tag.Envs[0])
	target.SetZero()
	if err := assign(target, text, tag.Get); err != nil {
		s.faults[tag.Envs[0]] = err.Error()
	}
	return nil
}

// IsBoolFromValue tells kong which flags may stand alone.
func (*setting) IsBoolFromValue(v reflect.Value) bool {
	t := v.Type()
	return t.Kind() == reflect.Bool || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Bool
}

// PlaceHolder is what --help shows in the place of a value.
func (*setting) PlaceHolder(flag *kong.Flag) string {
	if choices := flag.Tag.Get("choices"); choices != "" {
		return strings.ReplaceAll(choices, ",", "|")
	}
	switch t := flag.Target.Type(); {
	case t == durationType:
		return "TIME"
	case t == reflect.TypeFor[Database]():
		return "URL"
	case t.Kind() == reflect.String, t.Kind() == reflect.Slice:
		return "TEXT"
	default:
		return "N"
	}
}

// describe is a flag's line in --help.
func describe(v *kong.Value) string {
	if len(v.Tag.Envs) == 0 {
		return v.Help
	}
	initial := v.Default
	if initial == "" {
		initial = v.Tag.Get("shown")
	}
	return fmt.Sprintf("%s [%s, default: %s]", v.Help, v.Tag.Envs[0], initial)
}
