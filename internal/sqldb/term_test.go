package sqldb

import (
	"slices"
	"testing"
)

func is(sql string, args ...any) Term { return Term{sql, args} }

func (t Term) equal(other Term) bool { return t.SQL == other.SQL && slices.Equal(t.Args, other.Args) }

func TestTermsAreJoinedWithTheirArguments(t *testing.T) {
	a, b, c := is("a = ?", 1), is("b BETWEEN ? AND ?", 2, 3), is("c IS NULL")
	for _, x := range []struct {
		name      string
		got, want Term
	}{
		{"all of none", all(), Term{}},
		{"all of nothing given", all(Term{}, Term{}), Term{}},
		{"all of one", all(Term{}, a), a},
		{"all", all(a, Term{}, b, c), is("a = ? AND b BETWEEN ? AND ? AND c IS NULL", 1, 2, 3)},
		{"one of none", one(nil), is("FALSE")},
		{"one of one", one([]Term{a}), is("((a = ?))", 1)},
		{"one", one([]Term{b, c, a}), is("((b BETWEEN ? AND ?) OR (c IS NULL) OR (a = ?))", 2, 3, 1)},
		{"one, of which one always holds", one([]Term{a, {}, b}), Term{}},
		{"not", not(b), is("((b BETWEEN ? AND ?) IS NOT TRUE)", 2, 3)},
		{"not of what always holds", not(Term{}), is("FALSE")},
		{"not of never", not(never), is("((FALSE) IS NOT TRUE)")},
		{"where", all(a, c).where(), is(" WHERE a = ? AND c IS NULL", 1)},
		{"where all holds", all().where(), Term{}},
		{"a list", joinTerms([]Term{a, b}, ", "), is("a = ?, b BETWEEN ? AND ?", 1, 2, 3)},
	} {
		if !x.got.equal(x.want) {
			t.Errorf("%s: got %q %v, want %q %v", x.name, x.got.SQL, x.got.Args, x.want.SQL, x.want.Args)
		}
	}
}

func TestTermsAreNotChangedByUse(t *testing.T) {
	args := make([]any, 1, 8) // room for others to write into
	args[0] = 1
	a := Term{"a = ?", args}
	first, second := all(a, is("b = ?", 2)), all(a, is("c = ?", 3))
	not(a).where()
	if want := is("a = ? AND b = ?", 1, 2); !first.equal(want) {
		t.Errorf("got %v, want %v", first, want)
	}
	if want := is("a = ? AND c = ?", 1, 3); !second.equal(want) {
		t.Errorf("got %v, want %v", second, want)
	}
	if want := is("a = ?", 1); !a.equal(want) {
		t.Errorf("got %v, want %v", a, want)
	}
}
