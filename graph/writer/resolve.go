package writer

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
)

// errNull is what a resolver did that returned null where none may stand.
var errNull = errors.New("the requested element is null which the schema does not allow")

// Arguments reads a field's arguments.
type Arguments func(ctx context.Context, raw map[string]any) (map[string]any, error)

// Resolve calls the field's resolver, with the arguments in the field's context.
// It returns whether there is a value; an error, or a panic, has been added.
func Resolve[T any](w *Writer, f *Field, arguments Arguments, resolver func(context.Context, *graphql.FieldContext) (T, error)) (v T, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			f.Fail(w, w.op.RecoverFunc(f.here(w), cause))
			ok = false
		}
	}()
	if err := f.read(w, arguments); err != nil {
		f.Fail(w, err)
		return v, false
	}
	v, err := resolver(f.ctx, f.fc)
	if err != nil {
		here := f.here(w)
		graphql.AddError(here, graphql.AddFieldLocationToError(here, err))
	}
	return v, err == nil
}

// read reads the arguments: once, unless they are wrong. The error then tells
// which object it was.
func (f *Field) read(w *Writer, arguments Arguments) error {
	f.Context(w)
	if arguments == nil || f.fc.Args != nil {
		return nil
	}
	args, err := arguments(f.here(w), f.ArgumentMap(w.op.Variables))
	if err == nil {
		f.fc.Args = args
	}
	return err
}

// As is the result of a directive's, which is a T unless it is nothing.
func As[T any](v any, err error) (T, error) {
	typed, _ := v.(T)
	return typed, err
}

// Or writes a null in place of a value that there is not, where one may stand.
func (w *Writer) Or(at int, written bool) bool {
	if !written {
		w.JSON = w.JSON[:at]
		return w.Null()
	}
	return true
}

// Missing adds the error of a null where none may stand.
func (w *Writer) Missing(f *Field) bool {
	f.Fail(w, errNull)
	return false
}

// List writes a list, each element by write.
func List[T any](w *Writer, f *Field, list []T, write func(v T) bool) bool {
	at, ok := len(w.JSON), true
	w.JSON = append(w.JSON, '[')
	for i, v := range list {
		if i > 0 {
			w.JSON = append(w.JSON, ',')
		}
		f.index = i
		ok = write(v) && ok
	}
	f.index = none
	if !ok {
		w.JSON = w.JSON[:at]
		return false
	}
	w.JSON = append(w.JSON, ']')
	return true
}
