package graph

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// tell says what each of the subscriptions is told of a change. The row is read
// once for all of them, and what is selected of it once for those who asked
// alike, so that the statements depend on the distinct selections alone. An
// error is that the database was away: nobody has been told anything.
func (a *API) tell(ctx context.Context, c *sqldb.Change, to []*Subscription) (told []Told, err error) {
	ctx = WithRequestID(ctx, rand.Text())
	told = make([]Told, len(to))
	defer func() {
		if cause := recover(); cause != nil {
			for i, s := range to {
				told[i] = Told{To: s, Err: a.recovered(ctx, cause)}
			}
		}
	}()
	if a.EventTimeout > 0 {
		limited, cancel := context.WithTimeout(ctx, a.EventTimeout)
		defer cancel()
		ctx = limited
	}
	viewers, err := a.standing(ctx, to)
	if err != nil {
		return nil, err
	}
	var classes []*class
	byWish := map[[32]byte]*class{}
	for i, s := range to {
		told[i] = Told{To: s, Cursor: c.Place.Cursor()}
		viewer := viewers[s.Of.login]
		if s.Of.login != 0 && viewer == nil {
			told[i].Err = auth.Refused()
			continue
		}
		its := byWish[s.Of.alike]
		if its == nil {
			its = &class{operation: s.Of.operation, personal: s.Of.personal, told: map[auth.Viewer][]*Told{}}
			byWish[s.Of.alike], classes = its, append(classes, its)
		}
		its.add(viewer, &told[i])
	}
	news := store.NewNews(ctx, a.DB, c)
	for _, its := range classes {
		if err := a.tellAlike(ctx, its, news); err != nil {
			return nil, err
		}
	}
	for i := range told {
		if t := &told[i]; t.Payload != nil {
			t.Err = t.To.Of.Spend(t.To.Of.operation.Cost)
		}
	}
	return told, nil
}

// standing are the viewers of the subscriptions, by their log-ins.
func (a *API) standing(ctx context.Context, to []*Subscription) (map[int64]*auth.Viewer, error) {
	logins := map[int64]bool{}
	for _, s := range to {
		if s.Of.login != 0 {
			logins[s.Of.login] = true
		}
	}
	if len(logins) == 0 {
		return nil, nil
	}
	return a.accounts.Standing(ctx, slices.Sorted(maps.Keys(logins)))
}

// class is those who asked alike.
type class struct {
	operation *Operation
	personal  bool
	told      map[auth.Viewer][]*Told // by who asks, where it matters; the zero viewer is nobody
}

func (c *class) add(viewer *auth.Viewer, t *Told) {
	var who auth.Viewer
	if viewer != nil && c.personal {
		who = auth.Viewer{Key: viewer.Key, Admin: viewer.Admin}
	}
	c.told[who] = append(c.told[who], t)
}

// tellAlike writes what the class is told. Rows that were deleted while they
// were read are asked for once more.
func (a *API) tellAlike(ctx context.Context, c *class, news *store.News) error {
	for n := 1; ; n++ {
		err := a.tellOnce(ctx, c, news.Alone())
		if !errors.Is(err, sqldb.ErrVanished) || n == maxRuns {
			return err
		}
		news = store.NewNews(ctx, a.DB, &news.Change)
	}
}

func (a *API) tellOnce(ctx context.Context, c *class, news *store.News) error {
	var keys []int64
	for who := range c.told {
		if who.Key != 0 {
			keys = append(keys, who.Key)
		}
	}
	ctx = sqldb.Beside(ctx, slices.Sorted(slices.Values(keys)))
	for who, told := range c.told {
		as := ctx
		if who.Key != 0 {
			as = auth.With(ctx, &who)
		}
		response, refused := a.ask(as, c.operation, &asking{news: news})
		if refused != nil {
			response = &Response{Errors: refused}
		}
		if response == nil {
			continue // nothing is left to tell of
		}
		if err := passing(response.Errors); err != nil {
			return err
		}
		payload := a.Encode(response)
		for _, t := range told {
			t.Payload = payload
		}
	}
	return nil
}

// passing is the first error that may be gone if one asks again, nil where there
// is none.
func passing(errs gqlerror.List) error {
	for _, e := range errs {
		var f *fault.Error
		if errors.As(e, &f) && f.Code == fault.Unavailable || again(e) {
			return e
		}
	}
	return nil
}

// viewersOwn are the fields that other viewers see otherwise.
var viewersOwn = map[string]bool{"User.email": true, "User.role": true, "Post.viewerHasLiked": true}

// personal tells whether what is selected may depend on who asks: by its fields
// or by a filter, some of which are for admins only.
func personal(set ast.SelectionSet) bool {
	for f := range fields(set) {
		if viewersOwn[nameOf(f)] || f.Arguments.ForName("filter") != nil {
			return true
		}
	}
	return false
}

// nameOf is the field's name with its type's, as in "User.email".
func nameOf(f *ast.Field) string { return f.ObjectDefinition.Name + "." + f.Name }
