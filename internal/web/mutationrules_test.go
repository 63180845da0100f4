package web_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kindRules are values of the fields of a kind, which hold wherever they are
// written: those that are kept, as what, and those that are refused, and why.
type kindRules struct {
	kept    []fieldValue
	refused []fieldValue
}

// fieldValue is a literal for a field and what becomes of it: the JSON that it
// is kept as, or "REASON limit".
type fieldValue struct{ field, literal, becomes string }

// writer is a mutation that writes a kind.
type writer struct {
	text    func(field, literal string) string // the mutation with this field so
	path    string                             // of the fields in its input
	selects string                             // a format of the selection of one field
	answers string                             // a format of its answer, of the field and its value
}

// cases are one for each of the rules.
func (k kindRules) cases(w writer) []mutationCase {
	var cases []mutationCase
	for _, v := range k.kept {
		cases = append(cases, accepted(v.field+" "+v.literal,
			w.text(v.field, v.literal)+" "+fmt.Sprintf(w.selects, shown(v.field)),
			fmt.Sprintf(w.answers, strings.Fields(shown(v.field))[0], v.becomes)))
	}
	for _, v := range k.refused {
		cases = append(cases, refused(v.field+" "+v.literal,
			w.text(v.field, v.literal)+" "+fmt.Sprintf(w.selects, "__typename"),
			codeOf(v.becomes)+" "+w.path+v.field+" "+v.becomes))
	}
	return cases
}

// shown is the field that shows what was written into another.
func shown(field string) string {
	switch field {
	case "categoryId":
		return "category { id }"
	case "password":
		return "__typename"
	}
	return field
}

// codeOf is the code of a fault with the reason.
func codeOf(reason string) string {
	switch reason {
	case "NOT_FOUND":
		return "NOT_FOUND"
	case "TAKEN":
		return "CONFLICT"
	}
	return "BAD_USER_INPUT"
}

// object is a literal of the fields, with others in their places or beside.
func object(base map[string]string, others ...string) string {
	fields := map[string]string{}
	maps.Copy(fields, base)
	for i := 0; i < len(others); i += 2 {
		fields[others[i]] = others[i+1]
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, name+": "+fields[name])
	}
	return "{" + strings.Join(all, ", ") + "}"
}

var long = strings.Repeat

func nameRules(most int) []fieldValue {
	limit := fmt.Sprint("TOO_LONG ", most)
	return []fieldValue{
		{"name", `""`, "BLANK"}, {"name", `" \n\u2003"`, "BLANK"},
		{"name", `"a\u0000b"`, "MALFORMED"}, {"name", `"a\tb"`, "MALFORMED"}, {"name", `"a\u0085b"`, "MALFORMED"},
		{"name", `"a\u007fb"`, "MALFORMED"}, {"name", quoted(long("𝒳", most+1)), limit},
	}
}

var descriptionRules = kindRules{
	kept: []fieldValue{
		{"description", `""`, `""`}, {"description", `" a\n\tb\r\n "`, `" a\n\tb\r\n "`},
		{"description", quoted(long("𝒳", 20000)), quoted(long("𝒳", 20000))},
	},
	refused: []fieldValue{
		{"description", `"a\u0000"`, "MALFORMED"}, {"description", `"\u001b[1m"`, "MALFORMED"},
		{"description", quoted(long("𝒳", 20001)), "TOO_LONG 20000"},
	},
}

var categoryIDRules = []fieldValue{
	{"categoryId", `"garbage"`, "MALFORMED"}, {"categoryId", `""`, "MALFORMED"}, {"categoryId", `"<bob>"`, "MALFORMED"},
	{"categoryId", `"<shelf>="`, "MALFORMED"}, {"categoryId", "1", "MALFORMED"}, {"categoryId", `"<no category>"`, "NOT_FOUND"},
}

var productRules = kindRules{
	kept: slices.Concat(descriptionRules.kept, []fieldValue{
		{"name", `"x"`, `"x"`}, {"name", `"\u00a0\u2003 Cup,  saucer\t\r\n"`, `"Cup,  saucer"`},
		{"name", quoted(long("𝒳", 200)), quoted(long("𝒳", 200))}, {"name", quoted(" " + long("é", 200) + " "), quoted(long("é", 200))},
		{"sku", `"Az.9_-<new>"`, `"Az.9_-<new>"`}, {"sku", `"<name of sixty four>"`, `"<name of sixty four>"`},
		{"price", "0", `"0.00"`}, {"price", "-0", `"0.00"`}, {"price", "4.35", `"4.35"`}, {"price", "0.29", `"0.29"`},
		{"price", "1e2", `"100.00"`}, {"price", "1e-2", `"0.01"`}, {"price", `"1.1"`, `"1.10"`}, {"price", "1.500000", `"1.50"`},
		{"price", "99999999.99", `"99999999.99"`}, {"price", `"90071992.55"`, `"90071992.55"`},
		{"inventory", "0", "0"}, {"inventory", "2147483647", "2147483647"},
		{"categoryId", `"<category>"`, `{"id":"<category>"}`},
	}),
	refused: slices.Concat(nameRules(200), descriptionRules.refused, categoryIDRules, []fieldValue{
		{"sku", `""`, "TOO_SHORT 1"}, {"sku", quoted(long("x", 65)), "TOO_LONG 64"}, {"sku", `"a b"`, "MALFORMED"},
		{"sku", `" a"`, "MALFORMED"}, {"sku", `"ä"`, "MALFORMED"}, {"sku", `"a/b"`, "MALFORMED"}, {"sku", `"a\u0000"`, "MALFORMED"},
		{"price", "-0.01", "TOO_SMALL 0"}, {"price", "-1e9", "TOO_SMALL 0"}, {"price", "0.001", "TOO_PRECISE 2"},
		{"price", `"1.005"`, "TOO_PRECISE 2"}, {"price", "1e-3", "TOO_PRECISE 2"}, {"price", "100000000", "TOO_LARGE 99999999.99"},
		{"price", "1e999", "TOO_LARGE 99999999.99"}, {"inventory", "-1", "TOO_SMALL 0"}, {"inventory", "-2147483648", "TOO_SMALL 0"},
	}),
}

var categoryRules = kindRules{
	kept: slices.Concat(descriptionRules.kept, []fieldValue{
		{"name", `"\u2003<new>\n"`, `"<new>"`}, {"name", `"<name of a hundred>"`, `"<name of a hundred>"`}, {"name", `"<new> ß & <newer>"`, `"<new> ß & <newer>"`},
	}),
	refused: slices.Concat(nameRules(100), descriptionRules.refused, []fieldValue{
		{"name", `"Taken Straße Café"`, "TAKEN"}, {"name", `"tAKEN sTRASSE cAFÉ"`, "TAKEN"}, {"name", `" TAKEN STRASSE CAFE\u0301 "`, "TAKEN"},
	}),
}

var userRules = kindRules{
	kept: []fieldValue{
		{"username", `" <new>\u2003"`, `"<new>"`}, {"username", `"<name of three>"`, `"<name of three>"`}, {"username", `"_<name of three>-Z"`, `"_<name of three>-Z"`},
		{"username", `"<name of thirty>"`, `"<name of thirty>"`},
		{"email", `"\n <new>@EXAMPLE.Com\u2003"`, `"<new>@example.com"`}, {"email", `"<mail of most>"`, `"<mail of most>"`}, {"email", `"<new>+tag.x@sub.example.com"`, `"<new>+tag.x@sub.example.com"`},
		{"password", `"12345678"`, `"User"`}, {"password", `"éééé"`, `"User"`}, {"password", quoted(long("𝒳", 18)), `"User"`}, {"password", `"        "`, `"User"`},
	},
	refused: []fieldValue{
		{"username", `""`, "TOO_SHORT 3"}, {"username", `" ab "`, "TOO_SHORT 3"}, {"username", quoted(long("x", 31)), "TOO_LONG 30"},
		{"username", `"a b"`, "MALFORMED"}, {"username", `"año"`, "MALFORMED"}, {"username", `"a.b"`, "MALFORMED"}, {"username", `"abc\u0000"`, "MALFORMED"},
		{"email", `""`, "MALFORMED"}, {"email", `"abc"`, "MALFORMED"}, {"email", `"a@"`, "MALFORMED"}, {"email", `"@b.de"`, "MALFORMED"},
		{"email", `"a b@c.de"`, "MALFORMED"}, {"email", `"a@b@c.de"`, "MALFORMED"}, {"email", `"A <a@b.de>"`, "MALFORMED"}, {"email", `"<a@b.de>"`, "MALFORMED"},
		{"email", `"a@b.de (a)"`, "MALFORMED"}, {"email", `"a@b..de"`, "MALFORMED"}, {"email", `"a@b.de, c@d.de"`, "MALFORMED"}, {"email", `"a\u0000@b.de"`, "MALFORMED"},
		{"email", `"x<mail of most>"`, "TOO_LONG 254"},
		{"password", `"1234567"`, "TOO_SHORT 8"}, {"password", `"ééé"`, "TOO_SHORT 8"}, {"password", quoted(long("𝒳", 18) + "x"), "TOO_LONG 72"}, {"password", `"1234567\u0000"`, "MALFORMED"},
		{"username", `"TAKEN"`, "TAKEN"}, {"username", `" Taken "`, "TAKEN"}, {"email", `" TAKEN@Example.com "`, "TAKEN"},
	},
}

var postRules = kindRules{
	kept: []fieldValue{
		{"title", `"x"`, `"x"`}, {"title", `"\u2003 A  title\n"`, `"A  title"`}, {"title", quoted(long("𝒳", 200)), quoted(long("𝒳", 200))},
		{"content", `" a\n\tb\r\n"`, `" a\n\tb\r\n"`}, {"content", quoted(long("𝒳", 20000)), quoted(long("𝒳", 20000))},
		{"categoryId", `"<shelf>"`, `{"id":"<shelf>"}`}, {"categoryId", "null", "null"},
	},
	refused: slices.Concat(categoryIDRules, []fieldValue{
		{"title", `""`, "BLANK"}, {"title", `"\u2003\n"`, "BLANK"}, {"title", `"a\nb"`, "MALFORMED"}, {"title", `"a\u0000"`, "MALFORMED"}, {"title", quoted(long("𝒳", 201)), "TOO_LONG 200"},
		{"content", `""`, "BLANK"}, {"content", `" \n\t\u2003"`, "BLANK"}, {"content", `"a\u0000"`, "MALFORMED"}, {"content", `"a\u009b"`, "MALFORMED"}, {"content", quoted(long("𝒳", 20001)), "TOO_LONG 20000"},
	}),
}
