package store_test

import (
	"context"

	"stoa/internal/relay"
	"stoa/internal/scalar"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// filters: what an index is for is found by it, whether it is there or not.
func (p *planning) filters() {
	products, posts := top(p.db, store.Products), top(p.db, store.Posts)
	category, user := p.categories[0].ID(), p.users[0].ID()
	by := func(field string) *relay.Sort {
		return &relay.Sort{Field: relay.SortField(field), Direction: relay.Descending}
	}
	for _, c := range []struct {
		page   func(context.Context, sqldb.List) (relay.PageInfo, error)
		sort   *relay.Sort
		filter sqldb.Filter
		want   want
	}{
		{products, nil, &store.ProductFilter{Combined: sqldb.Combined[store.ProductFilter]{Ids: []relay.ID{relay.NewID("Product", 7)}}},
			want{name: "an id", index: "products_pkey", rows: 1}},
		{products, nil, &store.ProductFilter{Sku: new("none")}, want{name: "a sku", rows: 1}},
		{products, by("PRICE"), &store.ProductFilter{CategoryID: &category}, want{name: "a category's products", index: "products_category_price", rows: asked}},
		{products, by("PRICE"), &store.ProductFilter{PriceMin: new(scalar.Whole(10)), PriceMax: new(scalar.Whole(90))}, want{name: "prices", index: "products_price", rows: asked}},
		{products, by("CREATED_AT"), &store.ProductFilter{CreatedAfter: new(scalar.Time(0))}, want{name: "created after", index: "products_created_at", rows: asked}},
		{products, by("UPDATED_AT"), &store.ProductFilter{UpdatedBefore: new(scalar.Time(0))}, want{name: "updated before", index: "products_updated_at"}},
		{products, by("INVENTORY"), &store.ProductFilter{InventoryMax: new(3)}, want{name: "the inventory", index: "products_inventory", rows: asked}},
		{products, by("INVENTORY"), &store.ProductFilter{InStock: new(false)}, want{name: "out of stock", index: "products_inventory products_pkey", rows: 50 * asked}},
		{products, by("NAME"), &store.ProductFilter{Category: &store.CategoryFilter{Search: new("none")}}, want{name: "no category", sorts: true}},
		{posts, by("LIKES"), &store.PostFilter{LikesMin: new(1), LikesMax: new(4)}, want{name: "likes", index: "posts_likes", rows: asked}},
		{posts, by("LIKES"), &store.PostFilter{AuthorID: &user}, want{name: "an author's posts", index: "posts_user_likes", rows: asked}},
		{posts, by("TITLE"), &store.PostFilter{CategoryID: &category}, want{name: "a category's posts", index: "posts_category_title", rows: asked}},
		{posts, by("TITLE"), &store.PostFilter{Author: &store.UserFilter{Username: new("none")}}, want{name: "no author", sorts: true}},
		{posts, by("CREATED_AT"), &store.PostFilter{CreatedBefore: new(scalar.Time(0))}, want{name: "created before", index: "posts_created_at"}},
	} {
		n := size
		p.check(c.want, func(ctx context.Context) error {
			_, err := c.page(ctx, sqldb.List{Args: relay.Args{First: &n}, Filter: c.filter, Sort: c.sort})
			return err
		})
	}
}

// relations are read by their keys, liked posts in the order of the likes' own
// index.
func (p *planning) relations() {
	liked := catalogue{"post_likes", "post_likes_user posts_pkey", nil, 10, below(p.db, store.UserLikedPosts, p.users[0])}
	p.pages(liked, nil, pages, want{name: "liked posts", index: liked.byID, rows: 2 * asked * liked.parents})

	p.check(want{name: "a product", index: "products_pkey", rows: 1}, func(ctx context.Context) error {
		_, err := store.Products.Get(ctx, p.db, relay.NewID("Product", 7))
		return err
	})
	var ids []relay.ID
	for key := range int64(100) {
		ids = append(ids, relay.NewID("Post", 100*(key+1)))
	}
	p.check(want{name: "nodes", index: "posts_pkey", rows: 100}, func(ctx context.Context) error {
		_, err := sqldb.Nodes(ctx, p.db, ids)
		return err
	})
	c, err := store.Posts.Page(p.Context(), p.db, sqldb.List{})
	if err != nil {
		p.Fatal(err)
	}
	author, err := store.PostAuthor.Of(p.Context(), p.db, c.Rows[0])
	if err != nil {
		p.Fatal(err)
	}
	p.check(want{name: "the authors' posts", index: "posts_user", rows: asked * len(c.Rows)}, func(ctx context.Context) error {
		_, err := store.UserPosts.Page(ctx, p.db, author, sqldb.List{Place: new(int)})
		return err
	})
}
