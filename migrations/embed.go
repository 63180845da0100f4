// Package migrations holds what the databases look like: one folder for each
// kind of database, the same file names in both.
package migrations

import "embed"

// Files has the folders postgres and sqlite, with one file for each step.
//
//go:embed postgres/*.sql sqlite/*.sql
var Files embed.FS
