package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/documents"
	"stoa/internal/model"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// TestResourcesAreTheRowsOfGraphQL asks for generated filters, sorts and pages by
// GraphQL and as resources, and follows the links.
func TestResourcesAreTheRowsOfGraphQL(t *testing.T) {
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprintf("STOA_TEST_SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			p := newProperty(t, model.NewGen(seed), 60)
			for _, kind := range dbtest.Kinds() {
				b := p.both(kind)
				for _, f := range model.Fields {
					for range 4 {
						b.compare(f)
					}
				}
			}
		})
	}
}

// both asks one server in both ways.
type both struct {
	*property
	site *web.Site
}

func (p *property) both(kind string) *both {
	p.t.Helper()
	db := dbtest.Connect(p.t, sqldb.Options{URL: p.urls[kind], MaxConns: 4})
	b := &both{p, web.New(web.Options{DB: db, REST: true})}
	var own []documents.Document
	for i, f := range model.Fields {
		path := ""
		if f.Of != "" {
			path = "/{id}"
		}
		text := fmt.Sprintf(`query Own%d(%s, $filters: [%sFilter!]) @rest(method: GET, path: "/own/%[1]d%[4]s", value: %[5]q) %[6]s`,
			i, parameters(f), f.Rows, path, value(f), listOf(f, "{and: $filters}"))
		own = append(own, documents.Document{ID: fmt.Sprint("own", i), Name: fmt.Sprint("Own", i), Text: text, Source: "own.graphql"})
	}
	if err := b.site.Store(own); err != nil {
		p.t.Fatal(err)
	}
	return b
}

func parameters(f model.Field) string {
	id := ""
	if f.Of != "" {
		id = "$id: ID!, "
	}
	return fmt.Sprintf("%s$first: Int, $after: String, $last: Int, $before: String, $sort: %sSort", id, f.Rows)
}

// value is where the connection is below the root's field.
func value(f model.Field) string {
	if f.Of == "" {
		return ""
	}
	return f.Name
}

// listOf is a connection with all of its rows that is plain.
func listOf(f model.Field, filter string) string {
	rows := map[model.Kind]string{
		model.KindProduct:  "id sku name description price inventory version createdAt category { id name }",
		model.KindCategory: "id name description version updatedAt",
		model.KindUser:     "id username email createdAt",
		model.KindPost:     "id title content likes viewerHasLiked author { username } category { name }",
	}[f.Rows]
	list := fmt.Sprintf("%s(first: $first, after: $after, last: $last, before: $before, sortBy: $sort, filter: %s) { nodes { %s } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }",
		f.Name, filter, rows)
	if f.Of != "" {
		list = strings.ToLower(string(f.Of)) + "(id: $id) { " + list + " }"
	}
	return "{ " + list + " }"
}

// compare asks for a list in all ways.
func (b *both) compare(f model.Field) {
	b.t.Helper()
	filter, sort := b.g.Filter(b.Data, f.Rows, 2), b.g.Sort(f.Rows)
	path, id := fmt.Sprint("/own/", slices.Index(model.Fields, f)), ""
	if f.Of != "" {
		rows := b.Data.Rows(f.Of)
		if len(rows) == 0 {
			return
		}
		id = b.ID(f.Of, rows[b.g.IntN(len(rows))].Number())
		path += "/" + id
	}
	query := b.Query(b.g, nil, sort)
	query.Set("filters", b.Text(filter))
	b.walk(f, path, query, id, filter, sort, func(own, raw json.RawMessage) bool { return bytes.Equal(own, raw) })
	if f.Of == "" { // which Stoa's own documents have too
		filter = filter.Flat()
		query = b.Query(b.g, filter, sort)
		query.Set("total", "true")
		b.walk(f, "/"+f.Name, query, id, filter, sort, alike)
	}
}

// alike tells whether two pages have the same rows, and the same others beside
// them.
func alike(one, two json.RawMessage) bool {
	type page struct {
		Nodes      []struct{ ID string }
		PageInfo   map[string]any
		TotalCount *int
	}
	var a, b page
	return json.Unmarshal(one, &a) == nil && json.Unmarshal(two, &b) == nil && fmt.Sprint(a.Nodes, a.PageInfo, *a.TotalCount) == fmt.Sprint(b.Nodes, b.PageInfo, *b.TotalCount)
}

// walk goes from page to page, there by links and here by cursors, at last a page
// back.
func (b *both) walk(f model.Field, path string, query url.Values, id string, filter model.Filter, sort model.Sort, same func(one, two json.RawMessage) bool) {
	b.t.Helper()
	size := 1 + b.g.IntN(9)
	query.Set("first", fmt.Sprint(size))
	target := "/api" + path + "?" + query.Encode()
	variables := b.Variables(filter, sort)
	variables["first"], variables["id"] = size, id
	for n := range 4 {
		w := httptest.NewRecorder()
		b.site.ServeHTTP(w, httptest.NewRequestWithContext(b.ctx, http.MethodGet, target, nil))
		want := b.graphQL(f, variables)
		got := bytes.TrimSuffix(w.Body.Bytes(), []byte("\n"))
		if w.Code != http.StatusOK || !same(got, want) {
			b.t.Errorf("page %d of %s:\n%d %.1000s\n%.1000s", n, target, w.Code, got, want)
			return
		}
		var page struct {
			PageInfo struct{ StartCursor, EndCursor string }
		}
		read(b.t, string(want), &page)
		delete(variables, "first")
		delete(variables, "after")
		links := links(w.Header())
		if target = links["next"]; target != "" && n < 2 {
			variables["first"], variables["after"] = size, page.PageInfo.EndCursor
		} else if target = links["prev"]; target != "" {
			variables["last"], variables["before"] = size, page.PageInfo.StartCursor
		} else {
			return
		}
	}
}

// graphQL is the connection as GraphQL has it.
func (b *both) graphQL(f model.Field, variables map[string]any) json.RawMessage {
	b.t.Helper()
	text := fmt.Sprintf("query(%s, $filter: %sFilter) %s", parameters(f), f.Rows, listOf(f, "$filter"))
	answer, err := model.HTTP(b.site)(b.ctx, text, variables)
	if err != nil || len(answer.Errors) > 0 {
		b.t.Fatalf("%s: %v %s", text, err, answer.Raw)
	}
	data := answer.Data
	for range 1 + strings.Count(value(f), f.Name) {
		var object map[string]json.RawMessage
		read(b.t, string(data), &object)
		for _, data = range object { // which has one field
		}
	}
	return data
}

// links are those of a header, by what they lead to.
func links(h http.Header) map[string]string {
	found := map[string]string{}
	for _, link := range h.Values("Link") {
		target, rel, _ := strings.Cut(strings.TrimPrefix(link, "<"), `>; rel="`)
		found[strings.TrimSuffix(rel, `"`)] = target
	}
	return found
}
