package model

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
)

// idForm is what every id looks like, opaque as it is: of unreserved characters
// of URLs, 64 at most.
var idForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// Learn returns a Checker that knows the id of every row: it reads all lists
// in their default order, which is that of the row numbers, and checks every
// value of every row.
func Learn(ctx context.Context, data *Dataset, exec Exec) (*Checker, error) {
	c := &Checker{Data: data, Exec: exec, ids: IDs{}, seen: map[listKey]*cursors{}}
	for _, k := range Kinds {
		if err := c.learn(ctx, RootField(k)); err != nil {
			return nil, err
		}
	}
	for _, k := range Kinds {
		shape := List{Field: RootField(k), Edges: true, Nodes: true, Total: true, Stats: k == KindProduct, Row: everything(k)}
		if err := c.walk(ctx, Case{Field: shape.Field, Size: 100, Shape: shape}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Checker) learn(ctx context.Context, f Field) error {
	c.ids[f.Rows] = map[int64]string{}
	var after *string
	rows := c.Data.Rows(f.Rows)
	for {
		query := fmt.Sprintf("query($after: String) { list: %s(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }", f.Name)
		response, err := c.Exec(ctx, query, map[string]any{"after": after})
		if err != nil {
			return err
		}
		var data struct {
			List struct {
				Nodes    []struct{ ID string }
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
		if err := json.Unmarshal(response.Data, &data); err != nil || len(response.Errors) > 0 {
			return fmt.Errorf("%s: %s", query, clip(response.Raw))
		}
		for _, n := range data.List.Nodes {
			if len(rows) == 0 {
				return fmt.Errorf("%s: more rows than there are", f)
			}
			if !idForm.MatchString(n.ID) {
				return fmt.Errorf("%s: id %q is not URL-safe or too long", f, n.ID)
			}
			c.ids[f.Rows][rows[0].Number()] = n.ID
			rows = rows[1:]
		}
		if !data.List.PageInfo.HasNextPage {
			break
		}
		after = data.List.PageInfo.EndCursor
	}
	if len(rows) > 0 {
		return fmt.Errorf("%s: %d rows are missing", f, len(rows))
	}
	return nil
}
