// Package floor is the least that a server can do for each workload of the
// benchmark: net/http, one prepared statement a level, JSON written by hand. It
// has no GraphQL, no limits, no log; it shows what the rest of a server costs.
package floor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
)

// statements are the SQL of the levels, and how a list of keys is written as
// one argument.
type statements struct {
	product, byPrice, byPriceAfter, cheapest, found, foundCount, priced, pricedCount string
	categories, users, newest, postsOf, insert                                       string

	open, close byte // of a list of keys
	match       func(word string) string
	price       func(decimal string) string
}

// server holds the statements, prepared.
type server struct {
	statements
	db       *sql.DB
	prepared map[string]*sql.Stmt
	key      []byte
	buffers  sync.Pool
}

// New prepares the statements on the database, whose driver is "postgres" or
// "sqlite". The key is the one that tokens are signed with.
func New(driver, source string, key []byte) (http.Handler, error) {
	texts := postgres
	if driver == "sqlite" {
		texts = sqlite
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(Connections())
	db.SetMaxIdleConns(Connections())
	s := &server{statements: texts, db: db, prepared: map[string]*sql.Stmt{}, key: key}
	s.buffers.New = func() any { return new(work) }
	for _, text := range texts.all() {
		if s.prepared[text], err = db.Prepare(text); err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
	}
	return s.routes(), nil
}

// Connections is how many a server may have to the database: as many as Stoa has
// by default.
func Connections() int { return min(4*runtime.NumCPU(), 30) }

func (t statements) all() []string {
	texts := []string{
		t.product, t.byPrice, t.byPriceAfter, t.cheapest, t.found, t.foundCount, t.priced, t.pricedCount,
		t.categories, t.users, t.newest, t.postsOf,
	}
	if t.insert != "" {
		texts = append(texts, t.insert)
	}
	return texts
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]answer{
		"GET /w1/{id}":               s.w1,
		"GET /w2":                    s.w2,
		"GET /w3/{ids}":              s.w3,
		"GET /w4/{price}/{id}":       s.w4,
		"GET /w5":                    s.w5,
		"GET /w6/{ids}":              s.w6,
		"GET /w7/{word}":             s.w7,
		"GET /w8/{min}/{max}/{word}": s.w8,
		"POST /w9":                   s.w9,
	} {
		mux.HandleFunc(pattern, s.serve(answer))
	}
	return mux
}

// An answer writes the whole of its JSON to w.out.
type answer func(w *work, r *http.Request) error

// work is what one request needs, taken from a pool.
type work struct {
	out                               []byte
	page, children, categories, users level
	keys                              []byte
}

func (s *server) serve(answer answer) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w := s.buffers.Get().(*work)
		defer s.buffers.Put(w)
		w.out = w.out[:0]
		if err := answer(w, r); err != nil {
			http.Error(rw, err.Error(), http.StatusInternalServerError)
			return
		}
		rw.Header()["Content-Type"] = jsonType
		_, _ = rw.Write(w.out) // a client that is gone needs no answer
	}
}

var jsonType = []string{"application/json"}

// read runs the statement and hands each row to scan, by way of the level.
func (s *server) read(ctx context.Context, l *level, text string, dest []any, row func(), args ...any) error {
	l.reset()
	rows, err := s.prepared[text].QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		row()
	}
	return rows.Err()
}

// Serve serves until ctx ends.
func Serve(ctx context.Context, address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
