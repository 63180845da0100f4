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
// recently used of them closed first.
type statements struct {
	mu     sync.Mutex
	byText *simplelru.LRU[string, *statement]
}

// statement is closed when it has left the cache and nobody uses it.
type statement struct {
	*sql.Stmt
	mu      sync.Mutex
	users   int
	evicted bool
}

func newStatements() *statements {
	// The only error is a size that is not positive.
	lru, _ := simplelru.NewLRU(maxStatements, func(_ string, s *statement) { s.evict() })
	return &statements{byText: lru}
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
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.byText.Get(text)
	if ok {
		_ = prepared.Close() // another request was first
	} else {
		s = &statement{Stmt: prepared}
		c.byText.Add(text, s)
	}
	s.use()
	return s, nil
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
	defer c.mu.Unlock()
	c.byText.Purge()
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
