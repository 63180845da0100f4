package seed

import (
	"math/bits"
	"math/rand/v2"
)

// stream is a source of random numbers, one for each row, so that a row depends
// on the seed and its id alone. It reckons in integers, which every machine does
// alike.
type stream struct{ source rand.PCG }

// purpose keeps the streams of one id apart.
type purpose uint64

const (
	forCategory purpose = iota + 1
	forProduct
	forUser
	forPost
	forLikes
	forCategoryDate
	forProductDate
	forUserDate
	forPostDate
)

// begin makes s the stream of the id.
func (s *stream) begin(seed uint64, p purpose, id int64) {
	s.source.Seed(seed, uint64(p)<<56|uint64(id))
}

// below returns a number from 0 to n-1.
func (s *stream) below(n int64) int64 { return scale(s.source.Uint64(), n) }

// between returns a number from low to high.
func (s *stream) between(low, high int64) int64 { return low + s.below(high-low+1) }

// percent is true that often of a hundred times.
func (s *stream) percent(n int64) bool { return s.below(100) < n }

// skewed returns a number from 0 to n-1, small ones more often: the first k get
// the share (k/n)^(1/power).
func (s *stream) skewed(n int64, power int) int64 {
	return scale(raise(s.source.Uint64(), power), n)
}

// of returns one of the values.
func of[T any](s *stream, values []T) *T { return &values[s.below(int64(len(values)))] }

// scale takes a fraction, in units of 2^-64, of n.
func scale(fraction uint64, n int64) int64 {
	whole, _ := bits.Mul64(fraction, uint64(n))
	return int64(whole)
}

// raise takes a fraction, in units of 2^-64, to a power.
func raise(fraction uint64, power int) uint64 {
	raised := fraction
	for range power - 1 {
		raised, _ = bits.Mul64(raised, fraction)
	}
	return raised
}
