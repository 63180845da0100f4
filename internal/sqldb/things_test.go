package sqldb

import (
	"stoa/internal/relay"
	"stoa/internal/scalar"
)

// thing is a kind of row that has every type of column.
type thing struct {
	Row[thing]
	Name   string
	Size   int
	Weight int64
	Price  scalar.Cents
	Parent *int64
}

func (r *thing) Fields(f *Fields) {
	f.Add("name", &r.Name)
	f.Add("size", &r.Size)
	f.Add("weight", &r.Weight)
	f.Add("price", &r.Price)
	f.Add("parent_id", &r.Parent)
}

// box is a kind of row that things are in.
type box struct {
	Row[box]
	Label string
}

func (b *box) Fields(f *Fields) { f.Add("label", &b.Label) }

var things, boxes = described[thing]("things"), described[box]("boxes")

// described is a table that no database of Stoa's has.
func described[T any, P Record[T]](name string) *Table[T] {
	t := NewTable[T, P](name)
	delete(kinds, t.kind)
	return t
}

// thingFilter has a field of each sort that a filter can have.
type thingFilter struct {
	Combined[thingFilter]
	ParentID  *relay.ID
	ParentIDs []relay.ID
	Parent    *thingFilter
	Box       *boxFilter
	Name      *string
	SizeMin   *int
	Big       *bool
	Search    *string
}

func (f *thingFilter) Terms(w *Where) []Term {
	return []Term{
		Ref(w, "parentId", "t.parent_id", things, f.ParentID),
		Refs(w, "parentIds", "t.parent_id", things, f.ParentIDs),
		Related(w, "parent", "t.parent_id", things, f.Parent),
		Related(w, "box", "t.box_id", boxes, f.Box),
		Is(w, "t.name = ?", f.Name),
		Cmp(w, "t.size >= ?", f.SizeMin),
		w.If("t.size > 9", "t.size <= 9", f.Big),
		w.Words("search", f.Search),
	}
}

type boxFilter struct {
	Combined[boxFilter]
	Search *string
}

func (f *boxFilter) Terms(w *Where) []Term { return []Term{w.Words("search", f.Search)} }

func thingID(key int64) relay.ID { return relay.NewID("thing", key) }
