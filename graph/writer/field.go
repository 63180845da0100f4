package writer

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// none is the index of what is in no list.
const none = -1

// Field is a field as an object answers it, at one place in the document, with its
// arguments. It belongs to one answer, in which it is met once for each object of
// that place.
type Field struct {
	*Place

	object string
	parent *Field
	sets   []set

	ctx    context.Context // what its resolver is called with, once it was
	fc     *graphql.FieldContext
	index  int // of the element that is being written
	result any // the object that is being written, if it is not in a list
}

// set is what is selected of the field's values that are objects of the type.
type set struct {
	object string
	fields []*Field
}

// Of returns what is selected of the field's values that are of the type.
func (f *Field) Of(object string) []*Field {
	for i := range f.sets {
		if f.sets[i].object == object {
			return f.sets[i].fields
		}
	}
	places := f.Place.Of(object)
	fields, room := make([]*Field, len(places)), make([]Field, len(places))
	for i, p := range places {
		room[i] = Field{Place: p, object: object, parent: f, index: none}
		fields[i] = &room[i]
	}
	f.sets = append(f.sets, set{object, fields})
	return fields
}

// Within says which object the fields below belong to.
func (f *Field) Within(result any) { f.result = result }

// Context is what the field's resolver is called with: the same for all
// objects, so the path in it lacks the indexes.
func (f *Field) Context(w *Writer) context.Context {
	if f.ctx == nil {
		f.ctx, f.fc = f.enter(f.parent.Context(w))
	}
	if f.fc != nil {
		f.fc.Parent.Result = f.parent.result
	}
	return f.ctx
}

func (f *Field) enter(ctx context.Context) (context.Context, *graphql.FieldContext) {
	fc := &graphql.FieldContext{Object: f.object, Field: f.Collected(), IsMethod: true, IsResolver: true}
	return graphql.WithFieldContext(ctx, fc), fc
}

// Enclosing is the context of the object that the field belongs to.
func (f *Field) Enclosing(w *Writer) context.Context { return f.parent.Context(w) }

// Collected is the field as gqlgen has it.
func (f *Field) Collected() graphql.CollectedField {
	return graphql.CollectedField{Field: f.Place.Field, Selections: slices.Concat(f.Place.sets...)}
}

// here is a context whose path is that of the value at hand, for its errors.
func (f *Field) here(w *Writer) context.Context {
	if f.parent == nil {
		return f.ctx
	}
	ctx, fc := f.enter(f.parent.here(w))
	if f.fc != nil {
		fc.Args = f.fc.Args
	}
	if f.index != none {
		index := f.index
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &index})
	}
	return ctx
}

// Fail adds the error to those of the answer.
func (f *Field) Fail(w *Writer, err error) { graphql.AddError(f.here(w), err) }
