package main

// The generator is pinned as a tool in go.mod.
//go:generate go run ./graph/generate
