package relay

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"stoa/internal/fault"
)

// The sizes of a page.
const (
	DefaultPage = 10
	MaxPage     = 100
)

// Args are a connection field's paging arguments, nil where left out or null.
type Args struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// Window is how many rows of the list to take, and from which end.
type Window struct {
	Size     int
	Backward bool
}

// Window checks the sizes; faults are added to the list.
func (a Args) Window(faults *fault.List) Window {
	faults.Add(checkSize("first", a.First))
	faults.Add(checkSize("last", a.Last))
	switch {
	case a.First != nil && a.Last != nil:
		faults.Add(fault.Input("last", fault.Malformed, "Take the first rows or the last, not both."))
	case a.First != nil:
		return Window{Size: *a.First}
	case a.Last != nil:
		return Window{Size: *a.Last, Backward: true}
	}
	return Window{Size: DefaultPage}
}

func checkSize(field string, n *int) *fault.Error {
	switch {
	case n == nil:
		return nil
	case *n < 0:
		return fault.Input(field, fault.TooSmall, "A page has no fewer than 0 rows.").Bounded("0")
	case *n > MaxPage:
		return fault.Input(field, fault.TooLarge, "A page has at most %d rows.", MaxPage).Bounded(strconv.Itoa(MaxPage))
	}
	return nil
}

// Sort is the order that a client asks a list in. ThenBy breaks its ties.
type Sort struct {
	Field     SortField
	Direction SortDirection
	ThenBy    *Sort
}

// SortField is a column, named as the schema's enums name it: in capitals.
type SortField string

// Column is the column's name in the tables.
func (f SortField) Column() string { return strings.ToLower(string(f)) }

// MarshalGQL writes the name of the enum's value.
func (f SortField) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(f))) }

// UnmarshalGQL reads the name of an enum's value; that it is one of the enum's
// is checked before, by the schema.
func (f *SortField) UnmarshalGQL(v any) error { return unmarshalEnum((*string)(f), v) }

// SortDirection is ASC or DESC.
type SortDirection string

// The directions of a sort.
const (
	Ascending  SortDirection = "ASC"
	Descending SortDirection = "DESC"
)

// MarshalGQL writes the name of the direction.
func (d SortDirection) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads the name of a direction.
func (d *SortDirection) UnmarshalGQL(v any) error { return unmarshalEnum((*string)(d), v) }

func unmarshalEnum(name *string, v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("the value of an enum is a name")
	}
	*name = text
	return nil
}
