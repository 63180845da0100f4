package floor

import (
	"fmt"
	"strconv"
	"time"
)

func appendID(b []byte, id int64) []byte {
	return append(strconv.AppendInt(append(b, '"'), id, 10), '"')
}

// appendText writes a JSON string of UTF-8.
func appendText[T ~string | ~[]byte](b []byte, text T) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			b = append(b, text[from:i]...)
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			from = i + 1
		}
	}
	return append(append(b, text[from:]...), '"')
}

const hex = "0123456789abcdef"

// cents is a price: PostgreSQL sends it as text, SQLite as whole cents.
type cents struct {
	text  []byte
	whole int64
}

// Scan keeps the driver's bytes, which are good until the next row.
func (c *cents) Scan(v any) error {
	switch v := v.(type) {
	case []byte:
		c.text = v
	case int64:
		c.whole = v
	default:
		return fmt.Errorf("a price is no %T", v)
	}
	return nil
}

func (c *cents) append(b []byte) []byte {
	if c.text != nil {
		return append(b, c.text...)
	}
	b = strconv.AppendInt(b, c.whole/100, 10)
	return append(b, '.', byte('0'+c.whole/10%10), byte('0'+c.whole%10))
}

// instant is a time: SQLite has microseconds.
type instant struct{ time.Time }

func (t *instant) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		t.Time = v
	case int64:
		t.Time = time.UnixMicro(v)
	default:
		return fmt.Errorf("a time is no %T", v)
	}
	return nil
}

func (t *instant) append(b []byte) []byte {
	return t.UTC().AppendFormat(b, `"2006-01-02T15:04:05.000000Z"`)
}
