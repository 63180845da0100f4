package model

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// alphabet is what a cursor may be altered to: some of its own characters and
// some that are in no cursor.
const alphabet = "AQgwBz09-_=+/ é"

// Altered takes the cursor of a row that was seen and expects it to be refused
// once any one of its characters is another, missing or doubled, and when it is
// cut short or has something after it.
func (c *Checker) Altered(ctx context.Context, g Gen, cs Case, row Row) error {
	at := c.position(cs.Field, cs.Sort, row)
	if at == nil {
		return fmt.Errorf("%s: no cursor of row %d was seen", cs, row.Number())
	}
	for _, cursor := range g.alterations(at.Cursor) {
		if cursor == at.Cursor {
			continue
		}
		if err := c.Refused(ctx, cs, &Position{row, cursor}, g.one(2)); err != nil {
			return fmt.Errorf("cursor %q altered: %w", at.Cursor, err)
		}
	}
	return nil
}

func (g Gen) alterations(cursor string) []string {
	altered := []string{cursor + "=", cursor + "A", cursor + "\n", " " + cursor, cursor + cursor, strings.ToUpper(cursor), strings.ToLower(cursor)}
	for i := range cursor {
		head, own, tail := cursor[:i], cursor[i], cursor[i+1:]
		altered = append(altered, head, head+tail, head+string(own)+cursor[i:],
			head+string(pick(g, []rune(alphabet)))+tail, head+string(own^1)+tail)
		if i%8 == 0 { // line ends, which decoders are known to pass over
			altered = append(altered, head+"\n"+cursor[i:], head+"\r"+cursor[i:])
		}
		if tail == "" { // bits of the last character may stand for nothing
			for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
				altered = append(altered, head+string(last))
			}
		}
	}
	return altered
}

// Foreign expects every cursor that was seen of another field, or of another
// sort, to be refused.
func (c *Checker) Foreign(ctx context.Context, g Gen, cs Case) error {
	for _, key := range c.lists() {
		seen := c.seen[key]
		if key.field == cs.Field.String() && sameOrder(key.sort, cs.Sort.String()) {
			continue
		}
		foreign := &Position{Cursor: seen.of[pick(g, sortedKeys(seen.of))]}
		if err := c.Refused(ctx, cs, foreign, g.one(2)); err != nil {
			return fmt.Errorf("a cursor of %s, sort %q: %w", key.field, key.sort, err)
		}
	}
	return nil
}

// sameOrder tells whether two sorts order all rows alike: a key that occurs
// again decides nothing, but the last one gives the id its direction.
func sameOrder(a, b string) bool {
	distinct := func(s string) (keys []string) {
		all := strings.Split(s, ",")
		for _, k := range all {
			if !slices.ContainsFunc(keys, func(o string) bool { return o[:max(len(o)-1, 0)] == k[:max(len(k)-1, 0)] }) {
				keys = append(keys, k)
			}
		}
		return append(keys, all[len(all)-1][max(len(all[len(all)-1])-1, 0):])
	}
	return slices.Equal(distinct(a), distinct(b))
}

// Refused asks for a page after (or before) a cursor and expects BAD_USER_INPUT.
func (c *Checker) Refused(ctx context.Context, cs Case, at *Position, before bool) error {
	l := List{Field: cs.Field, Sort: cs.Sort, After: at, Nodes: true, Row: Selection{Scalars: []string{"id"}}}
	name := "after"
	if before {
		l.After, l.Before, name = nil, at, "before"
	}
	query, variables := cs.document(l).Render(c.ids)
	response, err := c.Exec(ctx, query, variables)
	if err != nil {
		return fmt.Errorf("%w\nquery: %s\nvariables: %s", err, query, compact(variables))
	}
	if len(response.Errors) == 1 {
		e := response.Errors[0]
		if e.Extensions.Code == "BAD_USER_INPUT" && e.Extensions.Field == name && e.Extensions.Reason == "MALFORMED" &&
			len(e.Path) > 0 && e.Path[len(e.Path)-1] == "list" {
			return nil
		}
	}
	return fmt.Errorf("cursor %q is not refused as it should be\nquery: %s\nvariables: %s\nresponse: %d %s",
		at.Cursor, query, compact(variables), response.Status, clip(response.Raw))
}
