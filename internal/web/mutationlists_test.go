package web_test

import (
	"slices"
	"strings"
	"testing"
)

const (
	upserting = "mutation($items: [UpsertProductInput!]!) { it: upsertProducts(input: $items) "
	stocking  = "mutation($items: [SetInventoryInput!]!) { it: setInventory(input: $items) "
)

// skus are n new ones, in no order.
func (s *shop) skus(n int) []string {
	skus := make([]string, n)
	for i := range skus {
		skus[i] = s.name(string(rune('a' + i*7%26)))
	}
	return skus
}

// items are the products with the skus, of the price.
func (s *shop) items(skus []string, price int) []vars {
	items := make([]vars, len(skus))
	for i, sku := range skus {
		items[i] = vars{"sku": sku, "name": "Cup", "price": price, "categoryId": s.shelf}
	}
	return items
}

// stocks are inventories of the products, each another.
func stocks(ids []string) []vars {
	items := make([]vars, len(ids))
	for i, id := range ids {
		items[i] = vars{"productId": id, "inventory": i + 1}
	}
	return items
}

// upserted are the ids of the products with the skus.
func (s *shop) upserted(t *testing.T, skus []string) []string {
	t.Helper()
	var data struct{ It []struct{ ID, Sku string } }
	read(t, s.admin.get(t, upserting+"{ id sku } }", vars{"items": s.items(skus, 1)}), &data)
	ids := make([]string, len(data.It))
	for i, row := range data.It {
		ids[i] = row.ID
		if row.Sku != skus[i] {
			t.Fatalf("item %d of %d has the sku %s, not %s", i, len(skus), row.Sku, skus[i])
		}
	}
	return ids
}

func TestLists(t *testing.T) {
	shared(t, map[string]func(t *testing.T, s *shop){"long ones": longLists, "their statements": statementsOfLists})
}

// longLists: 500 items are written in the order given, 501 are refused.
func longLists(t *testing.T, s *shop) {
	ids := s.upserted(t, s.skus(500))
	ids = append(ids, s.product(t))
	slices.Reverse(ids)
	var data struct {
		It []struct {
			ID        string
			Inventory int
			Version   int
		}
	}
	read(t, s.admin.get(t, stocking+"{ id inventory version } }", vars{"items": stocks(ids[:500])}), &data)
	for i, row := range data.It {
		if row.ID != ids[i] || row.Inventory != i+1 || row.Version != 2 {
			t.Errorf("item %d is %+v, the product %s", i, row, ids[i])
		}
	}
	for _, c := range []struct {
		document, field string
		items           []vars
		bad             vars
		wants           string
	}{
		{stocking, "productId", stocks(ids), vars{"productId": "x", "inventory": 1}, "MALFORMED"},
		{upserting, "sku", s.items(s.skus(501), 1), vars{"sku": "", "name": "Cup", "price": 1, "categoryId": s.shelf}, "TOO_SHORT 1"},
	} {
		s.admin.do(t, c.document+"{ id } }", vars{"items": c.items}).refuses(t, "BAD_USER_INPUT input TOO_LONG 500")
		c.items[3], c.items[500] = c.bad, c.items[7]
		s.admin.do(t, c.document+"{ id } }", vars{"items": c.items}).refuses(t, "BAD_USER_INPUT input TOO_LONG 500",
			"BAD_USER_INPUT input.3."+c.field+" "+c.wants, "BAD_USER_INPUT input.500."+c.field+" DUPLICATE")
	}
}

// statementsOfLists: as many for one item as for 500, and their selection as
// many for one row as for 500.
func statementsOfLists(t *testing.T, s *shop) {
	const selection = "{ id category { posts(first: 1) { totalCount nodes { author { username } } } } } }" // 4
	s.post(t)
	counted := func(n int) [3][]string {
		skus := s.skus(n)
		return [3][]string{
			s.admin.statements(t, upserting+selection, vars{"items": s.items(skus, 2)}), // new ones
			s.admin.statements(t, stocking+selection, vars{"items": stocks(s.upserted(t, skus))}),
			s.admin.statements(t, upserting+selection, vars{"items": s.items(skus, 3)}), // old ones
		}
	}
	one, many := counted(1), counted(500)
	for i := range one {
		if !slices.Equal(one[i], many[i]) || len(one[i]) > most+4 {
			t.Errorf("for one item\n%s\nfor 500\n%s", strings.Join(one[i], "\n"), strings.Join(many[i], "\n"))
		}
	}
}
