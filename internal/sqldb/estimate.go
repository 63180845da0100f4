package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/bits"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"stoa/internal/fault"
)

// The bounds of what is kept of estimates. Tables grow, so an estimate is made
// anew after a while.
const (
	maxEstimates = 2_000
	estimateLife = 10 * time.Minute
)

// estimates are what a database expects statements to cost, by their texts and
// the classes of their arguments, the least recently used forgotten first. They
// refuse a statement dearer than most.
type estimates struct {
	most int
	mu   sync.Mutex
	kept *simplelru.LRU[string, estimate]
}

type estimate struct {
	cost float64
	made time.Time
}

func newEstimates(most int) *estimates {
	e := &estimates{most: most}
	e.kept, _ = simplelru.NewLRU[string, estimate](maxEstimates, nil) // the only error is a size that is not positive
	return e
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// allow refuses a statement that is too dear, before it runs. That one of its
// class was affordable is enough, but no statement is refused for another one's
// arguments.
func (e *estimates) allow(ctx context.Context, on querier, text string, args []any) error {
	if e == nil {
		return nil
	}
	class := classOf(text, args)
	if e.affordable(class) {
		return nil
	}
	cost, err := explain(ctx, on, text, args)
	if err != nil {
		return err
	}
	e.keep(class, cost)
	if cost > float64(e.most) {
		return fault.New(fault.QueryTooComplex, "The database rates a part of the operation at %.0f; %d is allowed.", cost, e.most).
			Costing(int(cost), e.most)
	}
	return nil
}

func (e *estimates) affordable(class string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	known, ok := e.kept.Get(class)
	return ok && known.cost <= float64(e.most) && time.Since(known.made) < estimateLife
}

func (e *estimates) keep(class string, cost float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept.Add(class, estimate{cost, time.Now()})
}

// explain asks the database what it expects the statement to cost, in the units
// of its planner.
func explain(ctx context.Context, on querier, text string, args []any) (cost float64, err error) {
	var plan []struct {
		Plan struct {
			Cost float64 `json:"Total Cost"`
		}
	}
	err = readAll(on.QueryContext(ctx, "EXPLAIN (FORMAT JSON) "+text, args...))(func(t tuple) error {
		var told []byte
		if err := t.Scan(&told); err != nil {
			return err
		}
		return json.Unmarshal(told, &plan)
	})
	if err == nil && len(plan) != 1 {
		err = fmt.Errorf("an EXPLAIN of %d plans", len(plan))
	}
	if err != nil {
		return 0, err
	}
	return plan[0].Plan.Cost, nil
}

// classOf is the same for statements of one text whose arguments are of the same
// kinds and magnitudes: numbers within a factor of two, texts and lists by their
// lengths, instants by how long ago they are.
func classOf(text string, args []any) string {
	var b strings.Builder
	b.WriteString(text)
	for _, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			value = nil // the driver will say so
		}
		fmt.Fprintf(&b, "\x00%T%d", value, magnitude(value))
	}
	return b.String()
}

func magnitude(v driver.Value) int {
	switch v := v.(type) {
	case int64:
		return bits.Len64(uint64(max(v, -v)))
	case float64:
		return bits.Len64(uint64(max(v, -v)))
	case bool:
		if v {
			return 1
		}
	case string:
		return bits.Len(uint(len(v)))
	case []byte:
		return bits.Len(uint(len(v)))
	case time.Time:
		return bits.Len64(uint64(time.Since(v).Abs() / time.Hour))
	}
	return 0
}
