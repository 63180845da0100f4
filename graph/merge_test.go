package graph

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"stoa/internal/limit"
)

// checkConflict compares limit's rule with gqlparser's, of a document that has
// no other fault; it tells whether there is one, and none for other documents.
func checkConflict(t *testing.T, query string) (conflict, ok bool) {
	t.Helper()
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, limit.MaxTokens)
	if err != nil || len(doc.Operations) == 0 || limit.Guard(doc) != nil || validator.ValidateWithRules(open.schema, doc, ruleSet(true)) != nil {
		return false, false
	}
	want := validator.ValidateWithRules(open.schema, doc, rules.NewRules(rules.OverlappingFieldsCanBeMergedRule))
	_, got := limit.Conflict(open.schema, doc)
	// gqlparser's overlooks some conflicts within fragments in each other.
	if (got == nil) != (want == nil) && (got == nil || !strings.Contains(query, "...")) {
		t.Errorf("%s\nConflict says %v, the rule %v", query, got, want)
	}
	return want != nil, true
}

var alias = regexp.MustCompile(`\ba\d+:`)

// clashing gives many fields of a document one alias.
func clashing(query string, aliases int) string {
	return alias.ReplaceAllStringFunc(query, func(name string) string {
		n, _ := strconv.Atoi(name[1 : len(name)-1]) // digits alone
		return fmt.Sprintf("a%d:", n%aliases)
	})
}

func TestConflictIsGraphQLsRule(t *testing.T) {
	conflicts, merged := 0, 0
	for seed := range uint64(150) {
		query, _ := randomRequest(t, seed)
		for _, aliases := range []int{2, 20, 1000} {
			switch conflict, ok := checkConflict(t, clashing(query, aliases)); {
			case conflict:
				conflicts++
			case ok:
				merged++
			}
		}
	}
	if conflicts < 75 || merged < 75 {
		t.Errorf("%d documents with conflicts, %d without: too few to show anything", conflicts, merged)
	}
}

// FuzzHostile: no document is a panic, or more work than the hostile ones, and
// fields conflict where GraphQL says so.
func FuzzHostile(f *testing.F) {
	for _, h := range hostiles {
		if h.tokens > 0 {
			f.Add(h.text(6))
		}
	}
	for seed := range uint64(30) {
		query, _ := randomRequest(f, seed)
		f.Add(query)
		f.Add(clashing(query, 3))
	}
	f.Fuzz(func(t *testing.T, query string) {
		if w := workOf(Request{Query: query}); !w.within(work{40 << 20, 800_000}) {
			t.Errorf("%+v", w)
		}
		const small = 500 // gqlparser's rule takes its time
		if len(query) <= small {
			checkConflict(t, query)
		}
	})
}
