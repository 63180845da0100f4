package web_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// outrun is a mutation that looks, and another that changes what it saw before
// it sends the statement that writes.
type outrun struct{ field, writes, other, refusal string }

const raceUser = `createUser(input: {username: "%s", email: "%s@example.com", password: "password"}) { id }`

// patience is how long the other waits: not for ever, where one writes at a time.
var patience = map[string]time.Duration{dbtest.SQLite: 200 * time.Millisecond, dbtest.Postgres: time.Minute}

var outruns = []outrun{
	{fmt.Sprintf(raceUser, "raced", "raced"), "INSERT INTO users", fmt.Sprintf(raceUser, "RACED", "other"), "CONFLICT input.username TAKEN"},
	{fmt.Sprintf(raceUser, "racer", "racer"), "INSERT INTO users", fmt.Sprintf(raceUser, "another", "racer"), "CONFLICT input.email TAKEN"},
	{`createCategory(input: {name: "Fuß"}) { id }`, "INSERT INTO categories", `createCategory(input: {name: "FUSS"}) { id }`, "CONFLICT input.name TAKEN"},
	{createProduct("sku", `"raced"`) + "{ id }", "INSERT INTO products", createProduct("sku", `"raced"`) + "{ id }", "CONFLICT input.sku TAKEN"},
	{createProduct("categoryId", `"<category>"`) + "{ id }", "INSERT INTO products", `deleteCategory(id: "<category>")`, "NOT_FOUND input.categoryId NOT_FOUND"},
}

// TestChangedMeanwhile: it answers what it would have a moment later. On SQLite
// the other may have to wait instead until the first is done.
func TestChangedMeanwhile(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s := newShop(t, dbtest.Open(t, kind))
			for _, c := range outruns {
				in := &scene{shop: s, t: t, ids: map[string]string{}}
				first, other := s.outrun(t, patience[kind], in.fill(c.field), c.writes, in.fill(c.other))
				switch {
				case other == nil:
					t.Errorf("%s sends no %s", c.field, c.writes)
				case len(other.Errors) == 0:
					first.refuses(t, c.refusal)
				case kind != dbtest.SQLite || !slices.Equal(other.faults(), []string{"TIMEOUT"}) || len(first.Errors) > 0:
					t.Errorf("%s and meanwhile %s", first.raw, other.raw)
				}
			}
		})
	}
}

// TestWhatIsReferredToStays: from the moment at which an upsert has found its
// categories, nobody takes one away.
func TestWhatIsReferredToStays(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		category := s.category(t)
		upsert := fmt.Sprintf(`upsertProducts(input: [{sku: "staying", name: "Cup", price: 1, categoryId: %q}]) { sku }`, category)
		first, other := s.outrun(t, 200*time.Millisecond, "it: "+upsert, "INSERT INTO products", fmt.Sprintf("deleteCategory(id: %q)", category))
		if other == nil || !slices.Equal(other.faults(), []string{"TIMEOUT"}) {
			t.Fatalf("the category was to be waited for: %+v", other)
		}
		first.answers(t, `[{"sku":"staying"}]`)
	})
}

// outrun sends a field and, before its statement that writes, another.
func (s *shop) outrun(t *testing.T, patience time.Duration, field, writes, other string) (first, meanwhile *reply) {
	t.Helper()
	send := func(ctx context.Context, field string) *reply {
		return s.admin.send(ctx, "Bearer "+s.admin.token, "mutation { "+field+" }", nil)
	}
	ctx := sqldb.Observe(t.Context(), func(text string, _ []any) {
		if meanwhile == nil && strings.HasPrefix(text, writes) {
			brief, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			meanwhile = send(brief, other)
		}
	})
	return send(ctx, field), meanwhile
}
