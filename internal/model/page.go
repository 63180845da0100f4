package model

// Window says which part of a list a page shows: the first or the last rows
// strictly between two positions. Neither First nor Last means the first 10; a
// nil position is no bound. A position's row need not be in the list.
type Window struct {
	First, Last   *int
	After, Before Row
}

// Page is a part of a list.
type Page struct {
	Rows                 []Row
	HasNext, HasPrevious bool
}

// Paginate cuts a page out of a list that is in the order of s. HasNext and
// HasPrevious tell whether the list has a row on that side of the page; a page
// without rows lies where its first row would have been sought: right after
// After when paging forward, right before Before when paging backward.
func Paginate(list []Row, s Sort, w Window) Page {
	from, to := 0, len(list)
	for w.After != nil && from < len(list) && s.Compare(list[from], w.After) <= 0 {
		from++
	}
	for w.Before != nil && to > 0 && s.Compare(list[to-1], w.Before) >= 0 {
		to--
	}
	if w.Last != nil {
		from = max(from, to-*w.Last)
		from = min(from, to)
	} else {
		size := 10
		if w.First != nil {
			size = *w.First
		}
		to = min(to, from+size)
		to = max(from, to)
	}
	return Page{Rows: list[from:to], HasNext: to < len(list), HasPrevious: from > 0}
}

// Stats is a ProductStats; prices are in cents, nil without a product.
type Stats struct {
	Count                        int64
	PriceMin, PriceMax, PriceAvg *int64
	InventorySum                 int64
}

// StatsOf sums up products. The average is rounded half up.
func StatsOf(list []Row) Stats {
	s := Stats{Count: int64(len(list))}
	sum := int64(0)
	for _, r := range list {
		p := r.(*Product)
		sum += p.Price
		s.InventorySum += p.Inventory
		if s.PriceMin == nil || p.Price < *s.PriceMin {
			s.PriceMin = &p.Price
		}
		if s.PriceMax == nil || p.Price > *s.PriceMax {
			s.PriceMax = &p.Price
		}
	}
	if s.Count > 0 {
		average := (2*sum + s.Count) / (2 * s.Count)
		s.PriceAvg = &average
	}
	return s
}
