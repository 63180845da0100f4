package seed

import (
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// row is what is loaded into a table.
type row interface {
	table() (name string, columns []string)
	// values are those of the columns, in their order.
	values() []any
}

type category struct {
	id                int64
	name, description string
	history
	search sqldb.Words
}

func (category) table() (string, []string) {
	return "categories", []string{"id", "name", "name_key", "description",
		"version", "created_at", "updated_at", "search"}
}

func (r category) values() []any {
	return []any{r.id, r.name, scalar.Fold(r.name), r.description,
		r.version, r.created, r.updated, r.search}
}

type product struct {
	id                int64
	sku               *string
	name, description string
	price             scalar.Cents
	inventory         int64
	category          int64
	history
	search sqldb.Words
}

func (product) table() (string, []string) {
	return "products", []string{"id", "sku", "name", "description", "price", "inventory", "category_id",
		"version", "created_at", "updated_at", "search"}
}

func (r product) values() []any {
	return []any{r.id, r.sku, r.name, r.description, r.price, r.inventory, r.category,
		r.version, r.created, r.updated, r.search}
}

type user struct {
	id              int64
	username, email string
	history
}

// noPassword is the hash of no password: nobody can log in with it.
const noPassword = "!"

func (user) table() (string, []string) {
	return "users", []string{"id", "username", "email", "role", "password_hash",
		"version", "created_at", "updated_at", "search"}
}

func (r user) values() []any {
	return []any{r.id, r.username, r.email, "USER", noPassword,
		r.version, r.created, r.updated, sqldb.Words(scalar.Words(r.username))}
}

type post struct {
	id             int64
	title, content string
	likes          int64
	author         int64
	category       *int64
	history
	search sqldb.Words
}

func (post) table() (string, []string) {
	return "posts", []string{"id", "title", "content", "likes", "user_id", "category_id",
		"version", "created_at", "updated_at", "search"}
}

func (r post) values() []any {
	return []any{r.id, r.title, r.content, r.likes, r.author, r.category,
		r.version, r.created, r.updated, r.search}
}

type like struct {
	post, user int64
	created    scalar.Time
}

func (like) table() (string, []string) {
	return "post_likes", []string{"post_id", "user_id", "created_at"}
}

func (r like) values() []any { return []any{r.post, r.user, r.created} }
