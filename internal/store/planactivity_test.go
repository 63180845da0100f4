package store_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// lately is as long before the last of the seeded rows as the trend is asked for
// before now.
const lately = 30

var (
	closing = scalar.TimeOf(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
	begun   = closing - scalar.Time((lately * 24 * time.Hour).Microseconds())
)

// activity: what has happened lately is found by its time, and nothing else is
// read: of the trending posts the likes, and the posts of the page.
func (p *planning) activity() {
	likes := p.number("SELECT count(*) FROM post_likes WHERE created_at >= ?", begun)
	posts := p.number("SELECT count(*) FROM posts WHERE created_at >= ?", begun)
	if all := p.number("SELECT count(*) FROM post_likes WHERE ?", true); likes == 0 || likes > all/5 {
		p.Errorf("%d of %d likes are of late", likes, all)
	}
	n := size
	trending := func(args relay.Args) func(ctx context.Context) error {
		args.First = &n
		return func(ctx context.Context) error {
			c, err := store.TrendingPosts.Page(ctx, p.db, lately, sqldb.List{Args: args})
			if err != nil {
				return err
			}
			_, err = c.TotalCount(ctx)
			return err
		}
	}
	p.byTime("trending posts", trending(relay.Args{}), likes+size+1, "post_likes_created_at")
	after := p.liked()
	p.byTime("trending posts, after", trending(relay.Args{After: after}), likes+size+2, "post_likes_created_at")
	p.byTime("activity", func(ctx context.Context) error {
		_, err := store.Activity(ctx, p.db, begun, closing, store.Day)
		return err
	}, likes+posts, "posts_created_at", "post_likes_created_at")
}

// liked is the cursor of a trending post: one that is liked just now.
func (p *planning) liked() *string {
	p.Helper()
	if _, err := p.db.Exec(p.Context(), "UPDATE post_likes SET created_at = ? WHERE post_id IN (SELECT min(post_id) FROM post_likes)", scalar.TimeOf(time.Now())); err != nil {
		p.Fatal(err)
	}
	c, err := store.TrendingPosts.Page(p.Context(), p.db, lately, sqldb.List{})
	if err != nil || len(c.Rows) == 0 {
		p.Fatal(len(c.Rows), err)
	}
	return c.PageInfo().EndCursor()
}

// byTime checks that the statements read by the indexes, each entered at a time,
// and no more rows than so many. What is asked for from some days ago on is asked
// for from the seeded rows' last days on.
func (p *planning) byTime(name string, run func(ctx context.Context) error, rows int, indexes ...string) {
	p.Helper()
	for _, s := range sent(p.T, run) {
		if strings.HasPrefix(s.text, "WITH") {
			s.args[0] = begun
		}
		plan := p.plan(p.T, s)
		for _, index := range indexes {
			if !slices.ContainsFunc(plan.indexes, func(read string) bool {
				name, how, _ := strings.Cut(read, " ")
				return name == index && (how == "" || strings.HasPrefix(how, "(created_at>"))
			}) {
				p.Errorf("%s: reads by %q, not by %q: %s", name, plan.indexes, index, plan.text)
			}
		}
		if plan.rows > rows {
			p.Errorf("%s: reads %d rows, at most %d are asked for: %s", name, plan.rows, rows, plan.text)
		}
	}
}

// number is what a statement counts.
func (p *planning) number(text string, args ...any) (n int) {
	p.Helper()
	if _, err := p.db.Read(p.Context(), text, args, &n); err != nil {
		p.Fatal(err)
	}
	return n
}
