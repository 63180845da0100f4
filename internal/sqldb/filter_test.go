package sqldb

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"stoa/internal/fault"
	"stoa/internal/relay"
)

// filtered is the condition of the filter, and its faults.
func filtered(d dialect, f *thingFilter) (Term, fault.List) {
	var faults fault.List
	w := &Where{dialect: d, table: &things.about, path: "filter", seen: &seen{faults: &faults}}
	return w.condition(f), faults
}

func allOf(fs ...*thingFilter) *thingFilter     { return with(Combined[thingFilter]{And: fs}) }
func oneOf(fs ...*thingFilter) *thingFilter     { return with(Combined[thingFilter]{Or: fs}) }
func noneOf(f *thingFilter) *thingFilter        { return with(Combined[thingFilter]{Not: f}) }
func ids(ids ...relay.ID) *thingFilter          { return with(Combined[thingFilter]{Ids: ids}) }
func with(c Combined[thingFilter]) *thingFilter { return &thingFilter{Combined: c} }
func sized(n int) *thingFilter                  { return &thingFilter{SizeMin: &n} }
func searched(text string) *thingFilter         { return &thingFilter{Search: &text} }

func TestAFilterIsACondition(t *testing.T) {
	for _, c := range []struct {
		name string
		f    *thingFilter
		want Term
	}{
		{"nothing", &thingFilter{}, Term{}},
		{"a comparison", sized(3), is("t.size >= ?", 3)},
		{"true", &thingFilter{Big: new(true)}, is("t.size > 9")},
		{"false", &thingFilter{Big: new(false)}, is("t.size <= 9")},
		{"an id", &thingFilter{ParentID: new(thingID(7))}, is("t.parent_id = ?", int64(7))},
		{"of all", allOf(sized(1), sized(2)), is("t.size >= ? AND t.size >= ?", 1, 2)},
		{"of all, none", with(Combined[thingFilter]{And: []*thingFilter{}}), Term{}},
		{"of one", oneOf(sized(1), allOf(sized(2), sized(3))), is("((t.size >= ?) OR (t.size >= ? AND t.size >= ?))", 1, 2, 3)},
		{"of one, none", with(Combined[thingFilter]{Or: []*thingFilter{}}), is("FALSE")},
		{"of one that keeps everything", oneOf(sized(1), &thingFilter{}), Term{}},
		{"not", noneOf(sized(1)), is("((t.size >= ?) IS NOT TRUE)", 1)},
		{"not of nothing", noneOf(&thingFilter{}), is("FALSE")},
		{"not of not of nothing", noneOf(noneOf(&thingFilter{})), is("((FALSE) IS NOT TRUE)")},
		{"search without a word", searched(" -- !? "), Term{}},
		{"fields beside the logic", &thingFilter{SizeMin: new(1), Combined: Combined[thingFilter]{Or: []*thingFilter{sized(2)}, Not: sized(3)}},
			is("t.size >= ? AND ((t.size >= ?)) AND ((t.size >= ?) IS NOT TRUE)", 1, 2, 3)},
	} {
		for _, d := range []dialect{lite{}, postgres{}} {
			if got, faults := filtered(d, c.f); !got.equal(c.want) || faults != nil {
				t.Errorf("%s, %T: got %q %v, %v, want %q %v", c.name, d, got.SQL, got.Args, faults, c.want.SQL, c.want.Args)
			}
		}
	}
}

// A plan is made anew where another value wants another plan.
func TestAComparisonIsPlannedForItsValue(t *testing.T) {
	for _, c := range []struct {
		name string
		f    *thingFilter
		want bool
	}{
		{"a bound", sized(3), true},
		{"a related row's bound", &thingFilter{Parent: sized(3)}, true},
		{"one of few values", &thingFilter{ParentID: new(thingID(7))}, true},
		{"what one row has at most", &thingFilter{Name: new("x")}, false},
		{"ids", ids(thingID(7)), false},
		{"a bound beside words", &thingFilter{SizeMin: new(3), Search: new("x")}, false},
	} {
		l, err := things.listing(t.Context(), &DB{dialect: postgres{}}, "all", relation{}, List{Filter: c.f})
		if varies := strings.HasSuffix(l.filter.SQL, (postgres{}).varied().SQL); varies != c.want || err != nil {
			t.Errorf("%s: planned anew %v, want %v; %v", c.name, varies, c.want, err)
		}
	}
}

// A list of any length is one argument, so that one text serves them all.
func TestIDsAreOneArgument(t *testing.T) {
	for _, c := range []struct {
		d     dialect
		want  string
		bound string
	}{
		{lite{}, "t.id IN (SELECT value FROM json_each(?))", "[7,8]"},
		{postgres{}, "t.id = ANY((SELECT ?::bigint[])::bigint[])", "[7 8]"},
	} {
		got, faults := filtered(c.d, ids(thingID(7), thingID(8)))
		if got.SQL != c.want || len(got.Args) != 1 || fmt.Sprint(c.d.bind(got.Args[0])) != c.bound || faults != nil {
			t.Errorf("%T: got %q %v, %v", c.d, got.SQL, got.Args, faults)
		}
		none, faults := filtered(c.d, with(Combined[thingFilter]{Ids: []relay.ID{}}))
		if none.SQL != c.want || faults != nil {
			t.Errorf("%T: no ids are %q, %v", c.d, none.SQL, faults)
		}
		parents, faults := filtered(c.d, &thingFilter{ParentIDs: []relay.ID{thingID(7)}})
		if want := strings.Replace(c.want, "t.id", "t.parent_id", 1); parents.SQL != want || faults != nil {
			t.Errorf("%T: got %q, %v, want %q", c.d, parents.SQL, faults, want)
		}
	}
}

func TestAFilterIsOfRelatedRows(t *testing.T) {
	const one = "t.parent_id IN (SELECT t.id FROM things t WHERE t.size >= ?)"
	for _, c := range []struct {
		name           string
		f              *thingFilter
		lite, postgres Term
	}{
		{"a related row", &thingFilter{Parent: sized(4)},
			is("EXISTS (SELECT 1 FROM things t WHERE t.size >= ?) AND "+one, 4, 4), is(one, 4)},
		{"any related row", &thingFilter{Parent: &thingFilter{}},
			is("EXISTS (SELECT 1 FROM things t) AND t.parent_id IN (SELECT t.id FROM things t)"),
			is("t.parent_id IN (SELECT t.id FROM things t)")},
		{"a related row's own", &thingFilter{Parent: &thingFilter{Parent: sized(4)}},
			is("EXISTS (SELECT 1 FROM things t WHERE EXISTS (SELECT 1 FROM things t WHERE t.size >= ?) AND "+one+") AND "+
				"t.parent_id IN (SELECT t.id FROM things t WHERE EXISTS (SELECT 1 FROM things t WHERE t.size >= ?) AND "+one+")", 4, 4, 4, 4),
			is("t.parent_id IN (SELECT t.id FROM things t WHERE "+one+")", 4)},
	} {
		for d, want := range map[dialect]Term{lite{}: c.lite, postgres{}: c.postgres} {
			if got, faults := filtered(d, c.f); !got.equal(want) || faults != nil {
				t.Errorf("%s, %T: got %q %v, %v, want %q %v", c.name, d, got.SQL, got.Args, faults, want.SQL, want.Args)
			}
		}
	}
}

func TestASearchIsForBeginningsOfFoldedWords(t *testing.T) {
	for _, c := range []struct {
		d           dialect
		want, bound string
	}{
		{lite{}, "t.id IN (SELECT rowid FROM things_search WHERE things_search MATCH ?)", `"strasse" * "40" *`},
		{postgres{}, "t.search @@ (SELECT ?::tsquery)", "'strasse':* & '40':*"},
	} {
		got, faults := filtered(c.d, searched("Straße, 40 -- STRASSE"))
		if got.SQL != c.want || len(got.Args) != 1 || faults != nil {
			t.Fatalf("%T: got %q %v, %v", c.d, got.SQL, got.Args, faults)
		}
		if bound := c.d.bind(got.Args[0]); bound != c.bound {
			t.Errorf("%T: bound as %v, want %s", c.d, bound, c.bound)
		}
	}
	// Below a relation it is the other table's rows that are searched.
	got, _ := filtered(lite{}, &thingFilter{Box: &boxFilter{Search: new("x")}})
	if want := "t.box_id IN (SELECT t.id FROM boxes t WHERE t.id IN (SELECT rowid FROM boxes_search WHERE boxes_search MATCH ?))"; !strings.HasSuffix(got.SQL, want) {
		t.Errorf("got %q, want %q", got.SQL, want)
	}
}

func TestAFilterNamesWhereItsFaultsAre(t *testing.T) {
	malformed := func(field string) fault.Error {
		return fault.Error{Code: fault.BadUserInput, Field: field, Reason: fault.Malformed, Message: "This is not the id of a thing."}
	}
	other := relay.NewID("other", 7)
	many := make([]relay.ID, 101)
	for i := range many {
		many[i] = thingID(int64(i + 1))
	}
	for _, c := range []struct {
		name string
		f    *thingFilter
		want []fault.Error
	}{
		{"a malformed id", &thingFilter{ParentID: new(relay.ID("?"))}, []fault.Error{malformed("filter.parentId")}},
		{"an id of another kind", &thingFilter{ParentID: &other}, []fault.Error{malformed("filter.parentId")}},
		{"among ids", ids(thingID(1), "", thingID(2), other), []fault.Error{malformed("filter.ids.1"), malformed("filter.ids.3")}},
		{"of a related row", &thingFilter{Parent: ids("x")}, []fault.Error{malformed("filter.parent.ids.0")}},
		{"of another kind's row", &thingFilter{Box: &boxFilter{Combined: Combined[boxFilter]{Ids: []relay.ID{relay.NewID("box", 1), thingID(1)}}}},
			[]fault.Error{{Code: fault.BadUserInput, Field: "filter.box.ids.1", Reason: fault.Malformed, Message: "This is not the id of a box."}}},
		{"nested", oneOf(sized(1), noneOf(allOf(ids("x")))), []fault.Error{malformed("filter.or.1.not.and.0.ids.0")}},
		{"all at once", &thingFilter{ParentID: &other, ParentIDs: []relay.ID{"x"}}, []fault.Error{malformed("filter.parentId"), malformed("filter.parentIds.0")}},
		{"too many ids", &thingFilter{ParentIDs: many}, []fault.Error{{Code: fault.BadUserInput, Field: "filter.parentIds",
			Reason: fault.TooLong, Limit: "100", Message: "At most 100 ids may be given."}}},
		{"as many ids as may be", &thingFilter{ParentIDs: many[1:]}, nil},
	} {
		for _, d := range []dialect{lite{}, postgres{}} {
			_, faults := filtered(d, c.f)
			var got []fault.Error
			for _, f := range faults {
				got = append(got, *f)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s, %T: got %+v, want %+v", c.name, d, got, c.want)
			}
		}
	}
}

func TestAFilterNestsFiveDeep(t *testing.T) {
	nest := func(depth int) *thingFilter {
		f := sized(1)
		for i := range depth {
			f = []func(*thingFilter) *thingFilter{
				noneOf,
				func(f *thingFilter) *thingFilter { return allOf(f) },
				func(f *thingFilter) *thingFilter { return oneOf(f) },
				func(f *thingFilter) *thingFilter { return &thingFilter{Parent: noneOf(f)} }, // nests in the related row on
			}[i%4](f)
		}
		return f
	}
	if _, faults := filtered(lite{}, nest(5)); faults != nil {
		t.Errorf("five deep is refused: %v", faults)
	}
	for _, depth := range []int{6, 7, 40} {
		_, faults := filtered(lite{}, nest(depth))
		if len(faults) != 1 || faults[0].Code != fault.BadUserInput || faults[0].Reason != fault.TooLarge || faults[0].Limit != "5" {
			t.Errorf("%d deep: got %v", depth, faults)
		} else if !strings.HasPrefix(faults[0].Field, "filter.") {
			t.Errorf("%d deep: the fault is at %s", depth, faults[0].Field)
		}
	}
	if _, faults := filtered(lite{}, noneOf(noneOf(noneOf(noneOf(noneOf(with(Combined[thingFilter]{And: []*thingFilter{}}))))))); len(faults) != 1 {
		t.Errorf("an empty list six deep: got %v", faults)
	}
}

func TestAFilterHasFiftyFields(t *testing.T) {
	fields := func(n int) *thingFilter {
		var each []*thingFilter
		for range n / 2 {
			each = append(each, &thingFilter{SizeMin: new(1), Big: new(true)})
		}
		for range n % 2 {
			each = append(each, searched("!"))
		}
		return oneOf(each...)
	}
	if _, faults := filtered(lite{}, fields(50)); faults != nil {
		t.Errorf("fifty fields are refused: %v", faults)
	}
	for _, n := range []int{51, 52, 200} {
		_, faults := filtered(lite{}, fields(n))
		if len(faults) != 1 || faults[0].Field != "filter" || faults[0].Reason != fault.TooLarge || faults[0].Limit != "50" {
			t.Errorf("%d fields: got %v", n, faults)
		}
	}
}
