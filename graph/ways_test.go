package graph

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// way is one of the ways in which a value reaches an argument.
type way struct {
	name    string
	prepare func(t testing.TB, value string) (*Operation, gqlerror.List)
}

// ways are all of them, for an argument of the kind where use has a %.
func ways(kind, use string) []way {
	document := func(head, value string) string {
		return strings.TrimSpace(head+" {") + " " + replaced(use, value) + ofProducts
	}
	return []way{
		{"a literal", func(t testing.TB, value string) (*Operation, gqlerror.List) {
			return prepare(t, document("", value), `{}`)
		}},
		{"a variable", func(t testing.TB, value string) (*Operation, gqlerror.List) {
			return prepare(t, document(`query ($v: `+kind+`)`, "$v"), `{"v": `+value+`}`)
		}},
		{"a default", func(t testing.TB, value string) (*Operation, gqlerror.List) {
			return prepare(t, document(`query ($v: `+kind+` = `+value+`)`, "$v"), `{}`)
		}},
	}
}

func replaced(use, value string) string { return strings.Replace(use, "%", value, 1) }
