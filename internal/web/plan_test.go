package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"stoa/graph"
	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/relay"
	"stoa/internal/seed"
	"stoa/internal/web"
)

// TestStatementsArePlanned sends random requests, half of them by an admin, to a
// shop in which no list is empty: as many statements as planned reach the
// driver, or for a mutation at the most so many.
func TestStatementsArePlanned(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	schema.Mutation.Fields = slices.DeleteFunc(schema.Mutation.Fields, func(f *ast.FieldDefinition) bool {
		return slices.Contains([]string{"logIn", "logOut", "refreshToken", "deleteCategory", "deleteUser"}, f.Name) // which fail, or spoil the rest
	})
	for i, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			p := newPlanned(t, kind)
			p.keepWhatItHas(schema)
			committed := 0
			for n := range uint64(650) {
				g := model.Requests{Gen: model.NewGen(2*n + uint64(i)), Schema: schema, IDs: p.ids, Pages: 4, Depth: 3}
				operation := ast.Query
				if n >= 500 { // once nothing but mutations is left
					operation = ast.Mutation
				}
				query, variables := g.Next(operation)
				response := p.send(t, query, variables, n%2 == 0)
				said, sent := response.Extensions.Stoa, p.counter.Statements()
				refused := len(response.Errors) > 0
				if refused && operation == ast.Query || said.Sent != len(sent) || said.Sent > said.Planned || said.Sent < said.Planned && operation == ast.Query {
					t.Errorf("%s\nwith %v: %d statements planned, %d told, %d sent:\n%s\n%v",
						query, variables, said.Planned, said.Sent, len(sent), strings.Join(sent, "\n"), response.Errors)
				}
				if operation == ast.Mutation && !refused {
					committed++
				}
			}
			if committed < 20 {
				t.Errorf("only %d mutations took effect", committed)
			}
		})
	}
}

// planned is a shop that tells what it sends to the database, whose driver
// counts.
type planned struct {
	handler http.Handler
	counter *dbtest.Counter
	token   string
	ids     map[string][]string
}

func newPlanned(t *testing.T, kind string) *planned {
	t.Helper()
	db, counter := dbtest.Counted(t, kind)
	if err := seed.Fill(t.Context(), db, seed.Options{Products: 60, Categories: 4, Users: 4, Posts: 60, RandomSeed: 4}); err != nil {
		t.Fatal(err)
	}
	s := newShop(t, db)
	for _, statement := range []string{
		"UPDATE products SET category_id = 1 + id % (SELECT max(id) FROM categories)",
		"UPDATE posts SET category_id = 1 + id % (SELECT max(id) FROM categories), user_id = 1 + id % (SELECT max(id) FROM users)",
		"INSERT INTO post_likes (post_id, user_id, created_at) SELECT p.id, u.id, u.created_at FROM posts p, users u WHERE p.id = 1 + u.id ON CONFLICT DO NOTHING",
		"UPDATE posts SET likes = (SELECT count(*) FROM post_likes WHERE post_id = posts.id)",
	} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	p := &planned{counter: counter, token: s.admin.token, ids: map[string][]string{}}
	p.handler = web.New(web.Options{DB: db, Auth: s.auth, Introspection: true, DebugHeaders: true, Log: dbtest.Log(t, graph.MoreThanPlanned)})
	for _, kind := range []string{"Product", "Category", "User", "Post"} {
		for key := range int64(4) {
			p.ids[kind] = append(p.ids[kind], string(relay.NewID(kind, key+1)))
		}
	}
	return p
}

// keepWhatItHas takes those fields away that lead to kinds of which the shop has
// nothing, such as a new one: about no rows nothing is asked.
func (p *planned) keepWhatItHas(schema *ast.Schema) {
	for _, kind := range schema.GetPossibleTypes(schema.Types["Node"]) {
		if len(p.ids[kind.Name]) > 0 {
			continue
		}
		for _, from := range schema.Types {
			from.Fields = slices.DeleteFunc(from.Fields, func(f *ast.FieldDefinition) bool {
				return f.Type.Name() == kind.Name || f.Type.Name() == kind.Name+"Connection"
			})
		}
	}
}

type plannedResponse struct {
	Errors     []model.Error
	Extensions struct{ Stoa graph.Statements }
}

func (p *planned) send(t *testing.T, query string, variables map[string]any, loggedIn bool) (response plannedResponse) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Stoa-Debug", "sql")
	if loggedIn {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	w := httptest.NewRecorder()
	p.counter.Reset()
	p.handler.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	return response
}
