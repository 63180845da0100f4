package sqldb

import (
	"context"
	"slices"
	"strconv"

	"stoa/internal/fault"
	"stoa/internal/relay"
)

// kinds are the tables by their kind's name, as NewTable described them.
var kinds = map[string]kind{}

// kind is a table whose type of row is not known.
type kind interface {
	tableName() string
	nodes(ctx context.Context, db *DB, wanted keys) (map[int64]relay.Node, error)
}

func (t *Table[T]) nodes(ctx context.Context, db *DB, wanted keys) (map[int64]relay.Node, error) {
	rows, err := t.find(ctx, db, wanted)
	nodes := make(map[int64]relay.Node, len(rows))
	for key, row := range rows {
		nodes[key], _ = any(row).(relay.Node) // a Row embedded makes it one
	}
	return nodes, err
}

// Node returns the row of any kind with the id, nil where there is none.
func Node(ctx context.Context, db *DB, id relay.ID) (relay.Node, error) {
	nodes, err := find(ctx, db, []relay.ID{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// Nodes returns an entry for each id, nil where there is none: one statement
// for each kind among them.
func Nodes(ctx context.Context, db *DB, ids []relay.ID) ([]relay.Node, error) {
	if len(ids) > maxIDs {
		return nil, fault.Input("ids", fault.TooLong, "At most %d ids may be asked for.", maxIDs).Bounded(strconv.Itoa(maxIDs))
	}
	return find(ctx, db, ids)
}

func find(ctx context.Context, db *DB, ids []relay.ID) ([]relay.Node, error) {
	wanted := map[string]keys{}
	for _, id := range ids {
		if name, key, ok := id.Parse(); ok && kinds[name] != nil && !slices.Contains(wanted[name], key) {
			wanted[name] = append(wanted[name], key)
		}
	}
	found := map[string]map[int64]relay.Node{}
	for name, keys := range wanted {
		nodes, err := kinds[name].nodes(ctx, db, keys)
		if err != nil {
			return nil, err
		}
		found[name] = nodes
	}
	nodes := make([]relay.Node, len(ids))
	for i, id := range ids {
		if name, key, ok := id.Parse(); ok {
			nodes[i] = found[name][key]
		}
	}
	return nodes, nil
}
