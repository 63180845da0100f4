package seed

import (
	"time"

	"stoa/internal/scalar"
)

// What is generated happened in the two years before a fixed day, so that it is
// the same whenever it is made. In the first month there are only categories and
// the first users.
var (
	opening = scalar.TimeOf(time.Date(2024, 1, 15, 0, 0, 0, 0, time.UTC))
	trading = scalar.TimeOf(time.Date(2024, 2, 15, 0, 0, 0, 0, time.UTC))
	closing = scalar.TimeOf(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
)

// timeline says when the rows of a kind were created: evenly over a span, nearly
// in the order of their ids, now and then two at the same instant.
type timeline struct {
	seed    uint64
	purpose purpose
	first   int64 // the first row's id
	rows    int64
	start   scalar.Time
	step    int64 // from one row to the next, in microseconds
}

func newTimeline(seed uint64, p purpose, first, rows int64, from, to scalar.Time) timeline {
	return timeline{seed, p, first, rows, from, int64(to-from) / (rows + 2)}
}

// at returns when row i, counted from 0, was created. The first row stands at
// the very start.
func (t *timeline) at(i int64) scalar.Time {
	const tied = 16 // one row in so many has the time of the row before
	var s stream
	s.begin(t.seed, t.purpose, t.first+i)
	for i > 0 && s.below(tied) == 0 {
		i--
		s.begin(t.seed, t.purpose, t.first+i)
	}
	if i == 0 {
		return t.start
	}
	return t.start + scalar.Time(i*t.step+s.below(2*t.step))
}

// by returns how many rows, the first at least, are all created by then.
func (t *timeline) by(then scalar.Time) int64 {
	return min(max(1, int64(then-t.start)/t.step-1), t.rows)
}

// history is a row's changes since it was created.
type history struct {
	created, updated scalar.Time
	version          int
}

// historyOf makes up what happened to a row that was created then.
func historyOf(s *stream, created scalar.Time) history {
	if s.percent(60) {
		return history{created, created, 1}
	}
	return history{created, created + scalar.Time(s.below(int64(closing-created))), int(s.between(2, 6))}
}
