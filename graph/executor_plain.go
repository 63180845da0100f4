//go:build plain

package graph

const plain = true
