package sqldb

import (
	"context"
	"database/sql"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/jmoiron/sqlx"
)

// maxStatements bounds what is kept prepared for a pool; each connection that
// has run a statement holds its own copy of it.
const maxStatements = 400

// statements are the prepared statements of a pool by their text, the least
// recently used of them closed first. To close one may wait for what runs on its
// connections, which may wait for anybody: it is done without the lock.
type statements struct {
	mu      sync.Mutex
	byText  *simplelru.LRU[string, *statement]
	dropped []*statement // by byText, and still to be told
}

// statement is closed when it has left the cache and nobody uses it.
type statement struct {
	*sql.Stmt
	mu      sync.Mutex
	users   int
	evicted bool
}

func newStatements() *statements {
	c := new(statements)
	// The only error is a size that is not positive.
	c.byText, _ = simplelru.NewLRU(maxStatements, func(_ string, s *statement) { c.dropped = append(c.dropped, s) })
	return c
}

// prepare returns the statement of the text, whose ? stand for arguments. It is
// to be released after use.
func (c *statements) prepare(ctx context.Context, db *sqlx.DB, text string) (*statement, error) {
	if s, ok := c.get(text); ok {
		return s, nil
	}
	prepared, err := db.PrepareContext(ctx, db.Rebind(text))
	if err != nil {
		return nil, err
	}
	s, dropped := c.add(text, prepared)
	for _, old := range dropped {
		old.evict()
	}
	if s.Stmt != prepared {
		_ = prepared.Close() // another request was first
	}
	return s, nil
}

// add returns the statement of the text, the new one unless there is one
// already, and those that had to go for it.
func (c *statements) add(text string, prepared *sql.Stmt) (s *statement, dropped []*statement) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.byText.Get(text)
	if !ok {
		s = &statement{Stmt: prepared}
		c.byText.Add(text, s)
	}
	s.use()
	dropped, c.dropped = c.dropped, nil
	return s, dropped
}

// get returns the statement of the text if it is prepared. It is to be released
// after use.
func (c *statements) get(text string) (*statement, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.byText.Get(text)
	if ok {
		s.use()
	}
	return s, ok
}

func (c *statements) close() {
	c.mu.Lock()
	c.byText.Purge()
	dropped := c.dropped
	c.mu.Unlock()
	for _, s := range dropped {
		s.evict()
	}
}

func (s *statement) use() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users++
}

func (s *statement) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	s.closeIfUnused()
}

func (s *statement) evict() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.evicted = true
	s.closeIfUnused()
}

// closeIfUnused needs the lock. Rows still being read keep what they need of a
// closed statement.
func (s *statement) closeIfUnused() {
	if s.evicted && s.users == 0 {
		_ = s.Close()
	}
}
