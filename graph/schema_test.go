package graph

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestClientsSeeNoDirectiveOfTheGenerator(t *testing.T) {
	o := accepted(t, `{ __schema { directives { name args { name } } } }`, `{}`)
	var seen struct {
		Schema struct{ Directives []struct{ Name string } } `json:"__schema"`
	}
	if err := json.Unmarshal(open.Do(t.Context(), o).Data, &seen); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range seen.Schema.Directives {
		names = append(names, d.Name)
	}
	for _, hidden := range []string{"goModel", "goField", "goTag", "goEnum", "inlineArguments", "constraint", "defer"} {
		if slices.Contains(names, hidden) {
			t.Errorf("@%s is shown", hidden)
		}
	}
	for _, standard := range []string{"skip", "include", "deprecated", "specifiedBy"} {
		if !slices.Contains(names, standard) {
			t.Errorf("@%s is hidden; there are %v", standard, names)
		}
	}
}

func TestNoTransportDefers(t *testing.T) {
	_, refused := prepare(t, `{ ... @defer { products`+ofProducts+` }`, `{}`)
	if refused == nil {
		t.Error("@defer is accepted")
	}
}

// The text that `stoa schema` prints is a whole schema by itself, and the one
// that is served.
func TestTheSDLIsTheSchema(t *testing.T) {
	for _, word := range []string{"goModel", "goField", "@constraint", "internal/", "@defer"} {
		if strings.Contains(SDL(), word) {
			t.Errorf("the SDL tells of %q", word)
		}
	}
	printed, err := gqlparser.LoadSchema(&ast.Source{Name: "stoa schema", Input: SDL()})
	if err != nil {
		t.Fatalf("the SDL is no schema: %v", err)
	}
	for _, difference := range append(differences(schema(), printed), differences(printed, schema())...) {
		t.Error(difference)
	}
}
