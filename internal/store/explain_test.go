package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
)

// statement is one that Stoa sent.
type statement struct {
	text string
	args []any
}

// plan is how a database answers a statement, as far as it reads the tables of
// products, posts and likes.
type plan struct {
	indexes []string // by which it reads, "" for a table read from end to end
	rows    int      // read in all, those thrown away too; 0 where it is not told
	sorted  bool     // more than a page is sorted
	text    string
}

// explainer asks a database for its plans, as Stoa asks it for rows.
type explainer struct {
	kind string
	db   *sqldb.DB
}

// sent are the statements that run sends.
func sent(t *testing.T, run func(ctx context.Context) error) []statement {
	t.Helper()
	var all []statement
	err := run(sqldb.Observe(t.Context(), func(text string, args []any) {
		all = append(all, statement{text, args})
	}))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// plan is that of the statement.
func (e explainer) plan(t *testing.T, s statement) plan {
	t.Helper()
	p := plan{text: fmt.Sprintf("%s\n%v", s.text, s.args)}
	if e.kind == dbtest.SQLite {
		e.sqlite(t, s, &p)
	} else {
		e.postgres(t, s, &p)
	}
	return p
}

// node is a node of PostgreSQL's plans.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Filtered float64 `json:"Rows Removed by Filter"`
	Recheck  float64 `json:"Rows Removed by Index Recheck"`
	Plans    []node
}

var large = []string{"products", "posts", "post_likes"}

func (p *plan) add(n node) {
	ofLarge := slices.Contains(large, n.Relation) || slices.ContainsFunc(large, func(table string) bool {
		return strings.HasPrefix(n.Index, table+"_")
	})
	if ofLarge {
		p.rows += int((n.Rows + n.Filtered + n.Recheck) * n.Loops)
	}
	if ofLarge && n.Type != "Bitmap Heap Scan" { // which has the index scans below
		p.indexes = append(p.indexes, n.Index)
	}
	for _, below := range n.Plans {
		p.add(below)
	}
}

func (e explainer) postgres(t *testing.T, s statement, p *plan) {
	t.Helper()
	var explained string
	if _, err := e.db.Read(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+s.text, s.args, &explained); err != nil {
		t.Fatalf("%v: %s", err, p.text)
	}
	p.text += "\n" + explained
	var roots []struct{ Plan node }
	if err := json.Unmarshal([]byte(explained), &roots); err != nil || len(roots) != 1 {
		t.Fatalf("%v: %s", err, p.text)
	}
	p.add(roots[0].Plan)
}

// A step of SQLite's plans that reads a row of the list, called t, or of
// another table, called m: by an index, by the key, or all rows in the order of the key.
var reading = regexp.MustCompile(`^(SCAN|SEARCH) [tm]\b(?: USING (?:COVERING )?INDEX (.+)| USING INTEGER PRIMARY KEY (.+))?$`)

// column gathers what all rows have in one.
type column[V any] []V

// Scan adds a row's value.
func (c *column[V]) Scan(v any) error {
	value, ok := v.(V)
	if !ok {
		return fmt.Errorf("%T where %T is expected", v, value)
	}
	*c = append(*c, value)
	return nil
}

func (e explainer) sqlite(t *testing.T, s statement, p *plan) {
	t.Helper()
	var id, above, unused column[int64]
	var step column[string]
	if _, err := e.db.Read(t.Context(), "EXPLAIN QUERY PLAN "+s.text, s.args, &id, &above, &unused, &step); err != nil {
		t.Fatalf("%v: %s", err, p.text)
	}
	inner := map[int64]bool{} // steps that are taken for each parent
	perParent := strings.Contains(s.text, "json_each(?) k ")
	for i, step := range step {
		p.text += fmt.Sprintf("\n%d %d %s", id[i], above[i], step)
		inner[id[i]] = inner[above[i]] || strings.HasPrefix(step, "CORRELATED")
		switch m := reading.FindStringSubmatch(step); {
		case m == nil:
		case m[2] != "":
			p.indexes = append(p.indexes, m[2])
		case m[3] != "(rowid=?)": // one row by its key is no matter
			p.indexes = append(p.indexes, "rowid "+m[3])
		}
		// What all parents' pages brought is sorted once more.
		if step == "USE TEMP B-TREE FOR ORDER BY" && inner[id[i]] == perParent {
			p.sorted = true
		}
	}
}
