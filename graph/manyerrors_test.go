package graph

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"stoa/graph/generated"
	"stoa/internal/dbtest"
	"stoa/internal/fault"
	"stoa/internal/seed"
	"stoa/internal/store"
)

// failing knows of no post whether the viewer likes it.
type failing struct{ *Resolver }

func (f failing) Post() generated.PostResolver { return failingPosts{f.Resolver.Post()} }

type failingPosts struct{ generated.PostResolver }

func (failingPosts) ViewerHasLiked(context.Context, *store.Post) (bool, error) {
	return false, fault.New(fault.Unavailable, "No.").From(errors.New("down"))
}

// Fields that cost nothing may fail more often than anyone can read.
func TestErrorsOfFieldsAreBounded(t *testing.T) {
	a := *open
	a.DB = dbtest.Open(t, dbtest.SQLite)
	if err := seed.Fill(t.Context(), a.DB, seed.Options{Categories: 1, Users: 1, Posts: 60}); err != nil {
		t.Fatal(err)
	}
	a.executable = generated.NewExecutableSchema(generated.Config{Schema: a.schema, Resolvers: failing{&Resolver{DB: a.DB}}, Directives: directives})
	for aliases, want := range map[int]int{5: 300, 200: maxFieldErrors} {
		o := accepted(t, "{ posts(first: 60) { nodes { "+units(aliases, "a%d: viewerHasLiked ")+"} } }", "{}")
		r := a.Do(t.Context(), o)
		if len(r.Errors) != want {
			t.Errorf("%d errors, want %d", len(r.Errors), want)
		}
		paths := map[string]bool{}
		for _, e := range r.Errors {
			paths[fmt.Sprint(e.Path)] = true
		}
		if len(paths) != len(r.Errors) {
			t.Errorf("%d errors at %d places", len(r.Errors), len(paths))
		}
	}
}
