package scalar

import (
	"fmt"
	"io"
	"time"
)

// Time is an instant: whole microseconds since 1970 in UTC, which both
// databases hold exactly. Its GraphQL form is DateTime.
type Time int64

// TimeOf returns t, cut to microseconds.
func TimeOf(t time.Time) Time { return Time(t.UnixMicro()) }

// Std returns the instant as a time.Time in UTC.
func (t Time) Std() time.Time { return time.UnixMicro(int64(t)).UTC() }

// layout has six decimals always, so that equal instants have equal texts; zeros is
// the same in digits.
const (
	layout = "2006-01-02T15:04:05.000000Z"
	zeros  = "0000-00-00T00:00:00.000000Z"
)

// String is the RFC 3339 form in UTC with six decimals.
func (t Time) String() string { return string(t.Append(nil)) }

// Append appends String's form to b.
func (t Time) Append(b []byte) []byte {
	std := t.Std()
	year, month, day := std.Date()
	if year < 0 || year > 9999 {
		return std.AppendFormat(b, layout)
	}
	hour, minute, second := std.Clock()
	b = append(b, zeros...)
	text := b[len(b)-len(zeros):]
	for _, part := range [...]struct{ end, value int }{
		{4, year}, {7, int(month)}, {10, day}, {13, hour}, {16, minute}, {19, second}, {26, std.Nanosecond() / 1000},
	} {
		for at, rest := part.end-1, part.value; rest > 0; at, rest = at-1, rest/10 {
			text[at] = byte('0' + rest%10)
		}
	}
	return b
}

// ParseTime reads an RFC 3339 instant: any offset, a capital T and Z, up to nine
// decimals, cut to six.
func ParseTime(s string) (Time, error) {
	whole, decimals, offset, ok := splitTime(s)
	if !ok {
		return 0, fmt.Errorf("%q is not an RFC 3339 instant", clipText(s))
	}
	t, err := time.Parse("2006-01-02T15:04:05Z07:00", whole+offset)
	if err != nil {
		return 0, fmt.Errorf("%q is not an RFC 3339 instant", clipText(s))
	}
	micros, scale := int64(0), int64(100000)
	for i := 0; i < len(decimals) && i < 6; i++ {
		micros += int64(decimals[i]-'0') * scale
		scale /= 10
	}
	return Time(t.Unix()*1e6 + micros), nil
}

// splitTime parts the text after checking its form, of which time.Parse is
// more tolerant than RFC 3339 is.
func splitTime(s string) (whole, decimals, offset string, ok bool) {
	const form = "0000-00-00T00:00:00"
	if len(s) < len(form) || !matches(s[:len(form)], form) {
		return "", "", "", false
	}
	whole, rest := s[:len(form)], s[len(form):]
	if rest != "" && rest[0] == '.' {
		end := 1
		for end < len(rest) && isDigit(rest[end]) {
			end++
		}
		if end == 1 || end > 10 {
			return "", "", "", false
		}
		decimals, rest = rest[1:end], rest[end:]
	}
	switch {
	case rest == "Z":
	case len(rest) == 6 && (rest[0] == '+' || rest[0] == '-') && matches(rest[1:], "00:00"):
		if rest[1:3] > "23" || rest[4:6] > "59" {
			return "", "", "", false
		}
	default:
		return "", "", "", false
	}
	return whole, decimals, rest, true
}

// matches tells whether s has a digit wherever form has a 0, and form's own
// character elsewhere.
func matches(s, form string) bool {
	for i := range len(form) {
		if form[i] == '0' && !isDigit(s[i]) || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// clipText keeps a client's text in a message short.
func clipText(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// AppendGQL appends the DateTime as JSON.
func (t Time) AppendGQL(b []byte) []byte { return append(t.Append(append(b, '"')), '"') }

// MarshalGQL writes the DateTime.
func (t Time) MarshalGQL(w io.Writer) { _, _ = w.Write(t.AppendGQL(nil)) }

// UnmarshalGQL reads a DateTime from its text.
func (t *Time) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a DateTime is a string")
	}
	parsed, err := ParseTime(s)
	*t = parsed
	return err
}

// Scan takes what either database holds: a timestamp, or microseconds.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		*t = TimeOf(v)
	case int64:
		*t = Time(v)
	default:
		return fmt.Errorf("scalar: a Time cannot be read from %T", v)
	}
	return nil
}
