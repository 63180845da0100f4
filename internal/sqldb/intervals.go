package sqldb

import (
	"context"
	"strings"

	"stoa/internal/scalar"
)

// CountBetween counts the rows of each table that were created between each of
// the instants, which ascend, and the next: one list of counts for each instant
// but the last, in the order of the tables. One statement.
func (db *DB) CountBetween(ctx context.Context, bounds []scalar.Time, tables ...string) ([][]int, error) {
	counts := make([]string, len(tables))
	for i, table := range tables {
		counts[i] = "(SELECT count(*) FROM " + table + " m WHERE m.created_at >= b.start AND m.created_at < b.until)"
	}
	text := "SELECT " + strings.Join(counts, ", ") +
		" FROM (SELECT k.value AS start, lead(k.value) OVER (ORDER BY k.value) AS until FROM " + db.dialect.instants() + ") b" +
		" WHERE b.until IS NOT NULL ORDER BY b.start"
	var all [][]int
	err := db.rows(ctx, text, []any{instants(bounds)}, func(got tuple) error {
		row, into := make([]int, len(tables)), make([]any, len(tables))
		for i := range row {
			into[i] = &row[i]
		}
		all = append(all, row)
		return got.Scan(into...)
	})
	return all, err
}
