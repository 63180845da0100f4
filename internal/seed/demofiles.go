package seed

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"stoa/internal/scalar"
)

// The demo's users, in the order of their joining; a file for each category with
// its products and posts; and the posts without a category.
//
//go:embed demo
var demoJSON embed.FS

// demoFiles is what the files say.
type demoFiles struct {
	users      []demoUser
	categories []demoCategory
	posts      []demoPost
}

type demoCategory struct {
	Name, Description string
	Created           moment
	Products          []demoProduct
	Posts             []demoPost
}

type demoProduct struct {
	Name, Description string
	SKU               *string // absent: none
	Price             amount
	Inventory         int64
	Created           moment
	Updated           *moment // absent: never
}

type demoUser struct {
	Username, Email string
	Created         moment
}

type demoPost struct {
	Title, Content string
	Author         string // a username
	Created        moment
	LikedBy        []string // usernames, the first to like it first
}

// filedPost is a post and the id of its category, if it has one.
type filedPost struct {
	demoPost
	category *int64
}

// moment is an instant, as RFC 3339 writes it.
type moment struct{ scalar.Time }

func (m *moment) UnmarshalJSON(b []byte) error { return unmarshalText(b, &m.Time) }

// amount is a price, written as a string.
type amount struct{ scalar.Cents }

func (a *amount) UnmarshalJSON(b []byte) error { return unmarshalText(b, &a.Cents) }

func unmarshalText(b []byte, to interface{ UnmarshalGQL(any) error }) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	return to.UnmarshalGQL(text)
}

func readDemo() (demoFiles, error) {
	var files demoFiles
	if err := readJSON("demo/users.json", &files.users); err != nil {
		return files, err
	}
	if err := readJSON("demo/posts.json", &files.posts); err != nil {
		return files, err
	}
	names, err := fs.Glob(demoJSON, "demo/categories/*.json")
	if err != nil {
		return files, err
	}
	files.categories = make([]demoCategory, len(names))
	for i, name := range names {
		if err := readJSON(name, &files.categories[i]); err != nil {
			return files, err
		}
	}
	return files, nil
}

func readJSON(name string, to any) error {
	content, err := demoJSON.ReadFile(name)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// allPosts are the posts of all files, the oldest first.
func (f *demoFiles) allPosts() []filedPost {
	var posts []filedPost
	for _, p := range f.posts {
		posts = append(posts, filedPost{p, nil})
	}
	for i, c := range f.categories {
		id := int64(i + 1)
		for _, p := range c.Posts {
			posts = append(posts, filedPost{p, &id})
		}
	}
	slices.SortStableFunc(posts, func(a, b filedPost) int { return cmp.Compare(a.Created.Time, b.Created.Time) })
	return posts
}
