package web_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stoa/internal/dbtest"
	"stoa/internal/model"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
	"stoa/internal/web"
)

// TestTrendsAreTheModels compares the trending posts and the activity with plain
// ones, on both databases at once: each request must have the same bytes from
// both.
func TestTrendsAreTheModels(t *testing.T) {
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprintf("STOA_TEST_SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			r := newTrends(t, model.NewGen(seed))
			for range 12 {
				r.trending(1+r.g.IntN(90), 1+r.g.IntN(20))
			}
			r.trending(90, 100)
			for range 40 {
				r.activity()
			}
		})
	}
}

// trends are posts and likes of late, in two databases.
type trends struct {
	t    *testing.T
	g    model.Gen
	run  model.Exec
	data *model.Dataset
	ages map[model.Like]int // whole days
}

const day = 24 * time.Hour

func newTrends(t *testing.T, g model.Gen) *trends {
	t.Helper()
	r := &trends{t: t, g: g, data: g.Dataset(120), ages: map[model.Like]int{}}
	for len(r.data.Likes) < 20 {
		r.data = g.Dataset(120)
	}
	now := time.Now()
	for i := range r.data.Likes {
		age := g.IntN(100)
		// Far enough from whole days for what is young to be so until the end.
		moment := now.Add(-time.Duration(age)*day - time.Hour - time.Duration(g.Int64N(int64(22*time.Hour))))
		r.data.Likes[i].CreatedAt = moment.UnixMicro()
		r.ages[r.data.Likes[i]] = age
	}
	for i, p := range r.data.Posts {
		if i%2 == 0 {
			p.CreatedAt = now.Add(-time.Duration(g.Int64N(int64(100 * day)))).UnixMicro()
		}
	}
	var execs []model.Exec
	for _, kind := range dbtest.Kinds() {
		db := dbtest.Connect(t, sqldb.Options{URL: dbtest.URL(t, kind), MaxConns: 4})
		if err := r.data.Load(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		execs = append(execs, model.HTTP(web.New(web.Options{DB: db})))
	}
	r.run = model.Same(execs[0], execs[1])
	return r
}

func (r *trends) ask(query string, variables map[string]any, into any) {
	r.t.Helper()
	response, err := r.run(r.t.Context(), query, variables)
	if err == nil && len(response.Errors) > 0 {
		err = fmt.Errorf("refused: %s", response.Raw)
	}
	if err == nil {
		err = json.Unmarshal(response.Data, into)
	}
	if err != nil {
		r.t.Fatalf("%s %v: %v", query, variables, err)
	}
}

// trending walks through the posts, page by page.
func (r *trends) trending(days, size int) {
	r.t.Helper()
	want := r.mostLiked(days)
	var got []string
	after := (*string)(nil)
	for pages := 0; ; pages++ {
		var data struct {
			TrendingPosts struct {
				Nodes      []struct{ ID string }
				Edges      []struct{ Cursor string }
				PageInfo   struct{ HasNextPage, HasPreviousPage bool }
				TotalCount int
			}
		}
		r.ask(`query($days: Int!, $size: Int, $after: String) { trendingPosts(days: $days, first: $size, after: $after) {
			nodes { id author { username } } edges { cursor } pageInfo { hasNextPage hasPreviousPage } totalCount } }`,
			map[string]any{"days": days, "size": size, "after": after}, &data)
		page := data.TrendingPosts
		for _, node := range page.Nodes {
			got = append(got, node.ID)
		}
		more := len(got) < len(want)
		if page.PageInfo.HasNextPage != more || page.PageInfo.HasPreviousPage != (pages > 0) || page.TotalCount != len(want) {
			r.t.Fatalf("%d days by %d, page %d: %+v, want %d posts", days, size, pages, page, len(want))
		}
		if !more {
			break
		}
		after = &page.Edges[len(page.Edges)-1].Cursor
	}
	if !slices.Equal(got, want) {
		r.t.Fatalf("%d days by %d: got %v, want %v", days, size, got, want)
	}
}

// mostLiked is what trendingPosts has to be.
func (r *trends) mostLiked(days int) (ids []string) {
	likes := map[int64]int{}
	for _, l := range r.data.Likes {
		if r.ages[l] < days {
			likes[l.Post]++
		}
	}
	posts := slices.DeleteFunc(slices.Clone(r.data.Posts), func(p *model.Post) bool { return likes[p.ID] == 0 })
	slices.SortFunc(posts, func(a, b *model.Post) int {
		return cmp.Or(cmp.Compare(likes[b.ID], likes[a.ID]), cmp.Compare(b.ID, a.ID))
	})
	for _, p := range posts {
		ids = append(ids, string(relay.NewID("Post", p.ID)))
	}
	return ids
}

// point is an ActivityPoint.
type point struct {
	Start        string
	Posts, Likes int
}

// names tell the intervals of a length apart, and how far from one instant to the
// next one is sure to be in the same one or in the next.
var names = map[string]struct {
	of   func(t time.Time) string
	step time.Duration
}{
	"HOUR":  {func(t time.Time) string { return t.Format("2006-01-02 15") }, time.Hour},
	"DAY":   {func(t time.Time) string { return t.Format("2006-01-02") }, day},
	"WEEK":  {func(t time.Time) string { return fmt.Sprint(t.ISOWeek()) }, day},
	"MONTH": {func(t time.Time) string { return t.Format("2006-01") }, day},
}

func (r *trends) activity() {
	r.t.Helper()
	interval := []string{"HOUR", "DAY", "WEEK", "MONTH"}[r.g.IntN(4)]
	from := time.Now().Add(-time.Duration(r.g.Int64N(int64(110 * day))))
	to := from.Add(time.Duration(r.g.Int64N(int64(15*day))) - day)
	if interval != "HOUR" {
		to = to.Add(time.Duration(r.g.Int64N(int64(200 * day))))
	}
	var data struct{ PostActivity []point }
	r.ask(`query($from: DateTime!, $to: DateTime!, $interval: Interval!) {
		postActivity(from: $from, to: $to, interval: $interval) { start posts likes } }`,
		map[string]any{"from": from.Format(time.RFC3339Nano), "to": to.Format(time.RFC3339Nano), "interval": interval}, &data)
	if want := r.happened(from.UTC().Truncate(time.Microsecond), to.UTC().Truncate(time.Microsecond), interval); !reflect.DeepEqual(data.PostActivity, want) {
		r.t.Fatalf("by %s from %v to %v: got %v, want %v", interval, from, to, data.PostActivity, want)
	}
}

// happened is what postActivity has to be.
func (r *trends) happened(from, to time.Time, interval string) []point {
	name, step := names[interval].of, names[interval].step
	at := from.Truncate(step)
	for name(at.Add(-step)) == name(at) {
		at = at.Add(-step)
	}
	posts, likes := map[string]int{}, map[string]int{}
	for _, p := range r.data.Posts {
		posts[name(time.UnixMicro(p.CreatedAt).UTC())]++
	}
	for _, l := range r.data.Likes {
		likes[name(time.UnixMicro(l.CreatedAt).UTC())]++
	}
	points, last := []point{}, ""
	for ; at.Before(to); at = at.Add(step) {
		if n := name(at); n != last {
			points = append(points, point{at.Format("2006-01-02T15:04:05.000000Z"), posts[n], likes[n]})
			last = n
		}
	}
	return points
}

func TestIntervals(t *testing.T) {
	r := newTrends(t, model.NewGen(1))
	for _, c := range []struct {
		arguments string
		count     int
		first     string
	}{
		{`from: "2024-02-10T00:00:00Z", to: "2024-04-01T00:00:00Z", interval: MONTH`, 2, "2024-02-01"},
		{`from: "2024-02-10T00:00:00Z", to: "2024-04-01T00:00:00.000001Z", interval: MONTH`, 3, "2024-02-01"},
		{`from: "2024-01-31T23:59:59.999999Z", to: "2024-03-31T00:00:00Z", interval: MONTH`, 3, "2024-01-01"},
		{`from: "2024-03-03T12:00:00Z", to: "2024-03-05T00:00:00Z", interval: WEEK`, 2, "2024-02-26"},
		{`from: "2024-03-01T01:00:00+02:00", to: "2024-03-01T00:00:00Z"`, 1, "2024-02-29"},
		{`from: "2024-03-01T12:00:00Z", to: "2024-03-01T12:00:00Z"`, 1, "2024-03-01"},
		{`from: "2024-03-01T12:00:00Z", to: "2024-03-01T06:00:00Z"`, 1, "2024-03-01"},
		{`from: "2024-03-01T12:00:00Z", to: "2024-03-01T00:00:00Z"`, 0, ""},
		{`from: "9999-01-01T00:00:00Z", to: "0001-01-01T00:00:00Z"`, 0, ""},
		{`from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z"`, 366, "2024-01-01"},
		{`from: "0000-01-03T00:00:00Z", to: "0001-01-01T00:00:00Z", interval: WEEK`, 52, "0000-01-03"},
		{`from: "9990-01-01T00:00:00Z", to: "9999-12-31T23:59:59.999999Z", interval: MONTH`, 120, "9990-01-01"},
	} {
		var data struct{ PostActivity []point }
		r.ask("{ postActivity("+c.arguments+") { start posts likes } }", nil, &data)
		if got := data.PostActivity; len(got) != c.count || c.count > 0 && !strings.HasPrefix(got[0].Start, c.first+"T00:00:00.000000Z") {
			t.Errorf("%s: got %v, want %d from %s on", c.arguments, got, c.count, c.first)
		}
	}
}

func TestTrendsRefuse(t *testing.T) {
	r := newTrends(t, model.NewGen(1))
	var data struct {
		Posts, TrendingPosts struct{ PageInfo struct{ EndCursor string } }
	}
	r.ask(`{ posts { pageInfo { endCursor } } trendingPosts(days: 90) { pageInfo { endCursor } } }`, nil, &data)
	for _, c := range []struct {
		field string
		want  []string
	}{
		{"trendingPosts(days: 0) { totalCount }", []string{"days TOO_SMALL 1"}},
		{"trendingPosts(days: 91) { totalCount }", []string{"days TOO_LARGE 90"}},
		{`trendingPosts(days: -1, first: 101, after: "x") { totalCount }`, []string{"days TOO_SMALL 1", "first TOO_LARGE 100", "after MALFORMED "}},
		{`trendingPosts(days: 89, after: "` + data.TrendingPosts.PageInfo.EndCursor + `") { totalCount }`, []string{"after MALFORMED "}},
		{`trendingPosts(days: 90, after: "` + data.Posts.PageInfo.EndCursor + `") { totalCount }`, []string{"after MALFORMED "}},
		{`posts(after: "` + data.TrendingPosts.PageInfo.EndCursor + `") { totalCount }`, []string{"after MALFORMED "}},
		{`postActivity(from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00.000001Z") { likes }`, []string{"to TOO_LARGE 366"}},
		{`postActivity(from: "0001-01-01T00:00:00Z", to: "9999-01-01T00:00:00Z", interval: HOUR) { likes }`, []string{"to TOO_LARGE 366"}},
		{`postActivity(from: "0000-01-02T00:00:00Z", to: "0000-01-02T00:00:00Z", interval: WEEK) { likes }`, []string{"from TOO_SMALL "}},
		{`postActivity(from: "9999-12-31T00:00:00Z", to: "9999-12-31T23:59:59-01:00") { likes }`, []string{"to TOO_LARGE "}},
	} {
		response, err := r.run(t.Context(), "{ "+c.field+" }", nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range response.Errors {
			if e.Extensions.Code != "BAD_USER_INPUT" {
				t.Errorf("%s: %s", c.field, e.Extensions.Code)
			}
			got = append(got, e.Extensions.Field+" "+e.Extensions.Reason+" "+string(e.Extensions.Limit))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.field, got, c.want)
		}
	}
}
