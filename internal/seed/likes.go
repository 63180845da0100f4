package seed

import (
	"iter"
	"math"
	"math/bits"

	"stoa/internal/scalar"
)

func (g *generator) likes() iter.Seq[like] {
	return func(yield func(like) bool) {
		var s stream
		for i := range int64(g.Posts) {
			count, most := g.likesOf(&s, i)
			if count == 0 {
				continue
			}
			created := g.postDates.at(i)
			for user := range likers(&s, count, most) {
				l := like{
					post:    g.first.posts + i,
					user:    g.first.users + user,
					created: created + scalar.Time(s.skewed(int64(closing-created), 3)),
				}
				if !yield(l) {
					return
				}
			}
		}
	}
}

// likesOf makes s the stream of the likes of post i, counted from 0. It returns
// how many there are: two on average, none for many, thousands for a few, and at
// most as many as there were users when the post was written.
func (g *generator) likesOf(s *stream, i int64) (count, users int64) {
	s.begin(g.RandomSeed, forLikes, g.first.posts+i)
	users = g.userDates.by(g.postDates.at(i))
	// A level k that half of the level k-1 reach, and Fibonacci's k-th number of
	// likes as its mean, make 2 in all.
	level := min(bits.LeadingZeros64(s.source.Uint64()), 24)
	mean, next := int64(1), int64(1)
	for range level {
		mean, next = next, mean+next
	}
	return min(s.below(2*mean+1), users), users
}

// likers are count of the users, counted from 0, all different and ascending,
// the first users more often: one is chosen from each of count equal parts of
// what a single choice would be made from.
func likers(s *stream, count, users int64) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		width := int64(math.MaxInt64 / count)
		next := int64(0)
		for i := range count {
			fraction := uint64(width*i+s.below(width)) << 1
			user := scale(raise(fraction, 2), users)
			user = min(max(user, next), users-count+i)
			if !yield(user) {
				return
			}
			next = user + 1
		}
	}
}
