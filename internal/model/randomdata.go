package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Gen draws everything random from one source, so that a seed repeats it all.
type Gen struct{ *rand.Rand }

// NewGen returns the generator of a seed.
func NewGen(seed uint64) Gen { return Gen{rand.New(rand.NewPCG(seed, 0x570A))} }

func pick[T any](g Gen, list []T) T { return list[g.IntN(len(list))] }

// one is true once in n.
func (g Gen) one(n int) bool { return g.IntN(n) == 0 }

// Dataset makes up to most rows of each kind, with many equal values among
// them. Row numbers have gaps and now and then are beyond what a float64 holds.
func (g Gen) Dataset(most int) *Dataset {
	d := &Dataset{}
	for _, id := range g.numbers(g.IntN(most + 1)) {
		d.Categories = append(d.Categories, g.category(id, len(d.Categories)))
	}
	for _, id := range g.numbers(g.IntN(min(most, 60) + 1)) {
		d.Users = append(d.Users, g.user(id, len(d.Users)))
	}
	if len(d.Categories) > 0 {
		for _, id := range g.numbers(g.IntN(most + 1)) {
			d.Products = append(d.Products, g.product(d, id, len(d.Products)))
		}
	}
	if len(d.Users) > 0 {
		for _, id := range g.numbers(g.IntN(most + 1)) {
			d.Posts = append(d.Posts, g.post(d, id))
		}
	}
	return d
}

// numbers are n ascending row numbers.
func (g Gen) numbers(n int) []int64 {
	next := pick(g, []int64{0, 0, 0, 99, 1 << 31, 1 << 53})
	list := make([]int64, n)
	for i := range list {
		next += 1 + int64(g.IntN(3)*g.IntN(2))
		list[i] = next
	}
	return list
}

// The instants of random rows: neighbours by a microsecond, both sides of 1970,
// and the ends of what a DateTime can write.
var instants = []int64{
	micros(2026, 1, 15, 123456), micros(2026, 1, 15, 123457), micros(2026, 1, 15, 0), micros(2025, 12, 31, 999999),
	micros(2024, 2, 29, 100000), 0, -1, 1, micros(1969, 7, 20, 0), micros(1, 1, 1, 1), micros(9999, 12, 31, 999999),
}

func micros(year int, month time.Month, day, micro int) int64 {
	return time.Date(year, month, day, 14, 30, 0, micro*1000, time.UTC).UnixMicro()
}

func (g Gen) stamps() (created, updated int64) {
	if g.one(4) {
		return instants[0] + g.Int64N(1e13), instants[0] + g.Int64N(1e13)
	}
	return pick(g, instants), pick(g, instants)
}

// text is up to most words.
func (g Gen) text(most int) string {
	var b strings.Builder
	for i := range 1 + g.IntN(most) {
		if i > 0 {
			b.WriteString(pick(g, separators))
		}
		b.WriteString(pick(g, vocabulary))
	}
	return b.String()
}

func (g Gen) category(id int64, nth int) *Category {
	c := &Category{ID: id, Name: fmt.Sprintf("%s %c%d", pick(g, vocabulary), 'a'+nth%26, nth), Version: 1 + g.Int64N(3)}
	if !g.one(3) {
		c.Description = g.text(6)
	}
	c.CreatedAt, c.UpdatedAt = g.stamps()
	return c
}

func (g Gen) user(id int64, nth int) *User {
	name := pick(g, []string{"ann", "Ann", "ANNA", "ann-lee", "sam_k", "Kim", "x-1", "_", "0"})
	u := &User{ID: id, Username: fmt.Sprintf("%s%c%d", name, "-_x"[g.IntN(3)], 10+nth), Version: 1}
	u.Email = fmt.Sprintf("lamp.%d@example.com", nth)
	u.CreatedAt, u.UpdatedAt = g.stamps()
	return u
}

func (g Gen) product(d *Dataset, id int64, nth int) *Product {
	p := &Product{ID: id, Name: g.text(2), Version: 1 + g.Int64N(3)}
	if g.one(2) {
		sku := fmt.Sprintf("%s%d", pick(g, []string{"AB-", "ab-", "Z_.", "0"}), nth/2*2+1)
		if !slices.ContainsFunc(d.Products, func(o *Product) bool { return o.SKU != nil && *o.SKU == sku }) {
			p.SKU = &sku
		}
	}
	if !g.one(3) {
		p.Description = g.text(8)
	}
	p.Price = pick(g, []int64{0, 1, 99, 100, 105, 1990, 1999, 2000, 9999999999, g.Int64N(1000)})
	p.Inventory = pick(g, []int64{0, 0, 1, 5, 2147483647, g.Int64N(10)})
	p.Category = pick(g, d.Categories[:g.skewed(len(d.Categories))]).ID
	p.CreatedAt, p.UpdatedAt = g.stamps()
	return p
}

func (g Gen) post(d *Dataset, id int64) *Post {
	p := &Post{ID: id, Title: g.text(2), Content: g.text(8), Version: 1}
	p.Author = pick(g, d.Users[:g.skewed(len(d.Users))]).ID
	if len(d.Categories) > 0 && !g.one(3) {
		p.Category = &pick(g, d.Categories[:g.skewed(len(d.Categories))]).ID
	}
	p.CreatedAt, p.UpdatedAt = g.stamps()
	for _, i := range g.Perm(len(d.Users))[:g.IntN(min(len(d.Users), 4)+1)] {
		d.Likes = append(d.Likes, Like{Post: id, User: d.Users[i].ID, CreatedAt: pick(g, instants)})
		p.Likes++
	}
	return p
}

// skewed is how many of n rows to choose among: often the first few.
func (g Gen) skewed(n int) int {
	if g.one(3) {
		return n
	}
	return min(n, 3)
}
