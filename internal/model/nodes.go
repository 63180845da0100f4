package model

import (
	"context"
	"encoding/json"
	"fmt"
)

// foreignIDs are none of Stoa's.
var foreignIDs = []string{"", " ", "garbage", "1", "0", "-1", "null", "é", "\u0000", "product:1", "a/b", "%00"}

// Nodes asks for rows of all kinds by their ids, for some more than once, for
// deleted ones and for ids that are none; gone are rows that were deleted.
func (c *Checker) Nodes(ctx context.Context, g Gen, gone []Row) error {
	var asked []string
	var want []Row
	ask := func(id string, row Row) { asked, want = append(asked, id), append(want, row) }
	for range 20 {
		k := pick(g, Kinds)
		rows := c.Data.Rows(k)
		switch g.IntN(5) {
		case 0:
			ask(pick(g, foreignIDs), nil)
		case 1:
			if len(gone) > 0 {
				row := pick(g, gone)
				ask(c.ids[row.Kind()][row.Number()], nil)
			}
		default:
			if len(rows) > 0 {
				row := pick(g, rows)
				ask(c.ids[k][row.Number()], row)
			}
		}
	}
	for i, row := range want {
		if row != nil && g.one(8) {
			asked[i], want[i] = spoil(g, asked[i]), nil
		}
	}
	return c.nodes(ctx, asked, want)
}

// spoil adds to an id what a careless decoder passes over.
func spoil(g Gen, id string) string {
	return pick(g, []string{" " + id, id + " ", id + "\n", id[:2] + "\n" + id[2:], id + "=", id + "==", id + "\u0000"})
}

func (c *Checker) nodes(ctx context.Context, asked []string, want []Row) error {
	query, variables := "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", map[string]any{"ids": asked}
	response, err := c.Exec(ctx, query, variables)
	var data struct {
		Nodes []*struct {
			Typename string `json:"__typename"`
			ID       string
		}
	}
	if err == nil {
		err = json.Unmarshal(response.Data, &data)
	}
	if err == nil && (len(response.Errors) > 0 || len(data.Nodes) != len(want)) {
		err = fmt.Errorf("%d nodes, want %d", len(data.Nodes), len(want))
	}
	for i := 0; err == nil && i < len(want); i++ {
		switch got := data.Nodes[i]; {
		case want[i] == nil && got != nil:
			err = fmt.Errorf("node %d: %s is no id of a row", i, compact(asked[i]))
		case want[i] != nil && (got == nil || got.ID != asked[i] || got.Typename != string(want[i].Kind())):
			err = fmt.Errorf("node %d: not row %d of %s", i, want[i].Number(), want[i].Kind())
		}
	}
	if err != nil {
		return fmt.Errorf("%w\nquery: %s\nvariables: %s\nresponse: %d %s", err, query, compact(variables), response.Status, clip(response.Raw))
	}
	return nil
}
