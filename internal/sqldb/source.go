package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// What a source's owner goes by.
const (
	lookInterval = time.Second
	lookTimeout  = 2 * time.Second
	askInterval  = 2 * time.Millisecond // while somebody waits
)

// ErrElsewhere is that a database from which a query was read can no longer be
// read. The query may be answered by another when it is sent again.
var ErrElsewhere = errors.New("the database does not answer")

// source is a database that queries are read from, the primary or a replica. One
// goroutine looks after it, by a connection of its own, so that everybody knows
// without asking how far it has come.
type source struct {
	*pool
	name    string
	dialect dialect
	eye     *sql.DB // one connection
	looking string  // the statement that tells the position
	log     *slog.Logger
	seen    func(Position) // is told of each position; by the owner

	reached atomic.Int64
	spell   atomic.Pointer[spell] // nil while it does not answer
	asked   chan struct{}

	mu   sync.Mutex
	news chan struct{} // closed after the next look
}

// spell is a time in which a source answers. With it ends what is read there.
type spell struct {
	ctx context.Context
	end context.CancelFunc
}

// follow looks after the source until the context ends: once a second, and more
// often while somebody waits for it.
func (s *source) follow(ctx context.Context) {
	next := time.NewTicker(lookInterval)
	defer next.Stop()
	for {
		s.look(ctx)
		select {
		case <-ctx.Done():
			s.rest()
			return
		case <-next.C:
		case <-s.asked:
			time.Sleep(askInterval)
		}
	}
}

func (s *source) look(ctx context.Context) {
	brief, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	p, err := s.sees(brief)
	if err != nil {
		if ctx.Err() == nil {
			s.fell(err)
		}
		return
	}
	s.told(p)
	s.seen(p)
	if s.spell.Load() == nil {
		s.rise()
		s.log.Info("a database answers", "host", s.name)
	}
}

// sees is the position of a database that takes statements.
func (s *source) sees(ctx context.Context) (p Position, err error) {
	if err := s.breaker.allow(); err != nil {
		return 0, err
	}
	err = s.eye.QueryRowContext(ctx, s.looking).Scan(&p)
	return p, err
}

// rise begins a spell.
func (s *source) rise() {
	var now spell
	now.ctx, now.end = context.WithCancel(context.Background())
	s.spell.Store(&now)
}

// told lets everybody know how far the source has come.
func (s *source) told(p Position) {
	s.reached.Store(int64(p))
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.news)
	s.news = make(chan struct{})
}

// fell ends the spell in which the source has answered.
func (s *source) fell(why error) {
	if s.rest() {
		s.log.Warn("a database does not answer", "host", s.name, "error", why)
	}
}

// rest tells whether there was a spell to end.
func (s *source) rest() bool {
	was := s.spell.Swap(nil)
	if was != nil {
		was.end()
	}
	return was != nil
}

func (s *source) answers() bool { return s.spell.Load() != nil }

func (s *source) position() Position { return Position(s.reached.Load()) }

// ask has the owner look now.
func (s *source) ask() {
	select {
	case s.asked <- struct{}{}:
	default:
	}
}

// awaits tells whether the source comes to the position within the time.
func (s *source) awaits(ctx context.Context, p Position, atMost time.Duration) bool {
	late := time.NewTimer(atMost)
	defer late.Stop()
	for {
		s.mu.Lock()
		news := s.news
		s.mu.Unlock()
		if s.position() >= p {
			return true
		}
		s.ask()
		select {
		case <-news:
		case <-late.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// rows is pool.rows, with ErrElsewhere where others may still answer.
func (s *source) rows(ctx context.Context, text string, args []any, scan func(tuple) error) error {
	now := s.spell.Load()
	if now == nil {
		return ErrElsewhere
	}
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(now.ctx, cancel)
	defer stop()
	err := s.pool.rows(within, text, args, scan)
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case now.ctx.Err() != nil:
	case away(s.dialect, err):
		s.fell(err)
		s.ask()
	case s.dialect.crossed(err): // a replica that has to go on replaying
	default:
		return err
	}
	return fmt.Errorf("%w: %w", ErrElsewhere, err)
}
