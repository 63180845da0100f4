package config

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// Option makes kong read c, which is embedded in the command line's struct. A flag goes before the
// environment and a secret's file, and an empty value counts as none. A wrong value does not end the
// parsing: Check tells of all of them together.
func (c *Config) Option() kong.Option {
	c.faults = map[string]string{}
	return kong.OptionFunc(func(k *kong.Kong) error {
		for _, option := range []kong.Option{
			kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 120}),
			kong.ValueFormatter(describe),
			kong.PostBuild(c.gather),
			kong.Resolvers(kong.ResolverFunc(fromFile)),
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
			s := &setting{flag: flag, faults: c.faults}
			c.settings = append(c.settings, s)
			flag.Mapper = s
		}
	}
	return nil
}

// A setting is the kong.Mapper of one field. It keeps what is wrong with a value, by the variable's
// name, and does not return it.
type setting struct {
	flag   *kong.Flag
	faults map[string]string
	source string // of the value, "" for the default
}

// The sources of values but for the default and files.
const (
	onCommandLine = "flag"
	inEnvironment = "environment"
)

// Decode is called for each flag, with a target beside the field, then for the environment or the
// default, with the field: that one counts when there was no flag. Last comes a file, with a target
// beside the field again. Its only error is that of a flag without the value that it needs.
func (s *setting) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	text := "true" // of a boolean flag that stands alone
	if !s.IsBoolFromValue(target) || ctx.Scan.Peek().Type == kong.FlagValueToken {
		token, err := ctx.Scan.PopValue("value")
		if err != nil {
			return err
		}
		text = fmt.Sprint(token.Value)
	}
	beside := target.Addr().Pointer() != ctx.Value.Target.Addr().Pointer()
	switch {
	case !beside && s.source != "":
		return nil
	case !beside && os.Getenv(s.name()) != "":
		s.source = inEnvironment
	case beside && s.source == "":
		s.source = onCommandLine
	}
	if text == "" {
		text = ctx.Value.Default
	}
	delete(s.faults, s.name())
	target.SetZero()
	if err := assign(target, text, ctx.Value.Tag.Get); err != nil {
		s.faults[s.name()] = err.Error()
	}
	return nil
}

// name is that of the variable.
func (s *setting) name() string { return s.flag.Envs[0] }

// secret tells whether the value is not for everybody's eyes.
func (s *setting) secret() bool { return s.flag.Tag.Has("secret") }

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
	t := flag.Target.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == durationType:
		return "TIME"
	case t == reflect.TypeFor[Database](), t == reflect.TypeFor[Databases]():
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
	names := v.Tag.Envs[0]
	if v.Tag.Has("secret") {
		names += " or " + names + inFile
	}
	return fmt.Sprintf("%s [%s, default: %s]", v.Help, names, initial)
}
