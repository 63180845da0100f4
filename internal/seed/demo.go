package seed

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"stoa/internal/scalar"
	"stoa/internal/sqldb"
)

// Demo fills a new database with a small shop and its community, which have come
// to the given day: the same rows wherever it is called. Nobody can log in as one
// of its users.
func Demo(ctx context.Context, db *sqldb.DB, today time.Time) error {
	d, err := newDemo(today)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return d.shop().load(ctx, db, &progress{})
}

// demo is the rows of the demo. Their ids follow the time of creation.
type demo struct {
	categories []category
	products   []product
	users      []user
	posts      []post
	likes      []like
	members    map[string]int64 // the users' ids by their names
	later      scalar.Time      // than the files say
}

func (d *demo) shop() shop {
	return shop{
		slices.Values(d.categories), slices.Values(d.products), slices.Values(d.users),
		slices.Values(d.posts), slices.Values(d.likes),
	}
}

func newDemo(today time.Time) (*demo, error) {
	files, err := readDemo()
	if err != nil {
		return nil, err
	}
	const day = 24 * time.Hour
	d := &demo{
		members: map[string]int64{},
		later:   scalar.Time(today.Sub(closing.Std()).Truncate(day).Microseconds()),
	}
	for _, u := range files.users {
		d.addUser(u)
	}
	for _, c := range files.categories {
		d.addCategory(c)
	}
	slices.SortStableFunc(d.products, func(a, b product) int { return cmp.Compare(a.created, b.created) })
	for i := range d.products {
		d.products[i].id = int64(i + 1)
	}
	for _, p := range files.allPosts() {
		if err := d.addPost(p); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *demo) addUser(u demoUser) {
	id := int64(len(d.users) + 1)
	d.members[u.Username] = id
	d.users = append(d.users, user{id: id, username: u.Username, email: u.Email, history: d.unchanged(u.Created)})
}

// addCategory adds the category and its products, these as yet without ids.
func (d *demo) addCategory(c demoCategory) {
	id := int64(len(d.categories) + 1)
	d.categories = append(d.categories, category{
		id: id, name: c.Name, description: c.Description,
		history: d.unchanged(c.Created), search: scalar.Words(c.Name, c.Description),
	})
	for _, p := range c.Products {
		changes := d.unchanged(p.Created)
		if p.Updated != nil {
			changes.updated, changes.version = p.Updated.Time+d.later, 2
		}
		d.products = append(d.products, product{
			sku: p.SKU, name: p.Name, description: p.Description,
			price: p.Price.Cents, inventory: p.Inventory, category: id,
			history: changes, search: scalar.Words(p.Name, p.Description),
		})
	}
}

func (d *demo) addPost(p filedPost) error {
	author, known := d.members[p.Author]
	if !known {
		return fmt.Errorf("post %q: no user is called %q", p.Title, p.Author)
	}
	id := int64(len(d.posts) + 1)
	d.posts = append(d.posts, post{
		id: id, title: p.Title, content: p.Content, likes: int64(len(p.LikedBy)),
		author: author, category: p.category,
		history: d.unchanged(p.Created), search: scalar.Words(p.Title, p.Content),
	})
	for i, name := range p.LikedBy {
		fan, known := d.members[name]
		if !known {
			return fmt.Errorf("post %q: no user is called %q", p.Title, name)
		}
		d.likes = append(d.likes, like{id, fan, d.likedAt(p.Created, i)})
	}
	return nil
}

// likedAt makes up when the like with the index was given: each a little longer
// after the one before.
func (d *demo) likedAt(created moment, index int) scalar.Time {
	pause := (3*time.Hour + 17*time.Minute + 11*time.Second).Microseconds()
	return created.Time + d.later + scalar.Time(pause*int64((index+1)*(index+2)/2))
}

func (d *demo) unchanged(created moment) history {
	at := created.Time + d.later
	return history{at, at, 1}
}
