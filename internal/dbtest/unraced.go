//go:build !race

package dbtest

// Raced tells whether the race detector runs, under which all takes several times as long.
const Raced = false
