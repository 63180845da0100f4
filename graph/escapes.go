package graph

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape writes out the escapes of strings that the parser does not know:
// pairs of surrogates, which it would take for two unknown characters, and
// \u{…}. It is an error where an escape names no character.
func unescape(document string) (string, error) {
	if !strings.Contains(document, `\u`) {
		return document, nil
	}
	var b strings.Builder
	for rest := document; rest != ""; {
		token, inString := nextToken(rest)
		rest = rest[len(token):]
		if inString {
			plain, err := unescapeString(token)
			if err != nil {
				return "", err
			}
			token = plain
		}
		b.WriteString(token)
	}
	return b.String(), nil
}

// nextToken is a string, a comment, a block string or what lies before the next
// of them; inString tells whether it is the first, with its quotes.
func nextToken(s string) (token string, inString bool) {
	switch {
	case strings.HasPrefix(s, `"""`):
		return s[:blockEnd(s)], false
	case s[0] == '"':
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"', '\n':
				return s[:i+1], true
			}
		}
		return s, true
	case s[0] == '#':
		if end := strings.IndexAny(s, "\r\n"); end > 0 {
			return s[:end], false
		}
		return s, false
	}
	if end := strings.IndexAny(s, `"#`); end > 0 {
		return s[:end], false
	}
	return s, false
}

// blockEnd is how many bytes the block string takes that s begins with.
func blockEnd(s string) int {
	for i := len(`"""`); i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], `\"""`):
			i += len(`"""`)
		case strings.HasPrefix(s[i:], `"""`):
			return i + len(`"""`)
		}
	}
	return len(s)
}

func unescapeString(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 == len(s) || s[i+1] != 'u' {
			width := 1
			if s[i] == '\\' && i+1 < len(s) {
				width = 2
			}
			b.WriteString(s[i : i+width])
			i += width
			continue
		}
		r, width, braced, err := escaped(s[i:])
		if err != nil {
			return "", err
		}
		if braced || r > 0xFFFF {
			writeEscaped(&b, r)
		} else {
			b.WriteString(s[i : i+width])
		}
		i += width
	}
	return b.String(), nil
}

// writeEscaped writes the character, itself escaped where a string needs it.
func writeEscaped(b *strings.Builder, r rune) {
	if r < 0x20 || r == '"' || r == '\\' {
		fmt.Fprintf(b, `\u%04x`, r)
		return
	}
	b.WriteRune(r)
}

// escaped is the character of the \u… that s begins with, and how many bytes it
// takes. Two surrogates are one character.
func escaped(s string) (r rune, width int, braced bool, err error) {
	if strings.HasPrefix(s, `\u{`) {
		end := strings.IndexByte(s, '}')
		if end < 0 || end > len(`\u{10FFFF`) {
			return 0, 0, true, errNoCharacter
		}
		n, err := strconv.ParseUint(s[3:end], 16, 32)
		if err != nil || n > utf8.MaxRune || utf16.IsSurrogate(rune(n)) {
			return 0, 0, true, errNoCharacter
		}
		return rune(n), end + 1, true, nil
	}
	first, ok := hex4(s)
	if !ok {
		return 0, min(6, len(s)), false, nil // the parser says what is wrong
	}
	if !utf16.IsSurrogate(first) {
		return first, 6, false, nil
	}
	second, ok := hex4(s[6:])
	if pair := utf16.DecodeRune(first, second); ok && pair != utf8.RuneError {
		return pair, 12, false, nil
	}
	return 0, 0, false, errNoCharacter
}

var errNoCharacter = fmt.Errorf("an escape in a string names no character")

// hex4 is the number of a \uXXXX that s begins with.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 32)
	return rune(n), err == nil
}
