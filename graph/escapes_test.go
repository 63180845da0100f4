package graph

import "testing"

func TestEscapesNameCharacters(t *testing.T) {
	for _, test := range []struct{ document, want string }{
		{`{a(b:"x")}`, `{a(b:"x")}`},
		{`{a(b:"\u0041")}`, `{a(b:"\u0041")}`},
		{`{a(b:"\uD83D\uDE00 \ud83d\ude00")}`, `{a(b:"😀 😀")}`},
		{`{a(b:"\u{1F600}\u{41}\u{22}\u{5c}\u{a}")}`, `{a(b:"😀A\u0022\u005c\u000a")}`},
		{`{a(b:"\\uD83D")}`, `{a(b:"\\uD83D")}`},
		{`{a(b:"\"\uD83D\uDE00")}`, `{a(b:"\"😀")}`},
		{`{a(b:"""\uD83D \""" \uDE00""")}`, `{a(b:"""\uD83D \""" \uDE00""")}`},
		{"#\"\\uD83D\n{a(b:\"\\uD83D\\uDE00\")}", "#\"\\uD83D\n{a(b:\"😀\")}"},
		{`{a(b:"\u00`, `{a(b:"\u00`},
		{`"`, `"`},
	} {
		if got, err := unescape(test.document); got != test.want || err != nil {
			t.Errorf("%s: got %s, %v; want %s", test.document, got, err, test.want)
		}
	}
	for _, document := range []string{`{a(b:"\uD83D")}`, `{a(b:"\uDE00\uD83D")}`, `{a(b:"\u{110000}")}`, `{a(b:"\u{D83D}")}`, `{a(b:"\u{")}`, `{a(b:"\u{}")}`} {
		if got, err := unescape(document); err == nil {
			t.Errorf("%s: got %s, want an error", document, got)
		}
	}
}
