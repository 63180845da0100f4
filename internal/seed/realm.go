package seed

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// realm is a part of life and the things in it.
type realm struct {
	wares     []string
	materials []stuff
	nouns     []stuff
}

// stuff is a noun or a material.
type stuff struct {
	entry
	code  string // three capital letters, for a sku
	price int64  // what a noun usually costs, in whole units
}

type ware struct {
	name  string
	realm *realm
}

// readRealms reads a file for each realm, in the order of their names.
func (l *lexicon) readRealms() error {
	names, err := fs.Glob(wordFiles, "words/realms/*.txt")
	if err != nil {
		return err
	}
	for _, name := range names {
		lines, err := linesOf(name)
		if err != nil {
			return err
		}
		r, err := l.realm(lines)
		if err != nil {
			return fmt.Errorf("word list %s: %w", path.Base(name), err)
		}
		l.realms = append(l.realms, r)
	}
	l.wares = mixed(l.realms)
	return nil
}

// mixed takes a ware of each realm, then another of each, to the last.
func mixed(realms []realm) []ware {
	var wares []ware
	for round := 0; ; round++ {
		before := len(wares)
		for i := range realms {
			if r := &realms[i]; round < len(r.wares) {
				wares = append(wares, ware{r.wares[round], r})
			}
		}
		if len(wares) == before {
			return wares
		}
	}
}

// realm reads the sections [categories], [materials] and [nouns].
func (l *lexicon) realm(lines []string) (realm, error) {
	var r realm
	section := ""
	for _, line := range lines {
		switch {
		case line[0] == '[':
			section = line
		case section == "[categories]":
			r.wares = append(r.wares, line)
		case section == "[materials]":
			r.materials = append(r.materials, stuff{entry: l.entry(line), code: codeOf(line)})
		case section == "[nouns]":
			at := strings.LastIndexByte(line, ' ')
			price, err := strconv.ParseInt(line[at+1:], 10, 64)
			if err != nil {
				return r, fmt.Errorf("%q has no price", line)
			}
			r.nouns = append(r.nouns, stuff{l.entry(line[:at]), codeOf(line), price})
		default:
			return r, fmt.Errorf("%q stands in no section", line)
		}
	}
	return r, nil
}

// codeOf is the first three letters, in capitals.
func codeOf(text string) string {
	var code []byte
	for _, c := range []byte(strings.ToUpper(text)) {
		if 'A' <= c && c <= 'Z' && len(code) < 3 {
			code = append(code, c)
		}
	}
	return string(code)
}
