package seed

import (
	"cmp"
	"maps"
	"slices"
	"testing"
	"unicode/utf8"
)

// The proportions that make generated rows look like a shop's.
func TestProportions(t *testing.T) {
	const n = 50_000
	g := generate(t, Options{Products: n, Categories: 100, Users: 5000, Posts: n, RandomSeed: 11}, fresh)
	var out, bare, wide, homeless, likes, unliked, ties, back float64
	inCategory, byAuthor := map[int64]float64{}, map[int64]float64{}
	last := opening
	for p := range g.products() {
		inCategory[p.category]++
		out += count(p.inventory == 0)
		bare += count(p.sku == nil)
		wide += count(utf8.RuneCountInString(p.name) > 60)
		ties += count(p.created == last)
		back += count(p.created < last)
		last = p.created
	}
	most := int64(0)
	for p := range g.posts() {
		byAuthor[p.author]++
		homeless += count(p.category == nil)
		likes += float64(p.likes)
		unliked += count(p.likes == 0)
		most = max(most, p.likes)
	}
	within(t, "out of stock", out/n, 0.075, 0.085)
	within(t, "without a sku", bare/n, 0.025, 0.035)
	within(t, "with a long name", wide/n, 0, 0.001)
	within(t, "created with the one before", ties/n, 0.03, 0.09)
	within(t, "created before the one before", back/n, 0.01, 0.2)
	within(t, "without a category", homeless/n, 0.095, 0.105)
	within(t, "likes a post", likes/n, 1.8, 2.2)
	within(t, "posts without a like", unliked/n, 0.25, 0.35)
	within(t, "likes of the most liked", float64(most), 200, 5000)
	within(t, "share of the largest category", top(inCategory, 1)/n, 0.15, 0.3)
	within(t, "share of the five largest", top(inCategory, 5)/n, 0.3, 0.5)
	within(t, "categories with products", float64(len(inCategory)), 100, 100)
	within(t, "share of the fifty first authors", top(byAuthor, 50)/n, 0.1, 0.4)
	within(t, "authors", float64(len(byAuthor)), 4000, 5000)
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %v, not within %v and %v", what, got, low, high)
	}
}

func count(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// top is the sum of the greatest values.
func top(values map[int64]float64, n int) (sum float64) {
	sorted := slices.SortedFunc(maps.Values(values), func(a, b float64) int { return cmp.Compare(b, a) })
	for _, v := range sorted[:n] {
		sum += v
	}
	return sum
}

func TestLikersAreDistinct(t *testing.T) {
	var s stream
	for _, c := range []struct{ count, users int64 }{{1, 1}, {1, 1000}, {5, 5}, {999, 1000}, {500, 1000}, {40_000, 1_000_000_000}} {
		s.begin(1, forLikes, c.count)
		last, n := int64(-1), int64(0)
		for user := range likers(&s, c.count, c.users) {
			if user <= last || user >= c.users {
				t.Fatalf("%+v: user %d after %d", c, user, last)
			}
			last = user
			n++
		}
		if n != c.count {
			t.Errorf("%+v: %d likers", c, n)
		}
	}
}

func TestStreamsAreEven(t *testing.T) {
	var s stream
	const n, boxes = 100_000, 20
	var first, second [boxes]float64
	for id := range int64(n) {
		s.begin(5, forProduct, id)
		first[s.below(boxes)]++
		second[s.below(boxes)]++
	}
	for i := range boxes {
		within(t, "share of a box", first[i]/n*boxes, 0.95, 1.05)
		within(t, "share of a box", second[i]/n*boxes, 0.95, 1.05)
	}
}

func TestTimelineCountsWhatIsThere(t *testing.T) {
	for _, rows := range []int64{1, 2, 3, 50, 4000} {
		line := newTimeline(3, forUserDate, 1, rows, opening, closing)
		for at := opening; at <= closing; at += (closing - opening) / 37 {
			n := line.by(at)
			if n < 1 || n > rows {
				t.Fatalf("%d of %d rows by %v", n, rows, at)
			}
			for i := range n {
				if line.at(i) > at {
					t.Fatalf("row %d of %d is of %v, not by %v", i, rows, line.at(i), at)
				}
			}
		}
		if all := line.by(closing); all < rows-1 {
			t.Errorf("%d of %d rows in the end", all, rows)
		}
	}
}

func BenchmarkRows(b *testing.B) {
	g := generate(b, Options{Products: maxRows, Categories: 200, Users: 100_000, Posts: maxRows, RandomSeed: 1}, fresh)
	b.Run("products", func(b *testing.B) { benchmark(b, g.products()) })
	b.Run("posts", func(b *testing.B) { benchmark(b, g.posts()) })
	b.Run("likes", func(b *testing.B) { benchmark(b, g.likes()) })
}

// benchmark reports the speed of one core.
func benchmark[R row](b *testing.B, rows func(func(R) bool)) {
	b.ReportAllocs()
	n := 0
	for r := range rows {
		if n == b.N {
			break
		}
		n += min(1, len(r.values()))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
