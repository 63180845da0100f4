// Package model is a plain model of what Stoa promises to its readers: rows in
// slices, filters as functions, pages as slices of a sorted list. It is written
// from the contract alone, has nothing of the real thing in it, and property
// tests compare the two.
package model

import (
	"fmt"
	"time"
)

// Kind is a type of row, by its GraphQL name.
type Kind string

// The four kinds.
const (
	KindProduct  Kind = "Product"
	KindCategory Kind = "Category"
	KindUser     Kind = "User"
	KindPost     Kind = "Post"
)

// Kinds has every kind, those that others refer to first.
var Kinds = []Kind{KindCategory, KindUser, KindProduct, KindPost}

// Product is a row; Price is in cents, times are microseconds since 1970.
type Product struct {
	ID                   int64
	SKU                  *string
	Name, Description    string
	Price, Inventory     int64
	Category             int64
	Version              int64
	CreatedAt, UpdatedAt int64
}

// Category is a row.
type Category struct {
	ID                   int64
	Name, Description    string
	Version              int64
	CreatedAt, UpdatedAt int64
}

// User is a row.
type User struct {
	ID                   int64
	Username, Email      string
	Version              int64
	CreatedAt, UpdatedAt int64
}

// Post is a row; Likes is the number of its rows in Dataset.Likes.
type Post struct {
	ID                   int64
	Title, Content       string
	Likes                int64
	Author               int64
	Category             *int64
	Version              int64
	CreatedAt, UpdatedAt int64
}

// Like is a row.
type Like struct{ Post, User, CreatedAt int64 }

// Row is a *Product, *Category, *User or *Post. It does not change: as a
// position in a list it outlives its place in a Dataset.
type Row interface {
	Kind() Kind
	Number() int64
	stamps() (created, updated int64)
	texts() []string                // what search looks at
	sortKey(field string) sortKey   // by the schema's sort enum
	values() map[string]any         // what the API shows: string, int64, bool or nil
	link(name string) (int64, bool) // the row that a to-one field leads to
	holds(d *Dataset, t Term) bool  // the terms that only this kind has
}

func (p *Product) Kind() Kind  { return KindProduct }
func (c *Category) Kind() Kind { return KindCategory }
func (u *User) Kind() Kind     { return KindUser }
func (p *Post) Kind() Kind     { return KindPost }

func (p *Product) Number() int64  { return p.ID }
func (c *Category) Number() int64 { return c.ID }
func (u *User) Number() int64     { return u.ID }
func (p *Post) Number() int64     { return p.ID }

func (p *Product) stamps() (created, updated int64)  { return p.CreatedAt, p.UpdatedAt }
func (c *Category) stamps() (created, updated int64) { return c.CreatedAt, c.UpdatedAt }
func (u *User) stamps() (created, updated int64)     { return u.CreatedAt, u.UpdatedAt }
func (p *Post) stamps() (created, updated int64)     { return p.CreatedAt, p.UpdatedAt }

func (p *Product) texts() []string  { return []string{p.Name, p.Description} }
func (c *Category) texts() []string { return []string{c.Name, c.Description} }
func (u *User) texts() []string     { return []string{u.Username} }
func (p *Post) texts() []string     { return []string{p.Title, p.Content} }

func (p *Product) link(name string) (int64, bool) { return p.Category, name == "category" }
func (c *Category) link(string) (int64, bool)     { return 0, false }
func (u *User) link(string) (int64, bool)         { return 0, false }
func (p *Post) link(name string) (int64, bool) {
	if name == "author" {
		return p.Author, true
	}
	if p.Category == nil {
		return 0, false
	}
	return *p.Category, name == "category"
}

func (p *Product) values() map[string]any {
	v := map[string]any{"sku": nil, "name": p.Name, "description": p.Description, "price": money(p.Price), "inventory": p.Inventory}
	if p.SKU != nil {
		v["sku"] = *p.SKU
	}
	return withCommon(v, p, p.Version)
}

func (c *Category) values() map[string]any {
	return withCommon(map[string]any{"name": c.Name, "description": c.Description}, c, c.Version)
}

// values are what somebody sees who is not logged in.
func (u *User) values() map[string]any {
	return withCommon(map[string]any{"username": u.Username, "email": nil, "role": nil}, u, u.Version)
}

func (p *Post) values() map[string]any {
	return withCommon(map[string]any{"title": p.Title, "content": p.Content, "likes": p.Likes, "viewerHasLiked": false}, p, p.Version)
}

func withCommon(v map[string]any, r Row, version int64) map[string]any {
	created, updated := r.stamps()
	v["__typename"] = string(r.Kind())
	v["version"], v["createdAt"], v["updatedAt"] = version, dateTime(created), dateTime(updated)
	return v
}

func money(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

func dateTime(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z")
}
