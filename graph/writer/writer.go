// Package writer writes what a document selects as JSON, object by object. The
// code that knows the kinds is generated (graph/generate); it does what gqlgen's
// executor does, but in one goroutine, from the top down, and without a closure,
// a context and a buffer for each value.
package writer

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// Writer is the answer to an operation as far as it is written.
//
// What writes a value returns whether there is one: with false the place in which
// it stands has to be null, and the errors have been added. An object goes on
// after such a field, as its others may have errors too.
type Writer struct {
	// JSON is the text so far.
	JSON []byte

	ctx  context.Context
	root *Place
	op   *graphql.OperationContext
}

// New returns a writer of the answer to the context's operation, whose fields are
// at the root.
func New(ctx context.Context, root *Place) *Writer {
	room := min(root.in.bytes.Load(), maxRoom)
	return &Writer{JSON: make([]byte, 0, room+room/8), ctx: ctx, root: root, op: graphql.GetOperationContext(ctx)}
}

// maxRoom bounds the room that is made for an answer because the last one to the
// operation took as much.
const maxRoom = 64 << 10

// Done returns the whole answer.
func (w *Writer) Done() []byte {
	w.root.in.bytes.Store(int64(len(w.JSON)))
	return w.JSON
}

// Root returns the fields of the operation, whose type is the object.
func (w *Writer) Root(object string) []*Field {
	ctx := graphql.WithFieldContext(w.ctx, &graphql.FieldContext{Object: object})
	root := &Field{Place: w.root, ctx: ctx, index: none}
	return root.Of(object)
}

// Write appends JSON; it makes the writer an io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	w.JSON = append(w.JSON, p...)
	return len(p), nil
}

// Open begins an object, which Close needs to be told the place of.
func (w *Writer) Open() (at int) {
	w.JSON = append(w.JSON, '{')
	return len(w.JSON) - 1
}

// Key begins a field of the object.
func (w *Writer) Key(f *Field) {
	if w.JSON[len(w.JSON)-1] != '{' {
		w.JSON = append(w.JSON, ',')
	}
	w.JSON = append(w.JSON, f.key...)
}

// Close ends the object or, unless it is whole, takes it back.
func (w *Writer) Close(at int, whole bool) bool {
	if !whole {
		w.JSON = w.JSON[:at]
		return false
	}
	w.JSON = append(w.JSON, '}')
	return true
}

// Null writes a null.
func (w *Writer) Null() bool {
	w.JSON = append(w.JSON, "null"...)
	return true
}

// Int writes an Int.
func (w *Writer) Int(v int) bool {
	w.JSON = strconv.AppendInt(w.JSON, int64(v), 10)
	return true
}

// Bool writes a Boolean.
func (w *Writer) Bool(v bool) bool {
	w.JSON = strconv.AppendBool(w.JSON, v)
	return true
}

// String writes a String.
func (w *Writer) String(v string) bool {
	w.JSON = appendQuoted(w.JSON, v)
	return true
}

// Marshal writes a value that knows how to; a null where none may stand is no
// value.
func (w *Writer) Marshal(v graphql.Marshaler, required bool) bool {
	if required && v == graphql.Null || v == graphql.RequiredNull {
		return false
	}
	v.MarshalGQL(w)
	return true
}

// appendQuoted writes the text as gqlgen does: what need not be escaped is not.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '\\', '"':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}
