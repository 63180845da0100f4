package graph

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// hostile is a document that wants to keep a processor busy: units of which
// each takes so many tokens, or bytes where it is bounded by these.
type hostile struct {
	name          string
	tokens, bytes int
	text          func(n int) string
}

// units are n of a part of a document, %d being its number.
func units(n int, part string) string {
	numbers := strings.Count(part, "%d")
	var b strings.Builder
	for i := range n {
		b.WriteString(fmt.Sprintf(part, []any{i, i + 1, i + 1}[:numbers]...))
	}
	return b.String()
}

// around is units around each other.
func around(n int, left, middle, right string) string {
	return units(n, left) + middle + units(n, right)
}

var hostiles = []hostile{
	{"one field", 1, 0, func(n int) string { return "{" + units(n, "__typename ") + "}" }},
	{"one object", 4, 0, func(n int) string { return "{" + units(n, "viewer{id}") + "}" }},
	{"one list", 7, 0, func(n int) string { return "{" + units(n, "products{nodes{id}}") + "}" }},
	{"one list by aliases", 9, 0, func(n int) string { return "{" + units(n, "a%d:products{nodes{id}}") + "}" }},
	{"lists of all sizes", 9, 0, func(n int) string { return "{" + units(n, "products(first:%d){totalCount}") + "}" }},
	{"unknown fields", 1, 0, func(n int) string { return "{" + units(n, "produkts%d ") + "}" }},
	{"unknown arguments", 9, 0, func(n int) string { return "{" + units(n, "products(fyrst:%d){totalCount}") + "}" }},
	{"unknown types", 5, 0, func(n int) string { return "{" + units(n, "...on Produkt%d{id}") + "}" }},
	{"unknown inputs", 3, 0, func(n int) string { return "{products(filter:{" + units(n, "pryce%d:1 ") + "}){totalCount}}" }},
	{"unknown enums", 7, 0, func(n int) string {
		return "{products(sortBy:{field:PRYCE" + units(n, " thenBy:{field:PRYCE%d") + units(n, "}") + "}){totalCount}}"
	}},
	{"unknown directives", 2, 0, func(n int) string { return "{__typename " + units(n, "@x%d ") + "}" }},
	{"directives on fields", 3, 0, func(n int) string { return "{" + units(n, "__typename@x ") + "}" }},
	{"one directive", 6, 0, func(n int) string { return "{__typename " + units(n, "@skip(if:true)") + "}" }},
	{"fragments in a chain", 8, 0, func(n int) string {
		return "{...f0}" + units(n, "fragment f%d on Query{...f%d} ") + fmt.Sprintf("fragment f%d on Query{__typename}", n)
	}},
	{"fragments in a circle", 8, 0, func(n int) string {
		return "{...f0}" + units(n, "fragment f%d on Query{...f%d} ") + fmt.Sprintf("fragment f%d on Query{...f0}", n)
	}},
	{"fragments twice in each other", 10, 0, func(n int) string {
		return "{...f0}" + units(n, "fragment f%d on Query{...f%d ...f%d} ") + fmt.Sprintf("fragment f%d on Query{products{totalCount}}", n)
	}},
	{"fragments below two fields each", 18, 0, func(n int) string {
		return "{categories{nodes{...f0}}}" + units(n, "fragment f%d on Category{products{nodes{category{...f%d}}}posts{nodes{category{...f%d}}}} ") + fmt.Sprintf("fragment f%d on Category{id}", n)
	}},
	{"a large fragment below two fields each", 1, 0, func(n int) string {
		ids := "[" + units(n/3, `"x%d" `) + "]"
		return "{categories{nodes{...f0}}}" + units(11, "fragment f%d on Category{products{nodes{category{...f%d}}}posts{nodes{category{...f%d}}}} ") +
			"fragment f11 on Category{products(filter:{ids:" + ids + "}){totalCount} products(filter:{ids:" + ids + "}){totalCount}}"
	}},
	{"fragments deep in each other", 14, 0, func(n int) string {
		return "{product(id:1){...f0}}" + units(n, "fragment f%d on Product{category{products{nodes{...f%d}}}} ") + fmt.Sprintf("fragment f%d on Product{id}", n)
	}},
	{"fragments wide in each other", 5, 0, func(n int) string {
		list := ""
		for i := range n / 15 {
			list += fmt.Sprintf("a%d:products{nodes{category{...f%%d}}}", i)
		}
		text := "{categories{nodes{...f0}}}fragment f3 on Category{id}"
		for i := range 3 {
			text += fmt.Sprintf("fragment f%d on Category{%s}", i, strings.ReplaceAll(list, "%d", fmt.Sprint(i+1)))
		}
		return text
	}},
	{"fragments of one name", 7, 0, func(n int) string { return "{...f}" + units(n, "fragment f on Query{__typename} ") }},
	{"fragments of one field", 9, 0, func(n int) string {
		return "{" + units(n, "...f%d ") + "}" + units(n, "fragment f%d on Query{__typename} ")
	}},
	{"fragments of all others", 2, 0, func(n int) string { // each spreads the same part of all
		k := 1
		for k*k*3 < n {
			k++
		}
		return "{...f0}" + units(k, "fragment f%d on Query{__typename "+units(k, "...g%d ")+"}") + units(k, "fragment g%d on Query{__typename} ")
	}},
	{"fragments unused", 7, 0, func(n int) string { return "{__typename}" + units(n, "fragment f%d on Query{__typename} ") }},
	{"fragments unknown", 2, 0, func(n int) string { return "{" + units(n, "...f%d ") + "}" }},
	{"inline fragments", 4, 0, func(n int) string { return "{" + units(n, "...{__typename}") + "}" }},
	{"inline fragments in each other", 5, 0, func(n int) string { return "{node(id:1)" + around(n, "{...on Node", "{id}", "}") + "}" }},
	{"operations", 4, 0, func(n int) string { return units(n, "query q%d{__typename} ") }},
	{"operations of one name", 4, 0, func(n int) string { return units(n, "query q{__typename} ") }},
	{"operations of one fragment", 1, 0, func(n int) string {
		return units(n/12, "query q%d{...f} ") + "fragment f on Query{" + units(n/2, "__typename ") + "}"
	}},
	{"operations of one large list", 1, 0, func(n int) string {
		return units(n/12, "query q%d{...f} ") + "fragment f on Query{nodes(ids:[" + units(n/2, `"x%d" `) + "]){id}}"
	}},
	{"variables", 4, 0, func(n int) string { return "query(" + units(n, "$v%d:Int ") + "){__typename}" }},
	{"variables of one name", 4, 0, func(n int) string { return "query(" + units(n, "$v:Int ") + "){__typename}" }},
	{"variables used", 13, 0, func(n int) string {
		return "query(" + units(n, "$v%d:Int ") + "){" + units(n, "a%d:products(first:$v%d){totalCount}") + "}"
	}},
	{"variables unknown", 2, 0, func(n int) string { return "{nodes(ids:[" + units(n, "$v%d ") + "]){id}}" }},
	{"variables in all operations", 1, 0, func(n int) string {
		return units(n/12, "query q%d{...f} ") + "fragment f on Query{nodes(ids:[" + units(n/4, "$v%d ") + "]){id}}"
	}},
	{"variables with defaults", 1, 0, func(n int) string { return "query($v:[ID!]!=[" + units(n, "1 ") + "]){nodes(ids:$v){id}}" }},
	{"objects in each other", 5, 0, func(n int) string {
		return "{products(filter:" + around(n, "{not:", "{}", "}") + "){totalCount}}"
	}},
	{"objects beside each other", 5, 0, func(n int) string {
		return "{products(filter:{and:[" + units(n, "{sku:1}") + "]}){totalCount}}"
	}},
	{"one input field", 3, 0, func(n int) string { return "{products(filter:{" + units(n, `sku:"%d" `) + "}){totalCount}}" }},
	{"one argument", 3, 0, func(n int) string { return "{products(" + units(n, "first:%d ") + "){totalCount}}" }},
	{"lists in each other", 2, 0, func(n int) string { return "{nodes(ids:" + around(n, "[", "1", "]") + "){id}}" }},
	{"a list of wrong values", 1, 0, func(n int) string { return "{nodes(ids:[" + units(n, "1.5 ") + "]){id}}" }},
	{"fields in each other", 9, 0, func(n int) string {
		return "{product(id:1)" + around(n, "{category{products{nodes", "{id}", "}}}") + "}"
	}},
	{"two fields in each other", 2, 0, func(n int) string {
		path := around(n/14, "{category{products{nodes", "{id}", "}}}")
		return "{product(id:1)" + path + "product(id:1)" + path + "}"
	}},
	{"introspection", 1, 0, func(n int) string { return "{__schema{types{" + units(n, "name ") + "}}}" }},
	{"introspection deep", 6, 0, func(n int) string { return "{__schema{types" + around(n, "{fields{type", "{name}", "}}") + "}}" }},
	{"brackets", 1, 0, func(n int) string { return strings.Repeat("{a", n/2) }},

	{"a long text", 0, 1, func(n int) string { return `{products(filter:{search:"` + strings.Repeat("a", n) + `"}){totalCount}}` }},
	{"escapes", 0, 6, func(n int) string {
		return `{products(filter:{search:"` + strings.Repeat(`\u00e9`, n) + `"}){totalCount}}`
	}},
	{"surrogates", 0, 12, func(n int) string {
		return `{products(filter:{search:"` + strings.Repeat(`\ud83d\ude00`, n) + `"}){totalCount}}`
	}},
	{"a block text", 0, 4, func(n int) string {
		return `{products(filter:{search:"""` + strings.Repeat("\n  a", n) + `"""}){totalCount}}`
	}},
	{"quotes", 0, 7, func(n int) string { return `"""\u0041` + strings.Repeat(`""" """`, n) }},
	{"quotes in a block", 0, 4, func(n int) string {
		return `{products(filter:{search:"""\u0041` + strings.Repeat(`\"""`, n) + `"""}){totalCount}}`
	}},
	{"comments", 0, 2, func(n int) string {
		return strings.Repeat("#\n", n) + `{products(filter:{search:"\u0041"}){totalCount}}`
	}},
	{"commas", 0, 1, func(n int) string { return strings.Repeat(",", n) + "{__typename}" }},
	{"a long name", 0, 1, func(n int) string { return "{" + strings.Repeat("x", n) + "}" }},
	{"a long alias", 0, 2, func(n int) string {
		name := strings.Repeat("x", n)
		return "{" + name + ":__typename " + name + ":viewer{id}}"
	}},
	// Below the length up to which it is told what may have been meant.
	{"a long unknown type", 0, 65, func(n int) string { return "{...on " + strings.Repeat("x", n) + "{id}}" }},
	{"a long unknown field", 0, 65, func(n int) string { return "{" + strings.Repeat("x", n) + "}" }},
	{"a long unknown argument", 0, 65, func(n int) string { return "{products(" + strings.Repeat("x", n) + ":1){totalCount}}" }},
	{"a long unknown enum", 0, 65, func(n int) string {
		return "{products(sortBy:{field:" + strings.Repeat("x", n) + "}){totalCount}}"
	}},
	{"long unknown types", 0, 65, func(n int) string { return "{" + units(n/40, "...on Produkt"+strings.Repeat("o", 20)+"%d{id} ") + "}" }},
	{"long unknown fields", 0, 65, func(n int) string { return "{" + units(n/40, "produkt"+strings.Repeat("o", 27)+"%d ") + "}" }},
	{"a long number", 0, 1, func(n int) string { return "{products(first:" + strings.Repeat("9", n) + "){totalCount}}" }},
	{"a long decimal", 0, 1, func(n int) string {
		return "{products(filter:{priceMin:0." + strings.Repeat("9", n) + "}){totalCount}}"
	}},
	{"a long exponent", 0, 1, func(n int) string {
		return "{products(filter:{priceMin:1e" + strings.Repeat("9", n) + "}){totalCount}}"
	}},
	{"long names", 0, 1, func(n int) string {
		return "{" + strings.Repeat(strings.Repeat("x", n/3000)+" ", 3000) + "}"
	}},
	{"long fragments", 0, 1, func(n int) string { // names that are compared and shown
		name := strings.Repeat("x", n/1000)
		return "{" + units(400, "..."+name+"%d ") + "}" + units(300, "fragment "+name+"%d on Query{__typename} ")
	}},
}

const (
	mostTokens = 4000
	mostBytes  = 1 << 20
)

// of is the document at a part of what is allowed, in 64ths.
func (h hostile) of(parts int) string {
	if h.bytes > 0 {
		return h.text((mostBytes - 200) * parts / 64 / h.bytes)
	}
	return h.text((mostTokens - 60) * parts / 64 / h.tokens)
}

// prepared does all that is done for a request before it runs.
func prepared(a *API, r Request) {
	if o, refused := a.Prepare(r); refused == nil {
		a.planned(o, true)
	}
}

// fresh is an API that has seen nothing yet.
func fresh() *API {
	a := *open
	a.MaxCost, a.MaxDepth, a.documents = 5000, 15, newKept()
	return &a
}

func BenchmarkHostile(b *testing.B) {
	for _, h := range hostiles {
		for _, parts := range []int{16, 32, 64} {
			b.Run(fmt.Sprintf("%s/%d", h.name, parts), func(b *testing.B) {
				r := Request{Query: h.of(parts)}
				b.ReportAllocs()
				for b.Loop() {
					prepared(fresh(), r)
				}
			})
		}
	}
}

// work is what a request has allocated before it ran.
type work struct{ bytes, allocations uint64 }

func workOf(r Request) work {
	a := fresh()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	prepared(a, r)
	runtime.ReadMemStats(&after)
	return work{after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs}
}

func (w work) within(most work) bool {
	return w.bytes <= most.bytes && w.allocations <= most.allocations
}

// However hostile a document is, the work to refuse it is bounded, and where it
// is not little it grows no faster than the document.
func TestHostileDocuments(t *testing.T) {
	most, little := work{20 << 20, 400_000}, work{2 << 20, 40_000}
	workOf(Request{Query: "{__typename}"}) // what is made once
	for _, h := range hostiles {
		var half work
		for _, parts := range []int{16, 32, 64} {
			w := workOf(Request{Query: h.of(parts)})
			if !w.within(most) {
				t.Errorf("%s, %d/64 of what is allowed: %+v", h.name, parts, w)
			}
			if parts == 64 && !w.within(little) && !w.within(work{half.bytes * 5 / 2, half.allocations * 5 / 2}) {
				t.Errorf("%s: %+v, but %+v at half the size", h.name, w, half)
			}
			half = w
		}
	}
}

func TestHostileVariables(t *testing.T) {
	const query = "query($v:ProductFilter $ids:[ID!]){a:products(filter:$v){totalCount} b:products(filter:{ids:$ids}){totalCount}}"
	nested := func(inner string) string { // as deep as JSON is read
		return `{"v":` + strings.Repeat(`{"not":`, 9990) + inner + strings.Repeat("}", 9990) + "}"
	}
	listed := func(name, item string) string {
		return fmt.Sprintf(`{%q:[%s]}`, name, strings.TrimSuffix(strings.Repeat(item+",", mostBytes/(len(item)+1)-10), ","))
	}
	for name, variables := range map[string]string{
		"deep": nested("{}"), "wrong deep": nested("1"), "wrong all the way": `{"v":` + around(9990, `{"a":1,"b":1,"c":1,"not":`, "{}", "}") + "}", "ids": listed("ids", "1"), "filters": listed("v", "{}"), "unknown": listed("x", "1"),
	} {
		r := Request{Query: query, Variables: object(t, variables)}
		if w := workOf(r); !w.within(work{20 << 20, 400_000}) {
			t.Errorf("%s: %+v", name, w)
		}
	}
}
