package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// watched is a shop whose log and tables can be looked at.
type watched struct {
	*shop
	kind  string
	dumps map[string]string // the statements that read the tables, each as one text
}

// eachWatched runs the test on each kind of database. A line of the log about a
// fault of ours or about a locked database fails it.
func eachWatched(t *testing.T, test func(t *testing.T, s *watched)) {
	for _, kind := range dbtest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			s := watch(t, kind, dbtest.Open(t, kind))
			test(t, s)
			for line := range strings.Lines(s.log.String()) {
				if strings.Contains(line, "level=ERROR") || strings.Contains(line, "locked") {
					t.Errorf("the log says: %s", line)
				}
			}
		})
	}
}

func watch(t *testing.T, kind string, db *sqldb.DB) *watched {
	t.Helper()
	s := &watched{shop: newShop(t, db), kind: kind}
	s.handler, s.log = hushed(t, web.Options{DB: db, Auth: s.auth, RequestTimeout: time.Minute})
	for _, c := range []*client{s.nobody, s.admin, s.ann, s.bob} {
		c.handler = s.handler
	}
	return s
}

// number is what a statement counts.
func (s *watched) number(t *testing.T, statement string, args ...any) (n int) {
	t.Helper()
	if _, err := s.db.Read(t.Context(), statement, args, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *watched) text(t *testing.T, statement string) (text string) {
	t.Helper()
	if _, err := s.db.Read(t.Context(), statement, nil, &text); err != nil {
		t.Fatal(err)
	}
	return text
}

// tables are all rows of every table, as texts.
func (s *watched) tables(t *testing.T) map[string]string {
	t.Helper()
	if s.dumps == nil {
		s.dumps = s.dumpsOf(t)
	}
	tables := map[string]string{}
	for name, dump := range s.dumps {
		tables[name] = s.text(t, dump)
	}
	return tables
}

func (s *watched) dumpsOf(t *testing.T) map[string]string {
	t.Helper()
	dumps := map[string]string{}
	if s.kind == dbtest.Postgres {
		for _, name := range strings.Fields(s.text(t, "SELECT string_agg(table_name, ' ') FROM information_schema.tables WHERE table_schema = 'public'")) {
			dumps[name] = "SELECT coalesce(string_agg(t::text, ' ' ORDER BY t::text), '') FROM " + name + " t"
		}
		return dumps
	}
	for _, name := range strings.Fields(s.text(t, "SELECT group_concat(name, ' ') FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
		row := s.text(t, "SELECT group_concat('quote(' || name || ')', ' || '','' || ') FROM pragma_table_info('"+name+"')")
		dumps[name] = "SELECT coalesce(group_concat(row, ' '), '') FROM (SELECT " + row + " AS row FROM " + name + " ORDER BY 1)"
	}
	return dumps
}

// unchanged compares the rows of all tables.
func unchanged(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name, rows := range before {
		if after[name] != rows {
			t.Errorf("%s was\n%s\nand is\n%s", name, rows, after[name])
		}
	}
	if len(before) < 6 || len(after) != len(before) {
		t.Errorf("%d tables were read, then %d", len(before), len(after))
	}
}

// refusesBad fails unless the reply is to a mutation of which the field called
// bad is refused: with that field's errors alone, and no entry for data.
func (r *reply) refusesBad(t *testing.T, want ...string) {
	t.Helper()
	r.refuses(t, want...)
	var entries map[string]json.RawMessage
	if read(t, r.raw, &entries); entries["data"] != nil {
		t.Errorf("data beside errors: %s", r.raw)
	}
	for _, e := range r.Errors {
		if len(e.Path) == 0 || e.Path[0] != "bad" {
			t.Errorf("an error elsewhere: %s", r.raw)
		}
	}
}

// before returns a context in which act is called, once, before a statement is
// sent that begins so and has the value among its arguments.
func before(ctx context.Context, statement, value string, act func()) context.Context {
	var once sync.Once
	return sqldb.Observe(ctx, func(text string, args []any) {
		if strings.HasPrefix(text, statement) && strings.Contains(fmt.Sprint(args), value) {
			once.Do(act)
		}
	})
}

// doIn is do in a context.
func (c *client) doIn(ctx context.Context, query string) *reply {
	return c.send(ctx, "Bearer "+c.token, query, nil)
}

// keptLog is a log that can be read while it is written.
type keptLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *keptLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *keptLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
