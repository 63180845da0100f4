package graph

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// contract is what clients rely on: nothing in it ever changes.
//
//go:embed testdata/contract.graphql
var contract string

func loaded(t testing.TB, text string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "contract", Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSchemaKeepsTheContract(t *testing.T) {
	for _, difference := range differences(loaded(t, contract), schema()) {
		t.Error(difference)
	}
}

// Each change of the contract's text must show as the difference, if it is one.
func TestDifferencesAreSeen(t *testing.T) {
	for _, c := range []struct {
		changes []string // from, to
		want    string
	}{
		{[]string{"price: Decimal!", "price: Decimal"}, "Product.price is Decimal, not Decimal!"},
		{[]string{"price: Decimal!", "cost: Decimal!"}, "Product.price is missing"},
		{[]string{"type PostEdge {", "type Post2 {", "[PostEdge!]!", "[Post2!]!"}, "PostEdge is missing"},
		{[]string{"enum SortDirection { ASC DESC }", "enum SortDirection { ASC DOWN }"}, "SortDirection.DESC is missing"},
		{[]string{"SortDirection! = ASC", "SortDirection! = DESC"}, "PostSort.direction is by default DESC, not ASC"},
		{[]string{"SortDirection! = ASC", "SortDirection!"}, "PostSort.direction is by default missing, not ASC"},
		{[]string{"product(id: ID!)", "product(id: ID)"}, "Query.product(id) is ID, not ID!"},
		{[]string{"product(id: ID!)", "product"}, "Query.product(id) is missing"},
		{[]string{"product(id: ID!)", "product(id: ID!, more: Int!)"}, "Query.product(more) is required beside"},
		{[]string{"product(id: ID!)", "product(id: ID!, more: Int! = 1)"}, ""},
		{[]string{"input CategorySort {", "input CategorySort { more: Int!,"}, "CategorySort.more is required beside"},
		{[]string{"input CategorySort {", "input CategorySort { more: Int,"}, ""},
		{[]string{"input UserSort {", "type UserSort2 { id: ID! } input UserSort {"}, ""},
		{[]string{"type Category implements Node", "type Category"}, "Category implements Node is missing"},
		{[]string{"interface Node { id: ID! }", "interface Node { id: ID! more: Int }", "implements Node {", "implements Node { more: Int"}, ""},
		{[]string{"https://scalars.graphql.org", "https://elsewhere.example"}, "DateTime is specified elsewhere"},
		{[]string{"enum Role { USER ADMIN }", "enum Role { USER ADMIN GUEST }"}, ""},
		{[]string{"enum Role { USER ADMIN }", "scalar Role", ": Role! = USER", ": Role!"}, "Role is of another kind"},
	} {
		for i := 0; i < len(c.changes); i += 2 {
			if !strings.Contains(contract, c.changes[i]) {
				t.Errorf("the contract has no %q", c.changes[i])
			}
		}
		changed := strings.NewReplacer(c.changes...).Replace(contract)
		got := differences(loaded(t, contract), loaded(t, changed))
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.changes, got, c.want)
		}
	}
}
