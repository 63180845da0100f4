package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestOfFindsTheFaultsInAnError(t *testing.T) {
	price := Input("input.price", TooSmall, "A price is not negative.")
	name := Input("input.name", Blank, "A name is not blank.")
	for _, c := range []struct {
		name string
		err  error
		want []*Error
	}{
		{"one", price, []*Error{price}},
		{"one, wrapped", fmt.Errorf("saving: %w", price), []*Error{price}},
		{"several", List{price, name}.Err(), []*Error{price, name}},
		{"several, wrapped", fmt.Errorf("saving: %w", List{price, name}), []*Error{price, name}},
		{"one among other errors", errors.Join(io.EOF, name), []*Error{name}},
	} {
		got := Of(c.err)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v", c.name, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: the fault %d is %v, want %v", c.name, i, got[i], c.want[i])
			}
		}
	}
}

func TestWhateverIsNoFaultIsOurs(t *testing.T) {
	secret := errors.New("relation \"products\" does not exist")
	for _, err := range []error{secret, fmt.Errorf("reading: %w", secret)} {
		got := Of(err)
		if len(got) != 1 || got[0].Code != Internal {
			t.Fatalf("got %v", got)
		}
		if got[0].Message != "Something went wrong on our side." {
			t.Errorf("the message tells %q", got[0].Message)
		}
		if !errors.Is(got[0], secret) {
			t.Errorf("the cause of %v is lost to the log", got[0])
		}
	}
	if got := Of(List{}); len(got) != 1 || got[0].Code != Internal {
		t.Errorf("an error without faults is %v", got)
	}
}

func TestAnEmptyListIsNoError(t *testing.T) {
	var l List
	l.Add(nil)
	if err := l.Err(); err != nil {
		t.Errorf("got %v", err)
	}
	l.Add(New(NotFound, "There is no such category."))
	if err := l.Err(); err == nil {
		t.Error("a list with a fault is no error")
	}
}

func TestTheTextForLogsTellsAll(t *testing.T) {
	e := Input("first", TooLarge, "A page has at most %d rows.", 100).Bounded("100").From(io.EOF)
	if got, want := e.Error(), "first: BAD_USER_INPUT: A page has at most 100 rows. (EOF)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(e, io.EOF) {
		t.Error("the cause is lost")
	}
	if e.Limit != "100" || e.Reason != TooLarge || e.Field != "first" || e.Code != BadUserInput {
		t.Errorf("got %+v", *e)
	}
	if got, want := New(Unavailable, "Away.").Because(DatabaseDown).Reason, DatabaseDown; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	list := List{New(NotFound, "One."), Input("a.0", Blank, "Two.")}
	if got, want := list.Error(), "NOT_FOUND: One.; a.0: BAD_USER_INPUT: Two."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
