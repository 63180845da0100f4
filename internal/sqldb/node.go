package sqldb

import (
	"context"
	"maps"
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
	lockAll(ctx context.Context, db *DB, wanted keys) error
	alone(row relay.Node) relay.Node
}

func (t *Table[T]) nodes(ctx context.Context, db *DB, wanted keys) (map[int64]relay.Node, error) {
	rows, err := t.find(ctx, db, wanted)
	nodes := make(map[int64]relay.Node, len(rows))
	for key, row := range rows {
		nodes[key], _ = any(row).(relay.Node) // a Row embedded makes it one
	}
	return nodes, err
}

// Alone is a copy of the row that is a level of its own: what the one loads, the
// other does not.
func Alone(row relay.Node) relay.Node {
	name, _, _ := row.ID().Parse()
	return kinds[name].alone(row)
}

func (t *Table[T]) alone(row relay.Node) relay.Node {
	copied := *any(row).(*T)
	t.settle([]*T{&copied})
	return any(&copied).(relay.Node)
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

// LockNodes locks the rows with the ids until the transaction ends: kind by
// kind, and each kind in the order of its keys.
func LockNodes(ctx context.Context, db *DB, ids []relay.ID) error {
	wanted := keysByKind(ids)
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if err := kinds[name].lockAll(ctx, db, wanted[name]); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table[T]) lockAll(ctx context.Context, db *DB, wanted keys) error {
	return db.change(ctx, "SELECT t.id FROM "+t.name+" t WHERE "+db.dialect.among("t.id")+" ORDER BY t.id"+db.dialect.locking(toChange),
		[]any{wanted}, ignore)
}

// keysByKind are the keys of the ids that are of a kind of ours, none twice.
func keysByKind(ids []relay.ID) map[string]keys {
	wanted := map[string]keys{}
	seen := make(map[relay.ID]bool, len(ids))
	for _, id := range ids {
		if name, key, ok := id.Parse(); ok && kinds[name] != nil && !seen[id] {
			seen[id] = true
			wanted[name] = append(wanted[name], key)
		}
	}
	return wanted
}

func find(ctx context.Context, db *DB, ids []relay.ID) ([]relay.Node, error) {
	found := map[string]map[int64]relay.Node{}
	for name, keys := range keysByKind(ids) {
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
