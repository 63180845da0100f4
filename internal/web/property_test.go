package web_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stoa/graph"
	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// seeds are one that is always tried and one that nobody has tried, which is
// enough for the race detector; or the one in STOA_TEST_SEED, to repeat a failure.
func seeds(t *testing.T) []uint64 {
	if text := os.Getenv("STOA_TEST_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("STOA_TEST_SEED: %v", err)
		}
		return []uint64{seed}
	}
	if dbtest.Raced {
		return []uint64{rand.Uint64()}
	}
	return []uint64{1, rand.Uint64()}
}

// TestReadsAreTheModels compares all that can be read with a plain model, on
// both databases at once: each request must have the same bytes from both.
func TestReadsAreTheModels(t *testing.T) {
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprintf("STOA_TEST_SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			g := model.NewGen(seed)
			p := newProperty(t, g, 120)
			p.lists(4)
			p.filters(8)
			p.documents(30)
			p.nodes(8)
			p.refusals(4)
		})
	}
}

// TestCursorsOutliveTheirRows takes cursors and ids, deletes their rows, and
// goes on.
func TestCursorsOutliveTheirRows(t *testing.T) {
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprintf("STOA_TEST_SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			g := model.NewGen(seed)
			p := newProperty(t, g, 40)
			cases := p.cases(3)
			for _, cs := range cases {
				if err := p.Harvest(p.ctx, cs); err != nil {
					t.Fatalf("%s: %v", cs, err)
				}
			}
			p.gone = p.deleteSome()
			for _, cs := range cases {
				p.check(cs)
			}
			p.nodes(5)
		})
	}
}

// property is a dataset in two databases and the server above each.
type property struct {
	*model.Checker
	t    *testing.T
	g    model.Gen
	ctx  context.Context
	urls map[string]string // by the kind of database
	gone []model.Row
}

// newProperty is one of both databases, and of others that are empty.
func newProperty(t *testing.T, g model.Gen, rows int, others ...*sqldb.DB) *property {
	t.Helper()
	p := &property{t: t, g: g, ctx: t.Context(), urls: map[string]string{}}
	data := g.Dataset(rows)
	var execs []model.Exec
	for _, kind := range dbtest.Kinds() {
		p.urls[kind] = dbtest.URL(t, kind)
		db := dbtest.Connect(t, sqldb.Options{URL: p.urls[kind], MaxConns: 4})
		if err := data.Load(p.ctx, db); err != nil {
			t.Fatal(err)
		}
		execs = append(execs, model.HTTP(web.New(web.Options{DB: db, Log: dbtest.Log(t, graph.MoreThanPlanned)})))
		if kind == dbtest.SQLite {
			execs = append(execs, model.HTTP(web.New(web.Options{DB: db, Plain: true})))
		}
	}
	for _, db := range others {
		if err := data.Load(p.ctx, db); err != nil {
			t.Fatal(err)
		}
		execs = append(execs, model.HTTP(web.New(web.Options{DB: db})))
	}
	same := execs[0]
	for _, exec := range execs[1:] {
		same = model.Same(exec, same)
	}
	checker, err := model.Learn(p.ctx, data, same)
	if err != nil {
		t.Fatal(err)
	}
	p.Checker = checker
	return p
}

// cases are some of each connection field.
func (p *property) cases(each int) []model.Case {
	var cases []model.Case
	for _, f := range model.Fields {
		for range each {
			if cs, ok := p.g.Case(p.Checker, f); ok {
				cases = append(cases, cs)
			}
		}
	}
	return cases
}

func (p *property) check(cs model.Case) {
	p.t.Helper()
	if err := p.Check(p.ctx, cs); err != nil {
		smallest, err := p.Shrink(p.ctx, cs, err)
		p.t.Errorf("%s: %v", smallest, err)
	}
}

func (p *property) lists(each int) {
	for _, cs := range p.cases(each) {
		p.check(cs)
	}
}

func (p *property) documents(n int) {
	for range n {
		if err := p.Do(p.ctx, p.g.Document(p.Checker, 3)); err != nil {
			p.t.Errorf("document: %v", err)
		}
	}
}

func (p *property) filters(n int) {
	for range n {
		for _, k := range model.Kinds {
			if err := p.Do(p.ctx, p.g.Filters(p.Checker, k, 12)); err != nil {
				p.t.Errorf("filters: %v", err)
			}
		}
	}
}

func (p *property) nodes(n int) {
	for range n {
		if err := p.Nodes(p.ctx, p.g, p.gone); err != nil {
			p.t.Errorf("nodes: %v", err)
		}
	}
}

// refusals alters a cursor of n of the fields, and uses those of other fields
// and sorts.
func (p *property) refusals(n int) {
	cases := p.cases(1)
	p.g.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	for _, cs := range cases[:min(n, len(cases))] {
		rows := p.Data.Connection(cs.Field, cs.Parent)
		if len(rows) == 0 {
			continue
		}
		if err := p.Harvest(p.ctx, cs); err != nil {
			p.t.Errorf("%s: %v", cs, err)
			continue
		}
		if err := p.Altered(p.ctx, p.g, cs, rows[p.g.IntN(len(rows))]); err != nil {
			p.t.Errorf("%s: %v", cs, err)
		}
		if err := p.Foreign(p.ctx, p.g, cs); err != nil {
			p.t.Errorf("%s: %v", cs, err)
		}
	}
}

// deleteSome deletes a third of the products and posts, from the model too.
func (p *property) deleteSome() []model.Row {
	var gone []model.Row
	for _, kind := range []model.Kind{model.KindProduct, model.KindPost} {
		rows := slices.DeleteFunc(p.Data.Rows(kind), func(model.Row) bool { return p.g.IntN(3) > 0 })
		var numbers []int64
		for _, r := range rows {
			numbers = append(numbers, r.Number())
		}
		for name, url := range p.urls {
			deleteRows(p.t, name, url, strings.ToLower(string(kind))+"s", numbers)
		}
		p.Data = p.Data.Without(kind, numbers)
		gone = append(gone, rows...)
	}
	return gone
}

// deleteRows does so behind the server's back.
func deleteRows(t *testing.T, kind, url, table string, numbers []int64) {
	t.Helper()
	if kind == dbtest.SQLite {
		url = "file:" + strings.TrimPrefix(url, "sqlite:") + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(kind, url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, n := range numbers {
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf("DELETE FROM %s WHERE id = %d", table, n)); err != nil {
			t.Fatal(err)
		}
	}
}
