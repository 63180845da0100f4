package store

import (
	"context"
	"strconv"
	"time"

	"stoa/internal/fault"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Interval is a length of time, of which each begins where the calendar has it
// begin, in UTC: a week on Monday.
type Interval string

// The intervals.
const (
	Hour  Interval = "HOUR"
	Day   Interval = "DAY"
	Week  Interval = "WEEK"
	Month Interval = "MONTH"
)

// start is the beginning of the interval that holds t, which is in UTC, or of
// the one that lies so many after it.
func (i Interval) start(t time.Time, after int) time.Time {
	year, month, day := t.Date()
	hour := 0
	switch i {
	case Hour:
		hour = t.Hour() + after
	case Day:
		day += after
	case Week:
		sinceMonday := (int(t.Weekday()) + 6) % 7
		day += 7*after - sinceMonday
	case Month:
		month, day = month+time.Month(after), 1
	}
	return time.Date(year, month, day, hour, 0, 0, 0, time.UTC)
}

// maxIntervals is how many are told of at once.
const maxIntervals = 366

// ActivityPoint is what happened in an interval.
type ActivityPoint struct {
	Start        scalar.Time
	Posts, Likes int
}

// Activity is what happened in each interval from the one that holds from to
// the last that begins before to: none where to lies before them all.
func Activity(ctx context.Context, db *sqldb.DB, from, to scalar.Time, interval Interval) ([]*ActivityPoint, error) {
	starts := []scalar.Time{scalar.TimeOf(interval.start(from.Std(), 0))}
	switch { // a year has four digits
	case starts[0].Std().Year() < 0:
		return nil, fault.Input("from", fault.TooSmall, "The interval begins before the year 0.")
	case to.Std().Year() > 9999:
		return nil, fault.Input("to", fault.TooLarge, "It lies after the year 9999.")
	}
	for starts[len(starts)-1] < to {
		if len(starts) > maxIntervals {
			return nil, fault.Input("to", fault.TooLarge, "At most %d intervals may be asked for.", maxIntervals).
				Bounded(strconv.Itoa(maxIntervals))
		}
		starts = append(starts, scalar.TimeOf(interval.start(from.Std(), len(starts))))
	}
	counts, err := db.CountBetween(ctx, starts, "posts", "post_likes")
	if err != nil {
		return nil, err
	}
	points := make([]*ActivityPoint, len(counts))
	for n, c := range counts {
		points[n] = &ActivityPoint{Start: starts[n], Posts: c[0], Likes: c[1]}
	}
	return points, nil
}
